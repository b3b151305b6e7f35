"""Tests of `core.document.claims`."""
