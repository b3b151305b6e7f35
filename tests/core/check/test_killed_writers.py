"""A writer of goldens that is killed at any moment leaves every one of them old or new."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

from attrs import evolve

from core.check.golden.store import Store, dumps
from core.check.horizon import pooled
from core.check.reference import reference
from core.check.reference.reference import Located
from tests.conftest import REPOSITORY
from tests.example_scenarios import CLASSIFIER
from tests.example_stations import horizon_of, reference_of
from tests.example_traces import GOLDEN
from tools.cli.recording_references import write_reference

KILLS = 50
KINDS = ("old", "new")
WRITER = """
import sys
from itertools import cycle
from pathlib import Path
from tests.core.check.test_killed_writers import record
for kind in cycle(("old", "new")):
    record(Path(sys.argv[1]), kind)
    print(kind, flush=True)
"""


def record(folder: Path, kind: str) -> None:
    """Writes a golden, a reference with its state and a horizon, with a mark in each."""
    Store(folder).write(evolve(GOLDEN, reason=kind))
    pooled.write(folder, CLASSIFIER.id, evolve(horizon_of(CLASSIFIER), command=kind))
    content = kind.encode() * 20_000
    state = f"late-{kind}.npz"
    held = reference_of(CLASSIFIER)
    stations = tuple(
        evolve(at, state=state) if at.state else at for at in evolve(held, reason=kind).stations
    )
    found = evolve(held, reason=kind, stations=stations)
    write_reference(folder, CLASSIFIER.id, found, {state: content})


def _kinds(folder: Path) -> set[str]:
    """Reads every file as a check does; what cannot be read raises."""
    golden = Store(folder).read(GOLDEN.key)
    horizon = pooled.read(folder, CLASSIFIER)
    held = reference.read(folder, CLASSIFIER)
    assert golden
    assert horizon
    assert held
    assert dumps(evolve(GOLDEN, reason=golden.reason)) == dumps(golden)
    located = Located(held[0].stations, held[1])
    (state,) = {Path(start.state) for start in located.starts(CLASSIFIER) if start.state}
    assert held[0].reason.encode() * 20_000 == state.read_bytes()
    return {golden.reason, horizon.command, held[0].reason}


def test_every_golden_is_old_or_new_whenever_its_writer_was_killed(tmp_path: Path) -> None:
    moments = random.Random(50)
    record(tmp_path, "old")
    for _ in range(KILLS):
        command = [sys.executable, "-c", WRITER, str(tmp_path)]
        with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            assert "old\n" == writer.stdout.readline()
            time.sleep(moments.uniform(0.0, 0.03))
            writer.kill()
        assert _kinds(tmp_path) <= set(KINDS)
