"""Writes a site into its folder: its own files only, each whole, and nothing of anybody else's."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from core.errors import UsageError
from core.site.site import Site

MANIFEST = "parity-site.json"
FORMAT = 1
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
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _note(folder, sorted({*old, *site.files}))
        for name, content in site.files.items():
            _replace(folder / name, content)
        for name in sorted(set(old) - set(site.files)):
            (folder / name).unlink(missing_ok=True)
        _prune(folder, old)
        _note(folder, sorted(site.files))
    except OSError as error:
        raise UsageError(
            f"cannot be written ({error.strerror or error})",
            where=str(folder),
            expected="a folder this user may write",
            remedy="name another folder, or make this one writable",
        ) from error


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
    try:
        if not any(folder.iterdir()):
            return ()
        text = (folder / MANIFEST).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise _foreign(folder, "holds files that are not a site of ours") from error
    except (OSError, UnicodeDecodeError) as error:
        raise _foreign(folder, f"cannot be read ({error})") from error
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
    return UsageError(
        what, where=str(folder), expected=_EXPECTED, remedy="name another folder, or empty this one"
    )


def _note(folder: Path, names: Iterable[str]) -> None:
    document = {"format": FORMAT, "files": list(names)}
    _replace(folder / MANIFEST, (json.dumps(document, indent=1) + "\n").encode())


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".parity-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _prune(folder: Path, names: Iterable[str]) -> None:
    """Removes folders that an earlier site needed and that are empty now."""
    for parent in sorted({(folder / name).parent for name in names} - {folder}, reverse=True):
        if parent.is_dir() and not any(parent.iterdir()):
            parent.rmdir()
