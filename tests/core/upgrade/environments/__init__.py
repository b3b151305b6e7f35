"""Tests of core.upgrade.environments."""
