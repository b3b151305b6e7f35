"""Tests of `core.check.judging`."""
