"""Tests of core.quiet."""
