"""Checking a run: goldens, comparison, the rounding horizon, the judgement."""
