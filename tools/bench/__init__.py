"""Benchmarks: how the runner compares with hand-written loops, `fit` and bare arithmetic."""
