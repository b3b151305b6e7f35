"""Tests: they mirror `core`, and add laws, command-line and repository checks."""
