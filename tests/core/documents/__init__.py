"""Tests of core.documents."""
