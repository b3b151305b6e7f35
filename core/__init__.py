"""The nouns of Loop Parity: specs, runner, backends, traces, goldens and their comparison.

Importing `core` or any module of it imports no deep-learning framework; only calling a backend does.
"""
