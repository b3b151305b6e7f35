"""A scenario's step in NumPy, double precision: what the backends are measured against."""
