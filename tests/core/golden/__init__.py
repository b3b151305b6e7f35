"""Tests of `core.golden`."""
