"""Tests of `core.check.golden`."""
