"""Tests of `core.check.reference`."""
