"""Tests of core.worker."""
