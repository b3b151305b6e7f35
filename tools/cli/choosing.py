"""Which documents a command line names: files, and what lies in folders."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from core.documents.reading import Document, read_document
from core.errors import UsageError
from core.trace.finding import FindingCode

SUFFIXES = frozenset({".md", ".py", ".ipynb", ".rmd", ".qmd", ".r", ".txt"})
_IMPORT = re.compile(r"^\s*(?:from|import)\s+([\w., ]+)", re.MULTILINE)
_TOOLS = re.compile(r"conf|conftest|setup|noxfile|__init__|__main__|test_.*|.*_test")


def documents(paths: Sequence[Path]) -> tuple[Path, ...]:
    """The documents that paths name.

    A file is taken as it is. Of a folder, everything that holds code is: not what a document
    imports, not the rendering of another document, nothing hidden.

    Raises:
        UsageError: a path that is not there, or a folder without documents.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = list(_inside(path))
            if not inside:
                raise UsageError(
                    "no document in this folder",
                    where=str(path),
                    expected=f"files with code ending in {', '.join(sorted(SUFFIXES))}",
                    remedy="name the documents, or another folder",
                )
            found.update(dict.fromkeys(inside))
        elif path.exists():
            found[path] = None
        else:
            raise UsageError(
                "no such document",
                where=str(path),
                expected="an existing file or folder",
                remedy="check the path",
            )
    return tuple(found)


def _inside(folder: Path) -> Iterator[Path]:
    candidates = [path for path in sorted(folder.rglob("*")) if _may_be(path, folder)]
    read = {path: document for path in candidates if (document := _read(path)) is not None}
    renderings = {
        document.rendering.path.resolve()
        for document in read.values()
        if document.rendering is not None
    }
    imported = set(_imported(read.values()))
    for path in candidates:
        document = read.get(path)
        if document is not None and {f.code for f in document.findings} == {FindingCode.NO_CODE}:
            continue
        if path.resolve() in renderings or (path.suffix == ".py" and path.stem in imported):
            continue
        yield path


def _may_be(path: Path, folder: Path) -> bool:
    hidden = any(part.startswith((".", "_")) for part in path.relative_to(folder).parts)
    tool = path.suffix == ".py" and _TOOLS.fullmatch(path.stem) is not None
    return path.suffix.lower() in SUFFIXES and path.is_file() and not hidden and not tool


def _read(path: Path) -> Document | None:
    try:
        return read_document(path)
    except UsageError:
        return None


def _imported(documents: Iterable[Document]) -> Iterator[str]:
    """Names of modules that some document imports."""
    for document in documents:
        for cell in document.cells:
            for names in _IMPORT.findall(cell.source):
                for name in names.split(","):
                    yield name.split()[0].partition(".")[0] if name.split() else ""
