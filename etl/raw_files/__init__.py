"""Raw files of tables: every form becomes a page of text with the cells' places."""
