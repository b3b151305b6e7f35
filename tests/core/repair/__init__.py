"""Tests of core.repair."""
