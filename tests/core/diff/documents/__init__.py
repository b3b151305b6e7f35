"""Tests of core.diff.documents."""
