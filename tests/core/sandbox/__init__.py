"""Tests of core.sandbox."""
