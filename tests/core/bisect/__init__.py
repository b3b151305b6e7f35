"""Tests of core.bisect."""
