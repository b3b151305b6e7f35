"""Tests of `core.trace`."""
