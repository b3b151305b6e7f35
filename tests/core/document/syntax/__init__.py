"""Tests of `core.document.syntax`."""
