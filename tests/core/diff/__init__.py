"""Tests of core.diff."""
