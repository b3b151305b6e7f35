"""Tests of `core.documents.reading.formats`."""
