"""The interpreter of an environment: this one, or another that the machine has."""

from __future__ import annotations

import platform
import sys
from pathlib import Path

from attrs import frozen

from core.upgrade.environments.uv import Uv


@frozen
class Interpreter:
    """A Python.

    Attributes:
        path: its executable.
        version: `3.11.7`.
        notes: that it is another one than asked for.
    """

    path: str
    version: str
    notes: tuple[str, ...] = ()


def this_interpreter() -> Interpreter:
    """The Python that runs Loop Parity."""
    return Interpreter(sys.executable, platform.python_version())


def find_interpreter(asked: str, uv: Uv) -> Interpreter:
    """The interpreter of a version, else this one with a note that says so. Downloads nothing."""
    here = this_interpreter()
    wanted = asked.split(".")
    if not asked or here.version.split(".")[: len(wanted)] == wanted:
        return here
    answer = uv(["python", "find", asked, "--no-python-downloads", "--system"], "")
    path = answer.out.strip()
    if answer.code == 0 and path and Path(path).exists():
        version = uv(["run", "--no-project", "--python", path, "python", "-V"], "").out
        return Interpreter(path, version.removeprefix("Python").strip() or asked)
    note = f"interpreter mismatch: Python {asked} is asked for, {here.version} is used"
    return Interpreter(here.path, here.version, (note,))
