"""Tests of `core.run.runner`."""
