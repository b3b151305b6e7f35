"""Tests of core.site.sheets."""
