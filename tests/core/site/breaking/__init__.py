"""Tests of core.site.breaking."""
