"""Tests of core.upgrade.why.meanings."""
