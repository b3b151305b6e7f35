"""The code that runs in other environments: a copy in the cache, with further scenario folders."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from core.code_image import CodeImage, code_image, folder_image

WORKER = "core.run.worker.limited"
"""The program that runs scenarios."""

_KEPT = (".py", ".json")


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


def take(repository: Path, folders: Sequence[Path], cache: Path, program: str = WORKER) -> Snapshot:
    """The copy of the present code; made where the cache has none of it, or a damaged one.

    Args:
        repository: the folder that holds `core` and `scenarios`.
        folders: further scenario folders.
        cache: where copies are kept.
        program: the module that the other environment starts with.

    Raises:
        ExecutionError: the copy cannot be written.
    """
    names = [f"more/{place}/{folder.resolve().name}" for place, folder in enumerate(folders)]
    files = dict(code_image([program], scenarios=True, root=repository).files)
    for name, folder in zip(names, folders, strict=True):
        files |= folder_image(folder, name, _KEPT).files
    image = CodeImage(files)
    root = image.place(cache)
    return Snapshot(root, image.digest, tuple(str(root / name) for name in names))
