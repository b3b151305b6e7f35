"""Comparison: pure functions from traces to findings."""
