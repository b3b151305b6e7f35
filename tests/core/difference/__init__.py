"""Tests of core.difference."""
