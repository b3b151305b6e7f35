"""Tests of `core.catalog`."""
