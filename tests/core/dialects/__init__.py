"""Tests of core.dialects."""
