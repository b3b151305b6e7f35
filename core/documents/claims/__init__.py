"""Figures in published outputs."""
