"""Writes a site into its folder: its own files only, each whole, and nothing of anybody else's."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from core.errors import UsageError
from core.site.site import Site
from core.storage import os_errors_as, write_atomically

MANIFEST = "parity-site.json"
FORMAT = 1
_REMEDY = "name another folder, or empty this one"
_EXPECTED = "an empty folder, a new one, or one that `parity site` wrote"


def write(site: Site, folder: Path) -> None:
    """Writes a site, in place of an earlier one.

    The files are first written beside their places and then moved there one by one, so that a
    reader never sees half a file. What an earlier site had and this one has not is removed;
    whatever else lies in the folder stays.

    Raises:
        UsageError: the folder holds something else, or cannot be written.
    """
    old = _earlier(folder)
    with os_errors_as(
        UsageError,
        where=folder,
        expected="a folder this user may write",
        remedy="name another folder, or make this one writable",
    ):
        _note(folder, sorted({*old, *site.files}))
        for name, content in site.files.items():
            write_atomically(folder / name, content)
        for name in sorted(set(old) - set(site.files)):
            (folder / name).unlink(missing_ok=True)
        _prune(folder, old)
        _note(folder, sorted(site.files))


def check_folder(folder: Path) -> None:
    """Refuses a folder before anything is built.

    Raises:
        UsageError: it is no folder, or holds something else than a site.
    """
    _earlier(folder)


def _earlier(folder: Path) -> tuple[str, ...]:
    """The files of the site that lies there."""
    if not folder.exists() and not folder.is_symlink():
        return ()
    if not folder.is_dir():
        raise _foreign(folder, "is no folder")
    with os_errors_as(
        UsageError, "cannot be read", where=folder, expected=_EXPECTED, remedy=_REMEDY
    ):
        if not any(folder.iterdir()):
            return ()
        try:
            text = (folder / MANIFEST).read_text(encoding="utf-8")
        except FileNotFoundError as error:
            raise _foreign(folder, "holds files that are not a site of ours") from error
    try:
        document = json.loads(text)
    except ValueError as error:
        raise _foreign(folder, f"holds a damaged {MANIFEST}") from error
    files = document.get("files") if isinstance(document, dict) else None
    if not isinstance(files, list) or not all(_inside(name) for name in files):
        raise _foreign(folder, f"holds a damaged {MANIFEST}")
    return tuple(files)


def _inside(name: object) -> bool:
    """Whether a name stays below the folder."""
    if not isinstance(name, str) or not name:
        return False
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts


def _foreign(folder: Path, what: str) -> UsageError:
    return UsageError(what, where=str(folder), expected=_EXPECTED, remedy=_REMEDY)


def _note(folder: Path, names: Iterable[str]) -> None:
    document = {"format": FORMAT, "files": list(names)}
    write_atomically(folder / MANIFEST, json.dumps(document, indent=1) + "\n")


def _prune(folder: Path, names: Iterable[str]) -> None:
    """Removes folders that an earlier site needed and that are empty now."""
    for parent in sorted({(folder / name).parent for name in names} - {folder}, reverse=True):
        if parent.is_dir() and not any(parent.iterdir()):
            parent.rmdir()
