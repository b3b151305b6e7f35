"""Tests of core.recorder."""
