"""Tests of core.sandbox.host."""
