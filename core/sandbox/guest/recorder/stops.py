"""What ends a cell from within: no `Exception`, so that `except Exception` lets it pass."""

from __future__ import annotations


class Stop(BaseException):
    """The recorder ends this cell."""


class BudgetStop(Stop):
    """The step budget is used up and the loop has no data iterator that could be ended."""


class TimeStop(Stop):
    """The cell took longer than it may."""


class OutputStop(Stop):
    """The cell prints without end."""
