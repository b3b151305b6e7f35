"""Recorded traces and published claims."""
