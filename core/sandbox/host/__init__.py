"""Executing a document's cells in a process of their own that can do no harm.

`run(program)` copies the document's folder, starts the recorder there behind the guards that this
machine can give, and returns what was recorded, however the document ended.
"""

from core.sandbox.host.limits import Limits
from core.sandbox.host.program import Program
from core.sandbox.host.record import ExecutionRecord, GuardState
from core.sandbox.host.run import run

__all__ = [
    "ExecutionRecord",
    "GuardState",
    "Limits",
    "Program",
    "run",
]
