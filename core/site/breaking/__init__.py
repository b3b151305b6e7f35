"""Seeded defects: specs changed in one place, what they do to the curve, measured once."""
