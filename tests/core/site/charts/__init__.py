"""Tests of core.site.charts."""
