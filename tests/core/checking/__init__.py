"""Tests of `core.checking`."""
