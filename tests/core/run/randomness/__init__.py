"""Tests of `core.run.randomness`."""
