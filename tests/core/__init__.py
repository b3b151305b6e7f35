"""Tests of `core`, module by module."""
