"""The finding of a file among the goldens that cannot be read."""

from __future__ import annotations

from core.errors import ParityError
from core.trace.finding import Finding, FindingCode


def unreadable(error: ParityError) -> Finding:
    """The finding of a golden or claim file that cannot be read."""
    return Finding(
        code=FindingCode.GOLDEN_UNREADABLE,
        where=error.where,
        message=error.what,
        evidence=f"expected {error.expected}",
        remedy=error.remedy,
    )
