"""Tests of `core.compare`."""
