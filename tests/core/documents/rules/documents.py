"""The documents in `tests/documents`, validated as a user would with `--exercise`."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from core.documents.program import program_of
from core.documents.reading.reader import read_document
from core.run.backends.registry import process_environment
from tests.conftest import REPOSITORY

FOLDER = REPOSITORY / "tests" / "documents"
BESIDE = ("prices.csv", "course_tools.py")  # what documents read or import
MARK = re.compile(r"finds: ([\w-]+(?:, [\w-]+)*)")


@frozen
class Found:
    """What was found in a document.

    Attributes:
        findings: line (0 for the whole document) and code, in order.
        statuses: the cells' statuses.
    """

    findings: tuple[tuple[int, str], ...]
    statuses: tuple[str, ...]


def documents(folder: str) -> list[Path]:
    """The documents of a folder."""
    return sorted(path for path in (FOLDER / folder).iterdir() if path.name not in BESIDE)


def validated(paths: Sequence[Path], folder: Path) -> dict[str, Found]:
    """What is found in each document, by file name: a process for each framework.

    Args:
        paths: the documents.
        folder: where the results are written.
    """
    by_backend: dict[str, list[Path]] = {}
    for path in paths:
        by_backend.setdefault(program_of(read_document(path)).chosen_backend(), []).append(path)
    running = [
        (backend, _begin(backend, mine, folder / backend)) for backend, mine in by_backend.items()
    ]
    found: dict[str, Found] = {}
    for backend, process in running:
        _, errors = process.communicate()
        assert 0 == process.returncode, errors
        fields = json.loads((folder / backend).read_text(encoding="utf-8"))
        for name, report in fields.items():
            found[name] = Found(_placed(report["findings"]), tuple(report["statuses"]))
    return found


def _begin(backend: str, paths: Sequence[Path], result: Path) -> subprocess.Popen[str]:
    module = "tests.core.documents.rules.warm"
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", module, backend, str(result), *map(str, paths)],
        cwd=REPOSITORY,
        env=dict(os.environ) | process_environment(backend),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def _placed(findings: Sequence[tuple[str, str]]) -> tuple[tuple[int, str], ...]:
    """Findings that are not about the machine."""
    lines = [(where.rpartition(":")[2], code) for where, code in findings if code != "r-missing"]
    return tuple(sorted((int(line) if line.isdigit() else 0, code) for line, code in lines))


def marked(path: Path) -> tuple[tuple[int, str], ...]:
    """Line and code of each finding that a document asks for."""
    rows = path.read_text(encoding="utf-8").splitlines()
    found = [
        (number, code)
        for number, row in enumerate(rows, start=1)
        for codes in MARK.findall(row)
        for code in codes.split(", ")
    ]
    return tuple(sorted(found))
