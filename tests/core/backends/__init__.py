"""Tests of core.backends."""
