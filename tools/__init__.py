"""The command line and the repository's own tools."""
