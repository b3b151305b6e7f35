"""Dialects: printers from a scenario's spec to complete programs; nothing is executed."""

from core.dialects.options import Printing
from core.dialects.program import Program, Statement, Watch
from core.dialects.registry import DIALECTS, Dialect, dialect, own_dialect, printed

__all__ = [
    "DIALECTS",
    "Dialect",
    "Printing",
    "Program",
    "Statement",
    "Watch",
    "dialect",
    "own_dialect",
    "printed",
]
