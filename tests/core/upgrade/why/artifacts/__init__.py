"""Tests of core.upgrade.why.artifacts."""
