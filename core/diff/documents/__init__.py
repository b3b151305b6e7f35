"""Somebody's own loop, read from a document or run, beside a declared section or its `fit`."""
