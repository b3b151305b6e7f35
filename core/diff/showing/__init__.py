"""A comparison shown: in a pipe, on a terminal, as a page."""
