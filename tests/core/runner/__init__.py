"""Tests of `core.runner`."""
