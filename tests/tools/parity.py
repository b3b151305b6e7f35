"""Calls the command line as a process, as its users do."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import termios
from collections.abc import Mapping
from pathlib import Path

from attrs import frozen

from core.processes import program
from tests.tools.schemas import problems


@frozen
class Called:
    """What a call printed and its exit code."""

    code: int
    out: str
    err: str

    def document(self) -> Mapping[str, object]:
        """The one JSON document on stdout, which is as its schema says."""
        assert self.out, self.err
        found = json.loads(self.out)
        assert isinstance(found, dict)
        wrong = problems(found)
        assert not wrong, wrong
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


def at_terminal(width: int, *arguments: str | Path, cwd: Path | None = None) -> list[str]:
    """The lines that a call shows on a terminal of some width, without their colours."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
    hidden = {"COLUMNS", "NO_COLOR", "FORCE_COLOR"}
    variables = {name: value for name, value in os.environ.items() if name not in hidden}
    process = subprocess.Popen(
        program("tools.cli", *map(str, arguments)),
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        env=variables | {"TERM": "xterm-256color"},
        cwd=cwd,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # Linux's way to say that nobody writes any more
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    process.wait()
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode()).replace("\r\n", "\n").split("\n")
