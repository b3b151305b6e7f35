"""Measures what the seeded defects do: `python -m tools.measure_defects [DEFECT…]`.

Each defect is run once by the runner: three epochs of 400 steps on 12,800 images of the embedded
digits, with 10,000 for validation, under controlled randomness, on TensorFlow. The result is
written to `core/site/breaking/measured.json`, from which the site is built; with defects named,
only those are run and the others kept. It takes about two minutes on two idle cores.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.check.golden.store import dump_lines
from core.processes import program
from core.run.backends.registry import open_backend, process_environment
from core.run.data import ImageData, load_data
from core.run.runner import Runner, RunOptions, Session
from core.site.breaking.measured import FILE, WINDOW
from core.site.breaking.seeded import BASE, Seeded, seeded
from core.spec.catalog import Catalog
from core.storage import write_atomically
from core.trace import Trace
from core.trace.encoding import Json, plain

BACKEND, SEED = "tensorflow", 1
TRAINING, VALIDATION = 12_800, 10_000
REPOSITORY = Path(__file__).resolve().parents[1]


def images(kind: str) -> ImageData:
    """The first images of the embedded digits; `sorted` puts those for training in label order."""
    whole = load_data("digits")
    order: NDArray[np.int64] = np.arange(TRAINING + VALIDATION)
    if kind == "sorted":
        order[:TRAINING] = np.argsort(whole.y_train[:TRAINING], kind="stable")
    return ImageData.from_arrays(
        f"digits, {kind}",
        whole.x_train[order],
        whole.y_train[order],
        whole.x_test,
        whole.y_test,
    )


def run(one: Seeded) -> Trace:
    """One defect's trace."""
    options = RunOptions(seed=SEED, randomness="controlled", execution="fused")
    return Runner(Session(open_backend(BACKEND, "float32"), images(one.data), options)).run(
        one.scenario
    )


def _document(traces: dict[str, Trace], kept: dict[str, Json]) -> Json:
    """The file: what was run now, and what is kept of earlier runs."""
    any_trace = next(iter(traces.values()))
    measured = {name: _curve(trace) for name, trace in traces.items()}
    return {
        "format": 1,
        "command": "python -m tools.measure_defects",
        "section": BASE,
        "backend": BACKEND,
        "seed": SEED,
        "training_images": TRAINING,
        "validation_images": VALIDATION,
        "window": WINDOW,
        "steps_per_epoch": any_trace.steps_per_epoch,
        "environment": plain(any_trace.environment),
        "curves": kept | measured,
    }


def _curve(trace: Trace) -> Json:
    return {
        "first": trace.losses["loss"][0],
        "losses": [round(value, 5) for value in _means(trace.losses["loss"])],
        "metrics": {name: [round(v, 4) for v in values] for name, values in trace.metrics.items()},
    }


def _means(losses: tuple[float, ...]) -> list[float]:
    return [
        float(np.mean(losses[start : start + WINDOW])) for start in range(0, len(losses), WINDOW)
    ]


def main() -> None:
    """Runs every defect and writes the file."""
    wanted = process_environment(BACKEND)
    if any(os.environ.get(name) != value for name, value in wanted.items()):
        again = program("tools.measure_defects", *sys.argv[1:])
        os.execve(sys.executable, again, wanted)  # noqa: S606
    (section,) = Catalog.load(REPOSITORY).select([BASE])
    every = list(seeded(section))
    asked = sys.argv[1:] or [one.id for one in every]
    kept: dict[str, Json] = {}
    if sys.argv[1:]:
        kept = json.loads(FILE.read_text(encoding="utf-8"))["curves"]
    traces: dict[str, Trace] = {}
    for one in every:
        if one.id in asked:
            traces[one.id] = run(one)
            sys.stderr.write(f"{one.id}: {traces[one.id].losses['loss'][-1]:.4f}\n")
            write_atomically(FILE, dump_lines(_document(traces, kept)))


if __name__ == "__main__":
    main()
