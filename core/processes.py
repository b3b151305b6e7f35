"""Programs of ours in processes of their own."""

from __future__ import annotations

import sys
from pathlib import Path

from core import run_module


def program(module: str, *arguments: str) -> list[str]:
    """The command that runs one of our modules with this interpreter.

    It works in every folder and with every PYTHONPATH; what starts with `python -m` takes the
    packages of the folder it is started in for ours.

    Args:
        module: its dotted name.
        arguments: what the module is given.
    """
    return [sys.executable, "-P", str(Path(run_module.__file__)), module, *arguments]
