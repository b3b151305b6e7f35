"""Tests of core.upgrade.jobs."""
