"""Tests of core.control."""
