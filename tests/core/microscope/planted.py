"""A program that looks for planted differences on one backend and prints where it finds them.

Run as `python -m tests.core.microscope.planted BACKEND`: Keras fixes its backend at import.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from core.backends.protocol import Backend
from core.backends.registry import open_backend
from core.microscope.ledger import Ledger
from core.microscope.local import LocalSide
from core.microscope.locate import locate
from core.microscope.look import Compared
from core.microscope.result import Located
from core.runner import RunOptions
from core.spec import Scenario
from tests.core.microscope.every_op import EVERY, images
from tests.core.microscope.mutations import MUTATIONS


def look(backend: Backend, scenario: Scenario, a: str, b: str, steps: int) -> Located:
    """The scenario with every op in one mode, compared with another scenario in another mode."""
    data = images()

    def side(scenario: Scenario, execution: str) -> LocalSide:
        options = RunOptions(seed=4, randomness="controlled", execution=execution, steps=steps)
        return LocalSide(scenario, backend, data, options, free=False)

    sides = side(EVERY, a), side(scenario, b)
    names = (backend.name, backend.name)
    compared = Compared(EVERY, scenario, names, ("float32", "float32"), Ledger())
    with tempfile.TemporaryDirectory() as folder:
        opened = (sides[0].open(), sides[1].open())
        return locate(*sides, compared, opened, Path(folder))


def main() -> None:
    """Looks and prints: one line of JSON."""
    backend = open_backend(sys.argv[1], "float32")
    found: dict[str, object] = {}
    for planted in MUTATIONS:
        located = look(backend, planted.scenario, "eager", "eager", 1)
        place = located.unexplained
        found[f"{planted.kind} {planted.what}"] = place and [place.op, place.tensor, place.step]
    same = look(backend, EVERY, "eager", "eager", 3)
    found["same"] = [same.verdict, same.steps]
    other = look(backend, EVERY, "graph", "fused", 3)
    found["graph against fused"] = [other.verdict, other.steps]
    modes = look(backend, EVERY, "eager", "graph", 3)
    found["eager against graph"] = [modes.verdict, modes.steps, modes.share]
    print(json.dumps(found))  # noqa: T201 - the program's answer


if __name__ == "__main__":
    main()
