"""Tests of core.run.backends."""
