"""Measuring leaks: every probe on a backend in float64, against the reference in NumPy.

Run as `python -m tools.measure_leaks.measuring BACKEND`; it prints the sizes as one line of JSON.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from core.diff.microscope.difference import difference
from core.diff.microscope.local import LocalSide
from core.diff.microscope.side import STATE, ArrayFile, write_arrays
from core.run.backends.arithmetic_kinds import tap_kinds
from core.run.backends.protocol import Array, Backend
from core.run.backends.reference.step import ReferenceStep
from core.run.backends.registry import open_backend
from core.run.runner import RunOptions
from core.run.runner.taps import Tap, positions
from core.spec import ops
from core.spec.reading import READINGS
from tools.measure_leaks.probes import BATCH, PROBES, Probe, images, variables

Sizes = dict[str, float]


def measure(backend: Backend) -> dict[str, Sizes]:
    """The largest relative difference from the reference by kind and part."""
    return {probe.kind: measure_probe(probe, backend) for probe in PROBES}


def measure_probe(probe: Probe, backend: Backend) -> Sizes:
    """The parts of one probe: `output`, `gradient`, `weight`, `velocity`, … (first words of taps).

    Each part is measured from random variables and from those of a fresh training.
    """
    options = RunOptions(
        seed=5, randomness="controlled", execution="eager", precision=backend.precision, steps=1
    )
    side = LocalSide(probe.scenario, backend, images(), options)
    side.open()
    found: Sizes = {}
    with tempfile.TemporaryDirectory(prefix="parity-") as folder:
        begin, out = Path(folder, "begin.npz"), Path(folder, "out.npz")
        side.start(begin)
        like = _state(begin)
        for fresh in (True, False):
            given = {f"{STATE}{n}": a for n, a in variables(like, fresh=fresh).items()}
            write_arrays(begin, given)
            side.step(0, out, begin)
            taps = ArrayFile(out)
            reference = ReferenceStep(probe.scenario, BATCH, READINGS[backend.name])
            expected = reference.run(taps.state(), side.inputs(), taps)
            for part, size in _sizes(probe, taps, expected).items():
                found[part] = max(found.get(part, 0.0), size)
            taps.close()
    return found


def _state(path: Path) -> dict[str, Array]:
    file = ArrayFile(path)
    try:
        return file.state()
    finally:
        file.close()


def _sizes(probe: Probe, taps: ArrayFile, expected: Mapping[str, Array]) -> Sizes:
    sequence = dict(positions(probe.scenario.step))
    found: Sizes = {}
    for name, value in expected.items():
        tap = Tap.named(name)
        op = sequence[tap.op]
        own = isinstance(op, probe.op) and probe.kind in tap_kinds(probe.scenario, op, tap.part)
        if not own and not isinstance(op, ops.Gradients):
            continue
        word = tap.part.partition(" ")[0]
        part = "output" if word in ("value", "layer") else word
        found[part] = max(found.get(part, 0.0), difference(taps[name], np.asarray(value)))
    return found


def main() -> None:
    """Measures the backend that is named."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # a stray print must not break the answer
    answers.write(json.dumps(measure(open_backend(sys.argv[1], "float64"))) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
