"""Tests of core.inside."""
