"""Tests of core.document."""
