"""Tests of core.upgrade.page."""
