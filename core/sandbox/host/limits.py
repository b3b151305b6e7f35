"""How far a document may go."""

from __future__ import annotations

from collections.abc import Mapping

import psutil
from attrs import field, frozen, validators

MEBIBYTE = 1 << 20
GIBIBYTE = 1 << 30


def _default_memory() -> int:
    """Three quarters of this machine's memory, 8 GiB at most."""
    return min(8 * GIBIBYTE, int(psutil.virtual_memory().total * 0.75))


@frozen
class Limits:
    """Limits of one execution. The first two end loops early; the others end what goes beyond.

    Attributes:
        max_steps: training steps of the whole document.
        cell_steps: training steps of single cells, by their index.
        budget: seconds after which training loops are ended early; None for no such limit.
        seconds: seconds after which everything is ended.
        cell_seconds: seconds after which a cell is interrupted; the next one then runs.
        memory: bytes of one process's data, and of all processes together.
        disk: bytes in the throw-away folder; one file may have a quarter of them.
        processes: processes at a time.
        output: characters kept of what one cell prints.
        copied: bytes of the document's folder that are copied.
    """

    max_steps: int = field(default=20_000, validator=validators.ge(1))
    cell_steps: Mapping[int, int] = field(factory=dict)
    budget: float | None = field(default=None, validator=validators.optional(validators.gt(0)))
    seconds: float = field(default=3600.0, validator=validators.gt(0))
    cell_seconds: float = field(default=1800.0, validator=validators.gt(0))
    memory: int = field(factory=_default_memory, validator=validators.ge(64 * MEBIBYTE))
    disk: int = field(default=4 * GIBIBYTE, validator=validators.ge(MEBIBYTE))
    processes: int = field(default=256, validator=validators.ge(1))
    output: int = field(default=1_000_000, validator=validators.ge(1000))
    copied: int = field(default=256 * MEBIBYTE, validator=validators.ge(0))
