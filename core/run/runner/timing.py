"""How much faster a compiled step is than an eager one, as a ratio measured in one process."""

from __future__ import annotations

import statistics
import time

import numpy as np

from core.run.backends.protocol import Segment
from core.run.runner.runner import step_runner
from core.run.runner.session import Session
from core.spec import Scenario

ROUNDS = 5
STEPS = 12


def measure_speedup(session: Session, scenario: Scenario) -> float:
    """Eager seconds per step over graph seconds per step.

    Both modes run a few steps over the same batches in turn, several times, and the ratio is the
    median over rounds, so that a machine that slows down for a moment slows both. Every variable
    is set back afterwards.
    """
    run = step_runner(session, scenario)
    dataset = session.dataset(scenario, scenario.loop.dataset)
    indices = np.arange(STEPS * dataset.batch, dtype=np.int64).reshape(STEPS, dataset.batch)
    handles = session.stateful(scenario)
    saved = session.backend.snapshot(handles, session.state)
    seconds: dict[str, list[float]] = {"eager": [], "graph": []}
    for turn in range(ROUNDS + 1):
        for execution, times in seconds.items():
            started = time.perf_counter()
            _, session.state = run(execution).run(Segment(indices), session.state)
            if turn:  # the first turn compiles
                times.append(time.perf_counter() - started)
    session.state = session.backend.restore(handles, saved, session.state)
    pairs = zip(seconds["eager"], seconds["graph"], strict=True)
    return statistics.median(eager / graph for eager, graph in pairs)
