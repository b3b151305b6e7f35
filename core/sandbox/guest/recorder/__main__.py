"""`python -m` of this package."""

from __future__ import annotations

from .program import main

main()
