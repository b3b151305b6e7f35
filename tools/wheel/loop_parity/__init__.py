"""All that an installed Loop Parity adds to the import names of its environment.

A wheel holds `core`, `tools`, `scenarios` and `golden` in this folder; in a clone they lie at its
root, and this folder is what the clone's environment sees of it. Either way nobody meets those
names unasked: a project may have a `tools` or a `core` of its own.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

_HERE = Path(__file__).resolve().parent
ROOT = _HERE if (_HERE / "core").is_dir() else _HERE.parents[2]
"""The folder that holds `core`."""


def main() -> None:
    """The `parity` command."""
    call("tools.cli.main", "main")


def call(module: str, function: str, *arguments: object) -> object:
    """Calls a function of ours from a process that may know nothing of our packages.

    From then on they are the first that the process finds, whatever its PYTHONPATH is.

    Args:
        module: the module's dotted name, such as `tools.cli.main`.
        function: the function's name.
        arguments: what it is given.
    """
    if sys.path[0] != str(ROOT):
        sys.path.insert(0, str(ROOT))
    found: object = getattr(import_module(module), function)
    assert callable(found)
    return found(*arguments)
