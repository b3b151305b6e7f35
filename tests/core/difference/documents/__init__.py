"""Tests of core.difference.documents."""
