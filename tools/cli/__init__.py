"""The `parity` command line: thin verbs over `core`."""
