"""The user's cache folder, and data sets kept there between processes.

A cached file is a convenience, never a condition: it is checked by hash, replaced when it is
damaged, and done without when the folder cannot be used.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from attrs import frozen

from core.errors import DataError
from core.run.data.images import ImageData
from core.run.data.npz import load_npz

VARIABLE = "PARITY_CACHE"

_ABANDONED_AFTER = 3600.0  # seconds; a writer needs a few


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


def cache_folder() -> Path:
    """Name the cache folder: `$PARITY_CACHE`, else the platform's folder for user caches.

    The folder may not exist yet.
    """
    chosen = os.environ.get(VARIABLE)
    if chosen:
        return Path(chosen)
    import platformdirs  # not at import time: a worker in another environment does without it

    return platformdirs.user_cache_path("loop-parity")


def load_or_generate(name: str, sha256: str, generate: Callable[[], ImageData]) -> Cached:
    """Read a data set from the cache, or generate it and keep it there.

    Any number of processes may do this at once, and each may be killed at any point: a file
    appears under its final name only when it is complete.

    Args:
        name: the data set's name, part of the file's name.
        sha256: the hash of its arrays, part of the file's name and verified on reading.
        generate: makes the data set when the cache cannot supply it.

    Raises:
        DataError: raised by `generate`; nothing about the cache itself is an error.
    """
    path = _path(name, sha256)
    _remove_abandoned(path)
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
    """Write atomically; on failure say why, and leave nothing behind."""
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            dir=path.parent, prefix=f".{path.stem}-", suffix=".tmp", delete=False
        ) as stream:
            temporary = Path(stream.name)
            np.savez(
                stream,
                x_train=data.x_train,
                y_train=data.y_train,
                x_test=data.x_test,
                y_test=data.y_test,
            )
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except OSError as error:
        return f"{path} could not be written ({error.strerror or error}); generated in memory"
    else:
        temporary = None
    finally:
        if temporary is not None:
            _remove(temporary)
    return None


def _remove_abandoned(path: Path) -> None:
    """Remove temporary files whose writer was killed long ago."""
    try:
        for temporary in path.parent.glob(f".{path.stem}-*.tmp"):
            if time.time() - temporary.stat().st_mtime > _ABANDONED_AFTER:
                _remove(temporary)
    except OSError:
        return  # another process removed it first, or the folder cannot be listed


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return  # harmless: a temporary file is never read
