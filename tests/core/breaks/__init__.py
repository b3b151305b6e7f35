"""Tests of core.breaks."""
