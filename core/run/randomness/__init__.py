"""Controlled randomness: every draw is addressed, none is consumed."""
