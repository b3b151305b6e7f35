"""Executing a document's cells in a process of their own that can do no harm.

`run(program)` copies the document's folder, starts the recorder there behind the guards that this
machine can give, and returns what was recorded, however the document ended.
"""

from core.sandbox.limits import Limits
from core.sandbox.program import Program, program_of
from core.sandbox.record import CellError, CellResult, Cut, ExecutionRecord, GuardState
from core.sandbox.run import run

__all__ = [
    "CellError",
    "CellResult",
    "Cut",
    "ExecutionRecord",
    "GuardState",
    "Limits",
    "Program",
    "program_of",
    "run",
]
