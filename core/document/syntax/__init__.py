"""Statements of Python and R, by their parsers."""
