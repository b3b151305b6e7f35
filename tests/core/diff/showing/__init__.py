"""Tests of core.diff.showing."""
