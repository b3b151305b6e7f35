"""Files that a cell writes into the document's folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from .. import events
from .channel import Channel

_MANY = 1000
_MAGIC = {
    b"\x89PNG": "png",
    b"\xff\xd8\xff": "jpeg",
    b"GIF8": "gif",
    b"PK\x03\x04": "zip",
    b"\x89HDF": "hdf5",
    b"%PDF": "pdf",
}


class Files:
    """Compares the folder before and after each cell."""

    def __init__(self, channel: Channel, folder: str) -> None:
        self._channel = channel
        self._folder = folder
        self._known = self._look()

    def end_cell(self, cell: int) -> None:
        """Sends the files that are new or changed."""
        found = self._look()
        for path, state in found.items():
            before = self._known.get(path)
            if before != state:
                change = "new" if before is None else "changed"
                self._channel.send(
                    events.FileWritten(cell, path, state[0], self._kind(path), change)
                )
        for path in self._known.keys() - found.keys():
            self._channel.send(events.FileWritten(cell, path, 0, "", "gone"))
        self._known = found

    def _look(self) -> dict[str, tuple[int, int]]:
        found: dict[str, tuple[int, int]] = {}
        for path in self._paths():
            try:
                state = Path(self._folder, path).lstat()
            except OSError:
                continue
            found[path] = (state.st_size, state.st_mtime_ns)
            if len(found) >= _MANY:
                break
        return found

    def _paths(self) -> Iterator[str]:
        for folder, folders, files in os.walk(self._folder):
            folders[:] = sorted(f for f in folders if f != "__pycache__")
            for name in sorted(files):
                yield str(Path(folder, name).relative_to(self._folder))

    def _kind(self, path: str) -> str:
        """The format that a file's first bytes name, else its suffix."""
        try:
            with Path(self._folder, path).open("rb") as stream:
                start = stream.read(8)
        except OSError:
            return ""
        known = [kind for magic, kind in _MAGIC.items() if start.startswith(magic)]
        return known[0] if known else Path(path).suffix.lstrip(".").lower()
