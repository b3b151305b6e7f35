"""Tests of `core.spec`."""
