"""Tests of core.upgrade."""
