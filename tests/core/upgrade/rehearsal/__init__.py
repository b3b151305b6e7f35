"""Tests of core.upgrade.rehearsal."""
