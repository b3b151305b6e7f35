"""The throw-away folder: a copy of the document's folder, a home, the cells, the recorder."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from attrs import frozen

from core.run.data import ImageData
from core.sandbox.guest.recorder.request import Cell, cell_file
from core.sandbox.host.guest import guest_image

_LEFT_OUT = {"__pycache__", ".git", ".hg", ".svn", ".venv", "venv", "node_modules", ".mypy_cache"}
_FILES = 2000


@frozen
class Workspace:
    """The folders of one execution.

    Attributes:
        root: holds all of them, and is removed at the end.
        notes: what was not copied.
    """

    root: Path
    notes: tuple[str, ...]

    @property
    def document(self) -> Path:
        """The copy of the document's folder: the working directory."""
        return self.root / "document"

    @property
    def sources(self) -> Path:
        """The cells' source files."""
        return self.root / "cells"

    @property
    def home(self) -> Path:
        """The home directory."""
        return self.root / "home"

    @property
    def temporary(self) -> Path:
        """The folder for temporary files."""
        return self.root / "tmp"

    @property
    def guest(self) -> Path:
        """The folder that holds the copy of our code and nothing else."""
        return self.root / "guest"

    @property
    def request(self) -> Path:
        """The request's file."""
        return self.root / "request.json"


def make_workspace(folder: Path | None, cells: tuple[Cell, ...], copied: int) -> Workspace:
    """Makes the folders and fills them.

    Args:
        folder: the document's folder; None for an empty one.
        cells: the cells, each written to a file of its own.
        copied: bytes to copy at most.
    """
    root = Path(tempfile.mkdtemp(prefix="parity-")).resolve()
    workspace = Workspace(root, ())
    try:
        for path in (workspace.document, workspace.sources, workspace.temporary):
            path.mkdir()
        _make_home(workspace.home)
        guest_image().write(workspace.guest)
        for cell in cells:
            (workspace.sources / cell_file(cell.index)).write_bytes(
                cell.source.encode("utf-8", "surrogateescape")
            )
        notes = _copy(folder, workspace.document, copied) if folder else ()
    except BaseException:
        shutil.rmtree(root, ignore_errors=True)
        raise
    return Workspace(root, notes)


def data_file(workspace: Workspace, data: ImageData | Path | None) -> str | None:
    """The npz that is served in place of MNIST; images in memory are written to the folder."""
    if data is None or isinstance(data, Path):
        return None if data is None else str(data.resolve())
    path = workspace.root / "data.npz"
    path.write_bytes(data.npz())
    return str(path)


def _make_home(home: Path) -> None:
    """A home whose Keras folder shows what the user's own has downloaded."""
    chosen = os.environ.get("KERAS_HOME")
    with suppress(RuntimeError):
        cache = Path(chosen) if chosen else Path("~/.keras").expanduser()
        for part in ("datasets", "models"):
            own = home / ".keras" / part
            own.mkdir(parents=True)
            with suppress(OSError):
                for path in sorted((cache / part).iterdir()):
                    (own / path.name).symlink_to(path.resolve())


def _copy(folder: Path, target: Path, most: int) -> tuple[str, ...]:
    """Copies a folder, its nearest files first; returns notes on what was left out."""
    root = folder.resolve()
    left_out = linked = files = 0
    for path in _files(root):
        if path.is_symlink() and not path.resolve().is_relative_to(root):
            linked += 1
            continue
        try:
            size = path.stat().st_size
        except OSError:
            continue
        if files >= _FILES or size > most:
            left_out += 1
            continue
        if not path.is_file():
            continue
        copy = target / path.relative_to(root)
        try:
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        except OSError:
            left_out += 1
            continue
        files += 1
        most -= size
    notes = []
    if left_out:
        notes.append(
            f"{left_out} files of the document's folder were not copied: too many or large"
        )
    if linked:
        notes.append(f"{linked} links that lead out of the document's folder were not followed")
    return tuple(notes)


def _files(root: Path) -> Iterator[Path]:
    """Files in a folder, level by level, small folders' files in order of their names."""
    waiting = [root]
    while waiting:
        folder = waiting.pop(0)
        try:
            entries = sorted(folder.iterdir())
        except OSError:
            continue
        for path in entries:
            if path.is_dir() and not path.is_symlink():
                if path.name not in _LEFT_OUT:
                    waiting.append(path)
            else:
                yield path
