"""Tests of core.run."""
