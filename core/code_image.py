"""The image of our code that a program can import, as one hash and as a copy to run elsewhere.

Results are kept under the hash of the code that made them. No list of that code is written by hand:
imports are followed from the modules that a program starts with, those inside functions included.
"""

from __future__ import annotations

import ast
import hashlib
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path

from attrs import frozen

from core.storage import cache_errors

ROOT = Path(__file__).parents[1]
"""The folder that holds our packages."""

_PACKAGES = ("core", "scenarios", "tools")
_SCENARIOS = ("core.spec", "scenarios")
_GUEST = "core.sandbox.guest"
"""Goes into other processes as one: all of it, or nothing."""


@frozen
class CodeImage:
    """Files of ours, as they are now.

    A copy is what other environments run: so a campaign of an hour runs one state of the code
    whatever happens to the working tree meanwhile, and a worker sees these packages alone.

    Attributes:
        files: their bytes by name, relative to the folder that holds our packages.
    """

    files: Mapping[str, bytes]

    @cached_property
    def digest(self) -> str:
        """SHA-256 over every file's name and bytes."""
        total = hashlib.sha256()
        for name, content in sorted(self.files.items()):
            total.update(f"{name}\n".encode() + hashlib.sha256(content).digest())
        return total.hexdigest()

    def write(self, folder: Path) -> None:
        """Writes a copy into a folder.

        Raises:
            OSError: it cannot be written.
        """
        for name, content in self.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)

    def place(self, folder: Path) -> Path:
        """The copy in a folder, made where there is none or a damaged one.

        Raises:
            ExecutionError: it cannot be written.
        """
        root = folder / self.digest[:16]
        if root.is_dir() and folder_image(root) == self:
            return root
        with cache_errors(root, "the code cannot be copied"):
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=folder, prefix=".copy-") as name:
                made = Path(name) / "code"
                self.write(made)
                shutil.rmtree(root, ignore_errors=True)
                try:
                    made.rename(root)
                except OSError:
                    if not root.is_dir():  # else another call was faster
                        raise
        return root


def folder_image(folder: Path, name: str = "", suffixes: Sequence[str] = ()) -> CodeImage:
    """The files in a folder, but no bytecode.

    Args:
        folder: the folder.
        name: the folder's name in the image; empty for none.
        suffixes: what the files' names end with; empty for anything.
    """
    return CodeImage(
        {
            (Path(name) / path.relative_to(folder)).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if path.suffix != ".pyc" and (not suffixes or path.suffix in suffixes)
            if path.is_file()
        }
    )


def code_image(modules: Iterable[str], *, scenarios: bool = False, root: Path = ROOT) -> CodeImage:
    """The code that programs can import, the data files of its packages included.

    Args:
        modules: what the programs start with, by dotted name.
        scenarios: whether they load scenarios, which no import names, and which import specs.
        root: the folder that holds our packages.
    """
    start = [*modules]
    for package in _SCENARIOS if scenarios else ():
        start += _modules(package, root)
    paths = _with_data(set(_reached(start, root)))
    return CodeImage({path.relative_to(root).as_posix(): path.read_bytes() for path in paths})


def _reached(modules: Iterable[str], root: Path) -> Iterator[Path]:
    waiting, seen = list(modules), set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen or (path := _file(name, root)) is None:
            continue
        seen.add(name)
        yield path
        waiting.append(name.rpartition(".")[0])
        if name == _GUEST:
            waiting += _modules(name, root)
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        waiting += _named(path.read_text(encoding="utf-8"), package)


def _modules(package: str, root: Path) -> Iterator[str]:
    """Every module of a package."""
    for path in (root / package.replace(".", "/")).rglob("*.py"):
        name = path.relative_to(root).with_suffix("").as_posix().replace("/", ".")
        yield name.removesuffix(".__init__")


def _file(name: str, root: Path) -> Path | None:
    """The file of a module of ours."""
    parts = name.split(".")
    if parts[0] not in _PACKAGES or not all(part.isidentifier() for part in parts):
        return None
    place = root / name.replace(".", "/")
    files = (place / "__init__.py", place.with_name(f"{place.name}.py"))
    return next((path for path in files if path.is_file()), None)


@cache
def _named(source: str, package: str) -> frozenset[str]:
    """What may be modules among the names that a source imports, or starts as programs."""
    return frozenset(_names(ast.parse(source), package))


def _names(node: ast.AST, package: str) -> Iterator[str]:
    match node:
        case ast.Import(names):
            yield from (alias.name for alias in names)
        case ast.ImportFrom(module, names, level):
            parts = package.split(".")
            parts = parts[: len(parts) + 1 - level] if level else []
            base = ".".join(filter(None, (*parts, module)))
            yield base
            yield from (f"{base}.{alias.name}" for alias in names)
        case ast.Constant(str(text)) if "." in text:
            yield text  # `program("core.run.worker.program")`
            yield f"{package}.{text.removesuffix('.py')}"  # `Path(__file__).with_name("keeper.py")`
        case ast.If(ast.Name("TYPE_CHECKING")):
            for other in node.orelse:
                yield from _names(other, package)
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _names(child, package)


def _with_data(modules: Iterable[Path]) -> Iterator[Path]:
    """Files of modules, and what lies beside them and is no module."""
    yield from modules
    waiting = list({path.parent for path in modules})
    while waiting:
        for path in waiting.pop().iterdir():
            if path.is_file():
                if path.suffix not in {".py", ".pyc"}:
                    yield path
            elif path.name != "__pycache__" and not any(path.glob("*.py")):
                waiting.append(path)
