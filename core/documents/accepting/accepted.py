"""A finding that somebody has accepted."""

from __future__ import annotations

from datetime import date

from attrs import frozen

from core.trace.finding import Finding


@frozen
class Accepted:
    """A finding, and why it does not fail.

    Attributes:
        finding: what was found.
        reason: why it is accepted.
        expires: the last day on which it is.
    """

    finding: Finding
    reason: str
    expires: date
