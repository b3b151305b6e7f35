"""Rehearsing an upgrade: the same scenarios in two or more environments, and what changed."""
