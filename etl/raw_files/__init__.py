"""Raw files of tables of figures: each form becomes one page of text, with the places of its cells."""
