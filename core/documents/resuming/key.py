"""What a document's result depends on, as one hash.

The document and what lies beside it (data, modules it imports, its rendering and its original), the
options, the interpreter and its packages, and this program's own code.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import blake2b
from importlib import metadata
from pathlib import Path

from attrs import frozen

from core.documents.reading import read_document
from core.documents.reading.syntax import python_code
from core.run.machine import machine
from core.storage import Key

_LEFT_OUT = frozenset({"__pycache__", ".git", ".venv", "venv", "node_modules"})
_DOCUMENTS = frozenset({".md", ".ipynb", ".rmd", ".qmd", ".r", ".markdown"})
_FILES = 2000  # as many as the sandbox copies
_LIST = (
    "import importlib.metadata as m, sys;"
    "print(sys.version); print(*sorted(f'{d.name}=={d.version}' for d in m.distributions()))"
)


@frozen
class Basis:
    """What the results of several documents have in common.

    Attributes:
        options: the options that change a result, by name.
        data: the hash of the images that MNIST is served from.
        python: the interpreter that documents run in.
        against: the original that documents are compared with.
        program: the hash of the code that validates.
    """

    options: Mapping[str, str]
    data: str
    python: str
    program: str
    against: Path | None = None


def key_of(path: Path, basis: Basis) -> Key:
    """The key of a document's result.

    Raises:
        UsageError: the document cannot be read.
    """
    return {
        "path": str(path),
        "document": _digest(path),
        "beside": dict(_beside(path)),
        "against": _digest(basis.against) if basis.against else "",
        "options": dict(basis.options),
        "data": basis.data,
        "packages": _packages(basis.python),
        "machine": machine(),
        "program": basis.program,
    }


def _digest(path: Path) -> str:
    try:
        return blake2b(path.read_bytes(), digest_size=16).hexdigest()
    except OSError as error:
        return f"unreadable: {error.strerror}"


def _beside(path: Path) -> Iterator[tuple[str, str]]:
    """Files in the document's folder that it may read, its rendering, the original it names."""
    document = read_document(path)
    folder = path.resolve().parent
    sources = [cell.source for cell in document.cells]
    modules = _imported(folder, sources)
    for number, file in enumerate(_files(folder)):
        if number >= _FILES:
            return
        # Other documents of the folder do not count: an edit of one must not run all of them again.
        if file.suffix.lower() in _DOCUMENTS or (file.suffix == ".py" and file not in modules):
            continue
        yield str(file.relative_to(folder)), _digest(file)
    if document.rendering is not None:
        yield "rendering", _digest(document.rendering.path)
    if document.against is not None:
        yield "original", _digest(path.parent / document.against)


def _files(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _LEFT_OUT)
        for name in sorted(names):
            file = Path(root, name)
            if file.is_file():
                yield file


def _imported(folder: Path, sources: list[str]) -> set[Path]:
    """The modules in a folder that sources name, directly or through one another."""
    local = {path.stem: path for path in folder.glob("*.py")}
    found: set[Path] = set()
    waiting = list(sources)
    while waiting:
        names = _words(waiting.pop())
        for name in sorted(names & local.keys()):
            # Taken out, so that modules that import each other end.
            path = local.pop(name)
            found.add(path)
            waiting.append(path.read_text(encoding="utf-8", errors="replace"))
    # Packages in folders are not followed: each of their files counts.
    return found | {path for path in folder.glob("*/**/*.py") if not _LEFT_OUT & set(path.parts)}


def _words(source: str) -> set[str]:
    names = set(python_code.bound_names(source)) | set(python_code.read_names(source))
    return names | {word for row in source.splitlines() if "import" in row for word in row.split()}


@cache
def _packages(python: str) -> str:
    """The version of an interpreter and of everything that is installed there."""
    if python == sys.executable:
        installed = sorted(f"{d.name}=={d.version}" for d in metadata.distributions())
        return f"{sys.version}\n{' '.join(installed)}"
    done = subprocess.run([python, "-I", "-c", _LIST], capture_output=True, text=True, check=False)
    return done.stdout or f"{python}: {done.stderr[-500:]}"
