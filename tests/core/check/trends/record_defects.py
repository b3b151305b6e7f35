"""Records what planted defects do to trends: `python -m tests.core.check.trends.record_defects`.

Each defect is seeded into the spec of a section and run natively with a few seeds on TensorFlow, on
the embedded digits and at the guide's length; `defects.json` beside this file holds the trends.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import attrs

from core.check.golden.store import dump_lines
from core.check.trends.recorded import SeedRun, seed_run
from core.run.backends.registry import PINNED, open_backend, process_environment
from core.run.data import load_data
from core.run.runner import Runner, RunOptions, Session
from core.site.breaking.seeded import Change, changed
from core.spec import Scenario, ops
from core.spec.catalog import Catalog
from core.spec.kinds import Op
from core.storage import write_atomically
from core.trace.decoding import strict_converter, structured
from core.trace.encoding import Json, plain
from tests.conftest import REPOSITORY

FILE = Path(__file__).with_name("defects.json")
SECTIONS = ("keras_io_tf/metrics", "multi_backend/metrics")
SEEDS = range(501, 517)
MARK = "PARITY_RECORDS_DEFECTS"
Found = Mapping[str, Mapping[str, tuple[SeedRun, ...]]]
"""Runs by section and defect."""


def rate(by: float) -> Change:
    """The learning rate times a factor."""

    def change(op: Op) -> tuple[Op, ...]:
        if not isinstance(op, ops.MakeOptimizer):
            return (op,)
        faster = attrs.evolve(op.optimizer, learning_rate=by * op.optimizer.learning_rate)
        return (attrs.evolve(op, optimizer=faster),)

    return change


def never_reset(op: Op) -> tuple[Op, ...]:
    """No metric is reset."""
    return () if isinstance(op, ops.ResetMetric) else (op,)


DEFECTS: Mapping[str, Change] = {
    "never reset": never_reset,
    "rate halved": rate(0.5),
    "rate doubled": rate(2.0),
}


def runs(scenario: Scenario, change: Change) -> Iterator[SeedRun]:
    """The trends of a section with a defect."""
    broken = changed(scenario, change)
    assert broken != scenario
    for seed in SEEDS:
        session = Session(
            open_backend("tensorflow", "float32"), load_data("digits"), RunOptions(seed=seed)
        )
        yield seed_run(Runner(session).run(broken))


def read() -> Found:
    """What was recorded."""
    converter = strict_converter(SeedRun)
    held = json.loads(FILE.read_text(encoding="utf-8"))
    return {
        section: {
            defect: tuple(structured(converter, each, SeedRun) for each in found)
            for defect, found in defects.items()
        }
        for section, defects in held.items()
    }


def main() -> int:
    """Runs everything and writes the file."""
    if MARK not in os.environ:
        environment = {**process_environment("tensorflow", PINNED), MARK: "1"}
        command = [sys.executable, "-m", "tests.core.check.trends.record_defects"]
        os.execve(sys.executable, command, environment)
    document: dict[str, Json] = {}
    for scenario in Catalog.load(REPOSITORY).select(SECTIONS):
        document[scenario.id] = {
            name: [plain(run) for run in runs(scenario, change)] for name, change in DEFECTS.items()
        }
    write_atomically(FILE, dump_lines(document))
    return 0


if __name__ == "__main__":
    sys.exit(main())
