"""Tests of core.difference.showing."""
