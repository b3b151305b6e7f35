"""Calls the command line as a process, as its users do."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

from attrs import frozen

from core.processes import program


@frozen
class Called:
    """What a call printed and its exit code."""

    code: int
    out: str
    err: str

    def document(self) -> Mapping[str, object]:
        """The one JSON document on stdout."""
        assert self.out, self.err
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


def parity(*arguments: str | Path, cwd: Path | None = None) -> Called:
    """Calls `parity` with arguments."""
    done = subprocess.run(
        program("tools.cli", *map(str, arguments)),
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
    )
    return Called(done.returncode, done.stdout, done.stderr)
