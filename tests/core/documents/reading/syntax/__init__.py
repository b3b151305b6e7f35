"""Tests of `core.documents.reading.syntax`."""
