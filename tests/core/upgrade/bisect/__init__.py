"""Tests of core.upgrade.bisect."""
