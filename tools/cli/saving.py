"""Saving traces: one JSON document per run, and its images as PNG files."""

from __future__ import annotations

import json
from pathlib import Path

import click
from PIL import Image as Picture

from core.errors import UsageError
from core.run.runner.checkpoint import run_folder
from core.run.runner.printing import decoded
from core.storage import os_errors_as, write_atomically
from core.trace import Trace
from tools.cli.document import run_fields


def prepare_folder(folder: Path) -> None:
    """Makes the folder and checks that files can be written there, before anything runs.

    Raises:
        UsageError: it is a file, or cannot be written.
    """
    probe = folder / ".parity-probe"
    with os_errors_as(
        UsageError,
        where=f"--out {folder}",
        expected="a folder this user may write",
        remedy="name another folder",
    ):
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()


def save(trace: Trace, folder: Path) -> list[Path]:
    """Writes a trace and its images; each file appears whole or not at all."""
    mine = run_folder(folder, trace.scenario, trace.backend)
    document = mine.with_name(f"{mine.name}.json")
    write_atomically(document, json.dumps(run_fields(trace), ensure_ascii=False) + "\n")
    written = [document]
    for image in trace.images:
        path = mine / f"epoch{image.epoch}" / image.name
        path.parent.mkdir(parents=True, exist_ok=True)
        Picture.fromarray(decoded(image)).save(path, format="PNG")
        written.append(path)
    return written


def announce(paths: list[Path]) -> None:
    """Says on stderr what was written."""
    for path in paths:
        click.echo(f"wrote {path}", err=True)
