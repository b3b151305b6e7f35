"""The nouns of Loop Parity: specs, runner, backends, traces, goldens and their comparison.

Importing `core` or any module of it imports no framework; only opening a backend does.
"""
