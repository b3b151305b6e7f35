"""Tests of `core.spec.ops`."""
