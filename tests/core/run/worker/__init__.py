"""Tests of core.run.worker."""
