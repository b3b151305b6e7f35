"""Tests of `core.documents.reading`."""
