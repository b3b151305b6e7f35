"""The honest variations of a run: what may differ between two machines, and means nothing."""

from __future__ import annotations

import attrs
from attrs import frozen

from core.run.backends.arithmetic import THREADS, Arithmetic
from core.run.runner.options import RunOptions


@frozen
class Variation:
    """One way in which an honest run may differ from the golden.

    Attributes:
        name: what differs, for reports and files.
        nudge: units in the last place by which initial weights move.
        other_threads: another number of threads than the pinned one.
        kernels: the choice of kernels (`core.run.backends.arithmetic.KERNELS`).
        processor: the processor to emulate; empty for the machine's own.
    """

    name: str
    nudge: int = 0
    other_threads: bool = False
    kernels: str = "portable"
    processor: str = ""

    def options(self, options: RunOptions) -> RunOptions:
        """The run's options under this variation."""
        return attrs.evolve(options, nudge=self.nudge)

    def arithmetic(self, backend: str) -> Arithmetic:
        """The process's arithmetic under this variation."""
        # 1 becomes 2, and 2 becomes 1.
        threads = 3 - THREADS[backend] if self.other_threads else None
        return Arithmetic(threads, self.kernels, self.processor)


BASE = Variation("as pinned")
VARIATIONS = (
    Variation("weights one unit in the last place away", nudge=1),
    Variation("1 thread for 2, or 2 for 1", other_threads=True),
    Variation("other kernels (oneDNN)", kernels="varied"),
)


def on_processor(model: str) -> Variation:
    """The run as pinned, on an emulated processor; on the machine's own where none is named."""
    return Variation(f"emulated {model}", processor=model) if model else BASE
