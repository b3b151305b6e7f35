"""Tests of core.check."""
