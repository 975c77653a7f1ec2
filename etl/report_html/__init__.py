"""Pages that people look at: the report of a warehouse as one HTML file, with its tables, charts and index of figures."""
