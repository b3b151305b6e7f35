"""Tests of `core.randomness`."""
