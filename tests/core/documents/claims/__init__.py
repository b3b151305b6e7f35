"""Tests of `core.documents.claims`."""
