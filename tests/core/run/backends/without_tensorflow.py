"""Runs two steps of a scenario with TensorFlow made impossible to import; prints the losses.

Run as a program: `python -m tests.core.run.backends.without_tensorflow BACKEND DATA`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType


class Hiding(PathFinder):
    """Finds modules on the path as Python does, but no TensorFlow, as where it is not installed."""

    @classmethod
    def find_spec(
        cls, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module's spec; None for TensorFlow."""
        if fullname.partition(".")[0] == "tensorflow":
            return None
        return super().find_spec(fullname, path, target)


def main() -> None:
    """Runs and prints."""
    sys.meta_path[:] = [Hiding if finder is PathFinder else finder for finder in sys.meta_path]
    from core.run.backends.registry import open_backend
    from core.run.data import load_data
    from core.run.runner import Runner, RunOptions, Session
    from scenarios.keras_io_tf import SCENARIOS

    options = RunOptions(seed=8, randomness="controlled", steps=2)
    session = Session(open_backend(sys.argv[1], "float32"), load_data(sys.argv[2]), options)
    trace = Runner(session).run(SCENARIOS[0])
    assert "tensorflow" not in sys.modules
    sys.stdout.write(json.dumps(trace.losses))


if __name__ == "__main__":
    main()
