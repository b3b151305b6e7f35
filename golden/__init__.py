"""Recorded traces and published claims, as JSON."""
