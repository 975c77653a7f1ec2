"""The raw files of tables of figures, in whatever form: each becomes one page of text, with the places of its cells."""
