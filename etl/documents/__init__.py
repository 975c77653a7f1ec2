"""Documents: the figures that they print, and which cells take them."""
