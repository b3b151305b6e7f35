"""Tests of core.attribution."""
