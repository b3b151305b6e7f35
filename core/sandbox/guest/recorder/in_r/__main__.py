"""`python -m` of this package."""

from __future__ import annotations

from .host import main

main()
