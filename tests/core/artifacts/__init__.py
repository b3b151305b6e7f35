"""Tests of core.artifacts."""
