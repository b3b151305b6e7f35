"""Tests of `core.document.formats`."""
