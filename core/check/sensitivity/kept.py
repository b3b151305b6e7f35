"""A campaign on disk: every verdict by itself, so that it can be stopped and continued."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from attrs import field, frozen

from core.check.golden.measured_file import read_measured
from core.check.golden.store import dump_lines
from core.check.sensitivity.verdict import Honest, Verdict
from core.storage import write_atomically
from core.trace.decoding import strict_converter
from core.trace.encoding import plain

FORMAT = 1


@frozen
class Kept:
    """What a campaign has found so far.

    Attributes:
        format: format number of the file.
        command: what the user called last.
        recorded: date of the last run, `YYYY-MM-DD`.
        environment: the machine and the versions of the last run.
        settled: how many changes needed no run, by the reason; the rest are tried.
        verdicts: one for each that was tried on a backend, in order.
        honest: the honest runs beside them.
    """

    format: int
    command: str
    recorded: str
    environment: Mapping[str, str]
    settled: Mapping[str, int] = field(factory=dict)
    verdicts: tuple[Verdict, ...] = ()
    honest: Honest = field(factory=Honest)


_CONVERTER = strict_converter(Verdict, Honest, Kept)


def read(path: Path) -> Kept | None:
    """A campaign's file, None where there is none.

    Raises:
        GoldenError: a file that cannot be read.
    """
    return read_measured(
        path,
        _CONVERTER,
        Kept,
        version=FORMAT,
        expected="verdicts that `parity sensitivity` wrote",
        remedy="remove it, and run `parity sensitivity` again",
    )


def write(path: Path, kept: Kept) -> None:
    """Writes a campaign's file: a reader sees the old file or the new one."""
    write_atomically(path, dump_lines(plain(kept)))
