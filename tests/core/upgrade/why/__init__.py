"""Tests of core.upgrade.why."""
