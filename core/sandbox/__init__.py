"""Executing a document: `host` runs here, `guest` runs in the process of the document."""
