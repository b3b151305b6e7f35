"""Guides that only the tests know; tests copy one into a folder of its own."""
