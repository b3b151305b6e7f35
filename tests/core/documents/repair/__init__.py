"""Tests of core.documents.repair."""
