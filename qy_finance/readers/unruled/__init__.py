"""Tables without ruling lines: grids from how the words of a page stand below each other."""
