"""Tests of `core.document`."""
