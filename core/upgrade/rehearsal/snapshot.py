"""The code that runs in other environments: a copy, kept by its hash.

A copy, so that a campaign of an hour runs one state of the code whatever happens to the working
tree meanwhile, and so that a worker sees this project's packages and no other of this environment.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import frozen

from core.errors import ExecutionError

PARTS = (
    *(
        "core/__init__.py",
        "core/errors.py",
        "core/processes.py",
        "core/storage.py",
        "core/run",
        "core/spec",
        "core/trace",
    ),
    "scenarios",
)
"""What a worker imports, and so what its results depend on."""

_KEPT = {".py", ".json"}


@frozen
class Snapshot:
    """A copy of the code.

    Attributes:
        root: the folder to run in.
        digest: SHA-256 over every file's path and bytes.
        folders: the copies of further scenario folders.
    """

    root: Path
    digest: str
    folders: tuple[str, ...] = ()


def take(
    repository: Path, folders: Sequence[Path], cache: Path, parts: Sequence[str] = PARTS
) -> Snapshot:
    """The copy of the present code; made where the cache has none of it, or a damaged one.

    Args:
        repository: the folder that holds `core` and `scenarios`.
        folders: further scenario folders.
        cache: where copies are kept.
        parts: the files and folders to copy.

    Raises:
        ExecutionError: the copy cannot be written.
    """
    files = dict(_files(repository, parts))
    copies = []
    for position, folder in enumerate(folders):
        name = f"more/{position}/{folder.resolve().name}"
        copies.append(name)
        files |= {
            f"{name}/{path.relative_to(folder).as_posix()}": path
            for path in sorted(folder.rglob("*"))
            if path.suffix in _KEPT and path.is_file()
        }
    digest = _digest(files)
    root = cache / digest[:16]
    if not root.is_dir() or _digest(_present(root)) != digest:
        _copy(files, root)
    return Snapshot(root, digest, tuple(str(root / name) for name in copies))


def _files(repository: Path, parts: Sequence[str]) -> Iterator[tuple[str, Path]]:
    for part in parts:
        start = repository / part
        for path in sorted(start.rglob("*")) if start.is_dir() else [start]:
            if path.suffix in _KEPT and path.is_file():
                yield path.relative_to(repository).as_posix(), path


def _present(root: Path) -> dict[str, Path]:
    return {
        path.relative_to(root).as_posix(): path
        for path in root.rglob("*")
        if path.suffix in _KEPT and path.is_file()
    }


def _digest(files: dict[str, Path]) -> str:
    total = hashlib.sha256()
    for name, path in sorted(files.items()):
        total.update(f"{name}\n".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _copy(files: dict[str, Path], root: Path) -> None:
    try:
        root.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=root.parent, prefix=".copy-") as folder:
            for name, path in files.items():
                target = Path(folder) / "code" / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
            shutil.rmtree(root, ignore_errors=True)
            try:
                (Path(folder) / "code").rename(root)
            except OSError:
                if not os.access(root, os.F_OK):  # else another call was faster
                    raise
    except OSError as error:
        raise ExecutionError(
            f"the code cannot be copied ({error.strerror or error})",
            where=str(root),
            expected="a cache folder with room",
            remedy="free some space, or set PARITY_CACHE to another folder",
        ) from error
