"""Saved models between releases: who reads what whom wrote, and how far predictions lie apart."""
