"""Data sets kept in the cache folder between processes.

A cache that cannot be used is done without.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from attrs import frozen

from core.errors import DataError
from core.run.data.images import ImageData
from core.run.data.npz import load_npz
from core.storage import cache_folder, remove_abandoned, write_atomically


@frozen
class Cached:
    """A data set and how the cache dealt with it.

    Attributes:
        data: the data set, its hash verified.
        from_cache: whether it was read from the cache, not generated.
        note: what went wrong with the cache on the way, `None` when nothing did.
    """

    data: ImageData
    from_cache: bool
    note: str | None = None


def load_or_generate(name: str, sha256: str, generate: Callable[[], ImageData]) -> Cached:
    """Read a data set from the cache, or generate it and keep it there.

    Args:
        name: the data set's name, part of the file's name.
        sha256: the hash of its arrays, part of the file's name and verified on reading.
        generate: makes the data set when the cache cannot supply it.

    Raises:
        DataError: raised by `generate`; nothing about the cache itself is an error.
    """
    path = _path(name, sha256)
    remove_abandoned(path)
    data, damage = _read(path, name, sha256)
    if data is not None:
        return Cached(data, from_cache=True)
    data = generate()
    failure = _write(path, data)
    notes = [note for note in (damage, failure) if note is not None]
    return Cached(data, from_cache=False, note="; ".join(notes) or None)


def keep(data: ImageData) -> Path:
    """The file in the cache that holds a data set, written where it is not there.

    There is none where the folder cannot be written: ask before you read.
    """
    path = _path(data.name, data.sha256)
    if not os.access(path, os.F_OK):
        _write(path, data)
    return path


def _path(name: str, sha256: str) -> Path:
    return cache_folder() / f"{name}-{sha256[:16]}.npz"


def _read(path: Path, name: str, sha256: str) -> tuple[ImageData | None, str | None]:
    if not os.access(path, os.F_OK):
        return None, None
    try:
        data = load_npz(path, name=name)
    except DataError as error:
        return None, f"{path} was replaced: {error.what}"
    if data.sha256 != sha256:
        return None, f"{path} was replaced: its arrays have the hash {data.sha256}"
    return data, None


def _write(path: Path, data: ImageData) -> str | None:
    """Write the file; on failure say why."""
    try:
        write_atomically(path, data.npz())
    except OSError as error:
        return f"{path} could not be written ({error.strerror or error}); generated in memory"
    return None
