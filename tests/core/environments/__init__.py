"""Tests of core.environments."""
