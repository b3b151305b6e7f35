"""The benchmark program: everything in one process, measured in turn, printed as one JSON line.

Run as `python -m tools.bench.program REPOSITORY DATA WHOLE` with WHOLE 0 or 1; `parity bench` does.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from core.run.backends.registry import open_backend
from core.run.backends.tensorflow.yardsticks import Yardsticks
from core.run.data import ImageData, load_data
from core.run.runner import Runner, RunOptions, Session
from core.run.runner.runner import step_runner
from core.spec import Scenario
from core.spec.catalog import Catalog
from tools.bench.floor import Floor

ROUNDS = 5
BATCH = 32
GUIDE = "keras_io_tf"
SUPERVISED = ("first_loop", "metrics", "compiled")
# Slow ways run fewer steps per round; each round lasts long enough to time.
STEPS = {"eager": 60, "graph": 400, "fit 1": 400, "fit 32": 1536, "fused": 1536, "numpy": 1536}


def _yardsticks(data: ImageData) -> Yardsticks:
    x = np.array(data.x_train).reshape(-1, 784)
    y = np.array(data.y_train)
    return Yardsticks(x[:-10_000], y[:-10_000], x[-10_000:], y[-10_000:], BATCH)


def _runner_steps(session: Session, scenario: Scenario) -> Callable[[str, int], None]:
    from core.run.backends.protocol import Segment

    stepper = step_runner(session, scenario)
    dataset = session.dataset(scenario, scenario.loop.dataset)

    def run(execution: str, count: int) -> None:
        indices = np.arange(count * BATCH, dtype=np.int64) % dataset.count
        segment = Segment(indices.reshape(count, BATCH))
        _, session.state = stepper(execution).run(segment, session.state)

    return run


def per_step(session: Session, scenario: Scenario, yardsticks: Yardsticks) -> dict[str, float]:
    """Median microseconds per step of each way, measured in turn over several rounds."""
    runner = _runner_steps(session, scenario)
    floor = Floor(BATCH)
    ways: dict[str, Callable[[int], object]] = {
        "hand-written, eager": lambda count: yardsticks.steps("eager", count),
        "hand-written, tf.function": lambda count: yardsticks.steps("graph", count),
        "fit": lambda count: yardsticks.steps("fit 1", count),
        "fit, steps_per_execution=32": lambda count: yardsticks.steps("fit 32", count),
        "runner, eager": lambda count: runner("eager", count),
        "runner, graph": lambda count: runner("graph", count),
        "runner, fused": lambda count: runner("fused", count),
        "NumPy, matrix products alone": floor.steps,
    }
    counts = ("eager", "graph", "fit 1", "fit 32", "eager", "graph", "fused", "numpy")
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(ROUNDS + 1):
        for (name, way), kind in zip(ways.items(), counts, strict=True):
            count = STEPS[kind]
            started = time.perf_counter()
            way(count)
            if turn:  # the first turn compiles
                seconds[name].append((time.perf_counter() - started) / count)
    return {name: 1e6 * statistics.median(times) for name, times in seconds.items()}


def whole_guide(
    session: Session, scenarios: tuple[Scenario, ...], yardsticks: Yardsticks
) -> dict[str, float]:
    """Seconds of the guide's supervised part, hand-written and replayed."""
    started = time.perf_counter()
    yardsticks.whole_guide()
    by_hand = time.perf_counter() - started
    runner = Runner(session)
    started = time.perf_counter()
    for scenario in scenarios:
        runner.run(scenario)
    return {"hand-written": by_hand, "replayed": time.perf_counter() - started}


def main() -> None:
    """Measures and prints."""
    repository, data_name, whole = sys.argv[1:4]
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    data = load_data(data_name)
    catalog = Catalog.load(Path(repository))
    scenarios = catalog.select([f"{GUIDE}/{section}" for section in SUPERVISED])
    backend = open_backend("tensorflow", "float32")
    yardsticks = _yardsticks(data)
    measured: dict[str, object] = {
        "per_step": per_step(Session(backend, data, RunOptions()), scenarios[1], yardsticks)
    }
    if whole == "1":
        measured["whole_guide"] = whole_guide(
            Session(backend, data, RunOptions()), scenarios, yardsticks
        )
    answers.write(json.dumps(measured) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
