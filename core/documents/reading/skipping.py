"""Rows of a cell that are not executed: shell commands, magics, drive mounts, installations."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

from core.documents.reading.document import CellLanguage, SkippedLine
from core.documents.reading.syntax import python_code, r_code

SHELL = "a shell command"
MAGIC = "a magic of IPython"
HELP = "a question to IPython"
COLAB = "Google Colab only"
INSTALLS = "installs a package"
_WHOLE_CELL = frozenset({"bash", "sh", "shell", "html", "javascript", "js", "latex", "svg", "R"})
_WHOLE_CELL |= frozenset({"script", "perl", "ruby", "markdown", "writefile", "file", "cmd", "sql"})
_MOST_TRIED = 50
"""IPython's rows of one cell that are told from the second row of a formula."""
_INSTALLERS = frozenset({"install.packages", "install_keras", "install_github", "install_cran"})


def whole_cell_reason(source: str, language: CellLanguage) -> str | None:
    """Why none of a cell is executed: its first row hands it to another program (`%%bash`)."""
    first = source.lstrip().split("\n", 1)[0]
    if language == "python" and first.startswith("%%"):
        name = first.removeprefix("%%").split(" ", 1)[0].strip()
        if name in _WHOLE_CELL:
            return f"%%{name}, not Python"
    return None


def skipped_rows(source: str, language: CellLanguage) -> dict[int, str]:
    """The 0-based rows that are not executed, each with the reason."""
    if language == "python":
        found = _ipython_rows(source)
        return found | dict(_colab_rows(_without(source, found)))
    if language == "r":
        return dict(_r_rows(source))
    return {}


def runnable(source: str, skipped: Iterable[int], language: CellLanguage) -> str:
    """A source with some rows left out, the others on the rows where they were."""
    return _without(source, skipped) if language == "python" else _blanked(source, skipped)


def skipped_lines(
    source: str, rows: dict[int, str], lines: Sequence[int]
) -> tuple[SkippedLine, ...]:
    """The rows left out, with their lines in the document."""
    texts = source.split("\n")
    return tuple(SkippedLine(lines[r], texts[r].strip(), rows[r]) for r in sorted(rows))


def _blanked(source: str, skipped: Iterable[int]) -> str:
    rows = source.split("\n")
    for row in skipped:
        rows[row] = ""
    return "\n".join(rows)


def _without(source: str, skipped: Iterable[int]) -> str:
    """A source with `pass` for each row left out, so that a block never becomes empty."""
    rows = source.split("\n")
    for row in skipped:
        rows[row] = rows[row][: len(rows[row]) - len(rows[row].lstrip())] + "pass"
    return "\n".join(rows)


def _ipython_rows(source: str) -> dict[int, str]:
    """Rows in IPython's own syntax, where a statement could stand.

    The second row of a formula, or of a string, may begin with `%` or `!` too.
    """
    if python_code.refusal(source) is None:
        return {}
    rows = source.split("\n")
    found: dict[int, str] = {}
    going_on: str | None = None
    for number, text in enumerate(rows):
        reason = going_on or _ipython_reason(text.strip())
        if reason is not None and (going_on or _may_stand(rows, number, found)):
            found[number] = reason
            going_on = reason if text.rstrip().endswith("\\") else None
        else:
            going_on = None
    return found


def _may_stand(rows: Sequence[str], number: int, found: dict[int, str]) -> bool:
    """Whether a statement could stand on a row, seen from the rows above it."""
    if len(found) >= _MOST_TRIED:
        return True
    above = "\n".join(rows[: number + 1])
    return python_code.complete(_without(above, [*found, number])) is True


def _ipython_reason(text: str) -> str | None:
    if text.startswith("!"):
        return SHELL
    if text.startswith("%"):
        return MAGIC
    if text.startswith("?") or (text.endswith("?") and not text.startswith("#")):
        return HELP
    assigned = text.partition("=")[2].lstrip()
    if assigned.startswith("!") and not assigned.startswith("!="):
        return SHELL
    return MAGIC if assigned.startswith("%") else None


def _colab_rows(source: str) -> Iterator[tuple[int, str]]:
    """Rows that only work on Google Colab: its imports, and calls of what they bind."""
    module = python_code.tree(source)
    if module is None:
        return
    bound: set[str] = set()
    for node in ast.walk(module):
        reason = None
        match node:
            case ast.ImportFrom(module=str(name)) if name.split(".")[:2] == ["google", "colab"]:
                bound |= {alias.asname or alias.name for alias in node.names}
                reason = COLAB
            case ast.Import() if all(a.name.startswith("google.colab") for a in node.names):
                bound |= {alias.asname or "google" for alias in node.names}
                reason = COLAB
            case ast.Expr(value=ast.Call(func=function)):
                root = _root(function)
                if root == "get_ipython":
                    reason = MAGIC
                elif root in bound or _is_mount(function):
                    reason = COLAB
            case _:
                pass
        if reason is not None and isinstance(node, ast.stmt):
            for row in range(node.lineno - 1, node.end_lineno or node.lineno):
                yield row, reason


def _root(function: ast.expr) -> str:
    """The name a call starts from."""
    while True:
        match function:
            case ast.Attribute(value=value):
                function = value
            case ast.Call(func=inner):
                function = inner
            case ast.Name(id=name):
                return name
            case _:
                return ""


def _is_mount(function: ast.expr) -> bool:
    match function:
        case ast.Attribute(attr="mount", value=ast.Name(id="drive")):
            return True
    return False


def _r_rows(source: str) -> Iterator[tuple[int, str]]:
    """Rows of top-level calls that install packages."""
    for first, last, name in r_code.top_level_calls(source):
        if name.rpartition("::")[2] in _INSTALLERS:
            for row in range(first, last + 1):
                yield row, INSTALLS
