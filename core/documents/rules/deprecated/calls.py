"""Finds deprecated names in code, and deprecation warnings in a run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from core.documents.reading import Cell
from core.documents.rules.deprecated.table import TABLE, Old
from core.documents.rules.look import Look
from core.documents.rules.naming import dotted, imported_names, python_trees
from core.sandbox.guest.events import Warned
from core.trace.finding import Finding, FindingCode, Severity

_CATEGORIES = ("DeprecationWarning", "PendingDeprecationWarning", "FutureWarning")
_SAYS_SO = re.compile(r"deprecat|considered legacy|will be removed|no longer supported", re.I)
_QUOTED = re.compile(r"[`'\"]([^`'\"]{1,60})[`'\"]")
_CALLED = re.compile(r"[A-Za-z_][\w.]*(?:\.\w+|\()")
_NAME = re.compile(r"[A-Za-z_]\w*")
_ROWS = 6  # of a call that goes over several rows


def deprecated_api(look: Look) -> Iterator[Finding]:
    """Names in the code, then warnings of the run about anything else."""
    uses: dict[Old, list[int]] = {}
    names = imported_names(look.document)
    for cell, tree in python_trees(look.document):
        for node in ast.walk(tree):
            for old in _old_of(node, names):
                uses.setdefault(old, []).append(_line(cell, node))
    lines = {line for mine in uses.values() for line in mine}
    for old, mine in uses.items():
        yield _finding(look, old, sorted(set(mine)))
    for warned in look.saw(Warned):
        said = warned.category in _CATEGORIES or _SAYS_SO.search(warned.text)
        if not said or warned.line is None or warned.line in lines:
            continue
        if _names(warned.text) & _words(look.document.cells[warned.cell], warned.line):
            lines.add(warned.line)
            yield look.finding(
                FindingCode.DEPRECATED_API,
                warned.line,
                "a call warns that it is deprecated",
                f"{warned.category}: {_short(warned.text)}",
                "write what the warning recommends",
                Severity.NOTE,
            )


def _line(cell: Cell, node: ast.AST) -> int:
    return cell.line_of(getattr(node, "lineno", 1) - 1)


def _finding(look: Look, old: Old, lines: list[int]) -> Finding:
    here = look.version(old.package)
    gone = bool(old.gone) and here >= old.gone
    shown = f"`{old.name.rstrip('.')}{'=' if old.kind == 'keyword' else ''}`"
    if old.kind == "suffix":
        shown = f"saving to `{old.name}`"
    since = ".".join(map(str, old.gone))
    fate = f"removed in {old.package} {since}" if old.gone else f"deprecated in {old.package}"
    installed = f"; {old.package} {'.'.join(map(str, here))} ran here" if here else ""
    again = f"; also at line {', '.join(map(str, lines[1:]))}" if len(lines) > 1 else ""
    return look.finding(
        FindingCode.DEPRECATED_API,
        lines[0],
        f"{shown} {'is gone' if gone else 'is on its way out'}",
        f"{fate}{installed}{again}",
        f"write {old.new}",
        Severity.WARNING if gone else Severity.NOTE,
    )


def _names(text: str) -> set[str]:
    """What a warning is about: names in quotes, dotted names and calls."""
    quoted = " ".join(_QUOTED.findall(text))
    called = " ".join(_CALLED.findall(text))
    return {word for word in _NAME.findall(f"{quoted} {called}") if len(word) > 2}


def _words(cell: Cell, line: int) -> set[str]:
    """The names that a statement at a line holds, its next rows included."""
    rows = cell.source.split("\n")
    row = cell.lines.index(line) if line in cell.lines else 0
    return set(_NAME.findall("\n".join(rows[row : row + _ROWS])))


def _short(text: str) -> str:
    return " ".join(text.split())[:200]


def _old_of(node: ast.AST, names: dict[str, str]) -> Iterator[Old]:
    if isinstance(node, ast.Call):
        called = dotted(node.func, names)
        last = node.func.attr if isinstance(node.func, ast.Attribute) else called.rpartition(".")[2]
        words = {word.arg for word in node.keywords}
        for old in TABLE:
            if old.kind == "method":
                fits = isinstance(node.func, ast.Attribute) and last == old.name
            elif old.kind == "keyword":
                fits = old.name in words and _owned(old.owner, called, last)
            else:
                saves = old.kind == "suffix" and last in ("save", "save_model")
                fits = saves and _saves(node, old.name)
            if fits:
                yield old
    elif isinstance(node, ast.Attribute | ast.Name) and isinstance(node.ctx, ast.Load):
        called = dotted(node, names)
        for old in TABLE:
            if old.kind == "name" and (called == old.name or _below(called, old.name)):
                yield old


def _owned(owner: str, called: str, last: str) -> bool:
    if owner.endswith("."):
        return f"{owner}" in called
    return last == owner or (owner == "Loss" and last.endswith("Loss"))


def _below(called: str, name: str) -> bool:
    return name.endswith(".") and called.startswith(name)


def _saves(call: ast.Call, suffix: str) -> bool:
    given = [*call.args, *(word.value for word in call.keywords if word.arg == "filepath")]
    for path in given[:2]:
        text = path.values[-1] if isinstance(path, ast.JoinedStr) and path.values else path
        value = text.value if isinstance(text, ast.Constant) else None
        if isinstance(value, str) and value.endswith(suffix):
            return not value.endswith(".weights.h5")
    return False
