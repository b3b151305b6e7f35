"""Tests of `core.check.compare`."""
