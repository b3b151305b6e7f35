"""Bytecode, compiled once per package and shared with hard links.

uv links a package's files into every environment that has it: the same inode, the same time. So
the bytecode that belongs to a file in one environment belongs to it in every other one, and
compiling TensorFlow's thousands of modules is paid for once. (Where a traceback names a file, the
interpreter corrects the path on loading.)
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from core.errors import ExecutionError
from core.storage import os_errors_as

CACHE = "__pycache__"


def byte_compile(root: Path, others: Iterable[Path]) -> int:
    """Gives every module of an environment its bytecode.

    Args:
        root: the environment.
        others: environments to take bytecode from.

    Returns:
        How many files were shared.

    Raises:
        ExecutionError: the compiler cannot be run.
    """
    wanted = {path.name: path for path in _packages(root)}
    shared = 0
    for other in others:
        for package in _packages(other):
            mine = wanted.get(package.name)
            if mine is not None:
                shared += _share(mine, package)
                del wanted[package.name]
    python = root / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    places = [str(place) for place in _site_packages(root)]
    # Files that have current bytecode are passed over; modules that do not compile (another
    # language level's, in some packages) are no error: nothing imports them here.
    command = [str(python), "-m", "compileall", "-q", "-j", str(_jobs()), *places]
    with os_errors_as(
        ExecutionError,
        "its interpreter cannot be started",
        where=python,
        expected="an environment that uv has just made",
        remedy="run the command again",
    ):
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return shared


def _jobs() -> int:
    return max(1, min(2, os.cpu_count() or 1))


def _site_packages(root: Path) -> list[Path]:
    return [*root.glob("lib/python*/site-packages"), *root.glob("Lib/site-packages")]


def _packages(root: Path) -> Iterator[Path]:
    """The metadata folders of an environment's packages."""
    for place in _site_packages(root):
        yield from place.glob("*.dist-info")


def _share(package: Path, other: Path) -> int:
    """Links the bytecode of a package's modules from another environment's copy of them."""
    count = 0
    for name in _modules(package):
        source, mine = other.parent / name, package.parent / name
        with suppress(OSError):
            if not os.path.samestat(source.stat(), mine.stat()):
                continue  # copied, not linked: its time may differ, and bytecode holds the time
            folder = mine.parent / CACHE
            folder.mkdir(exist_ok=True)
            for made in (source.parent / CACHE).glob(f"{mine.stem}.cpython-*.pyc"):
                os.link(made, folder / made.name)
                count += 1
    return count


def _modules(package: Path) -> Iterator[str]:
    """The Python files that a package's RECORD lists."""
    try:
        lines = (package / "RECORD").read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        name = line.rsplit(",", 2)[0].strip('"')
        if name.endswith(".py") and not name.startswith((".", "/")):
            yield name
