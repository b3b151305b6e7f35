"""The scenarios: one folder per guide, one module per section, data only.

Each guide's package holds `GUIDE`, `SCENARIOS` (in the guide's order) and `DEFECTS`.
"""
