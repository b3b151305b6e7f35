"""The repairs that are known: what an error says, and the edits that answer it.

Each is mechanical: it replaces a name, a keyword or a suffix by what the installed Keras calls it,
at every place of the document where the same call stands, so that one repair is one round.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence

from attrs import frozen

from core.documents.repair.edits import Edit, edit_of
from core.sandbox.guest.events import CellError
from core.sandbox.guest.recorder.request import Cell

_METHODS = {"reset_states": "reset_state", "reset_state": "reset_states"}
_KEYWORDS = {
    ("LeakyReLU", "alpha"): "negative_slope",
    ("LeakyReLU", "negative_slope"): "alpha",
    ("", "lr"): "learning_rate",
    ("", "decay"): "weight_decay",
}
_MISSING = re.compile(r"has no attribute ['\"](\w+)['\"]")
_QUOTED = re.compile(r"['\"`](\w+)['\"`]")
_SUFFIXES = (".keras", ".h5", ".hdf5", ".weights.h5")


@frozen
class Repair:
    """A known repair of one error.

    Attributes:
        name: what it does, in a few words.
        line: line of the error it answers.
        edits: the edits, over all cells.
    """

    name: str
    line: int
    edits: tuple[Edit, ...]


Trees = Sequence[tuple[int, ast.Module]]
_Answer = tuple[str, list[Edit]]


def repair_for(cells: Sequence[Cell], error: CellError) -> Repair | None:
    """The known repair of an error; None where none is known.

    Args:
        cells: the cells as they were executed.
        error: what one of them raised.
    """
    trees = [(cell.index, tree) for cell in cells if (tree := _parsed(cell)) is not None]
    answers: tuple[Callable[[Trees, CellError], _Answer | None], ...] = (
        _missing_method,
        _unknown_keyword,
        _saving_arguments,
        _saving_path,
    )
    for answer in answers:
        found = answer(trees, error)
        if found and found[1]:
            return Repair(found[0], error.line, tuple(found[1]))
    return None


def _parsed(cell: Cell) -> ast.Module | None:
    if not cell.runs:
        return None
    try:
        return ast.parse(cell.source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _calls(trees: Trees) -> Iterator[tuple[int, ast.Call, str]]:
    """Every call with the last part of what it calls."""
    for cell, tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                if isinstance(node.func, ast.Attribute):
                    yield cell, node, node.func.attr
                elif isinstance(node.func, ast.Name):
                    yield cell, node, node.func.id


def _missing_method(trees: Trees, error: CellError) -> _Answer | None:
    found = _MISSING.search(error.message)
    missing = found.group(1) if found else error.missing or ""
    if missing in _METHODS:
        new = _METHODS[missing]
        edits = [
            _renamed(cell, node.func, new)
            for cell, node, name in _calls(trees)
            if name == missing and isinstance(node.func, ast.Attribute)
        ]
        return f"`{missing}` becomes `{new}`", edits
    if missing == "apply_gradients":
        return "`apply_gradients(zip(…))` becomes `apply(…)`", _unzipped(trees)
    if missing == "apply":
        return "`apply(…)` becomes `apply_gradients(zip(…))`", _zipped(trees)
    return None


def _renamed(cell: int, attribute: ast.Attribute, new: str) -> Edit:
    row, column = attribute.end_lineno or 0, attribute.end_col_offset or 0
    return Edit(cell, (row, column - len(attribute.attr.encode())), (row, column), new)


def _unzipped(trees: Trees) -> list[Edit]:
    edits: list[Edit] = []
    for cell, node, name in _calls(trees):
        if name != "apply_gradients" or len(node.args) != 1 or node.keywords:
            continue
        pairs = node.args[0]
        if (
            isinstance(node.func, ast.Attribute)
            and isinstance(pairs, ast.Call)
            and isinstance(pairs.func, ast.Name)
            and pairs.func.id == "zip"
            and len(pairs.args) == 2
        ):
            given = ", ".join(ast.unparse(part) for part in pairs.args)
            edits += [_renamed(cell, node.func, "apply"), edit_of(cell, pairs, given)]
    return edits


def _zipped(trees: Trees) -> list[Edit]:
    edits: list[Edit] = []
    for cell, node, name in _calls(trees):
        function = node.func
        if name == "apply" and len(node.args) == 2 and not node.keywords:
            first, last = node.args
            if isinstance(function, ast.Attribute) and "opt" in ast.unparse(function.value).lower():
                given = f"zip({ast.unparse(first)}, {ast.unparse(last)})"
                start = (first.lineno, first.col_offset)
                end = (last.end_lineno or 0, last.end_col_offset or 0)
                edits += [
                    _renamed(cell, function, "apply_gradients"),
                    Edit(cell, start, end, given),
                ]
    return edits


def _unknown_keyword(trees: Trees, error: CellError) -> _Answer | None:
    named = set(_QUOTED.findall(error.message))
    if "argument" not in error.message.lower():
        return None
    for (owner, old), new in _KEYWORDS.items():
        if old not in named or new in named:
            continue
        edits = [
            Edit(
                cell,
                (word.lineno, word.col_offset),
                (word.lineno, word.col_offset + len(old)),
                new,
            )
            for cell, node, name in _calls(trees)
            if name == owner or not owner
            for word in node.keywords
            if word.arg == old
        ]
        if edits:
            return f"`{old}=` becomes `{new}=`", edits
    return None


def _saves(trees: Trees) -> Iterator[tuple[int, ast.Call, ast.expr]]:
    """Every call that saves a model, with its path."""
    for cell, node, name in _calls(trees):
        path = next((k.value for k in node.keywords if k.arg == "filepath"), None)
        if name == "save" and (path or node.args):
            yield cell, node, path or node.args[0]
        elif name == "save_model" and (path or len(node.args) > 1):
            yield cell, node, path or node.args[1]


def _saving_arguments(trees: Trees, error: CellError) -> _Answer | None:
    if "not supported" not in error.message and "unexpected keyword" not in error.message:
        return None
    named = set(_QUOTED.findall(error.message)) | {"save_format"}
    edits = [
        edit
        for cell, node, _ in _saves(trees)
        for edit in _without(cell, node, [k for k in node.keywords if k.arg in named])
    ]
    return "arguments that `.keras` files do not know are left out", edits


def _without(cell: int, call: ast.Call, words: list[ast.keyword]) -> list[Edit]:
    """Edits that take keywords out of a call, each with the comma before it."""
    parts: list[ast.expr | ast.keyword] = sorted(
        [*call.args, *call.keywords], key=lambda part: (part.lineno, part.col_offset)
    )
    edits: list[Edit] = []
    for word in words:
        place = parts.index(word)
        if place == 0:
            continue
        before = parts[place - 1]
        start = (before.end_lineno or 0, before.end_col_offset or 0)
        edits.append(Edit(cell, start, (word.end_lineno or 0, word.end_col_offset or 0), ""))
    return edits


def _saving_path(trees: Trees, error: CellError) -> _Answer | None:
    if "extension" not in error.message or ".keras" not in error.message:
        return None
    edits: dict[tuple[int, int, int], Edit] = {}
    for cell, _, path in _saves(trees):
        places = [(cell, path)]
        if isinstance(path, ast.Name):
            places = list(_assigned(trees, path.id))
        for owner, value in places:
            edit = _suffixed(owner, value)
            if edit:
                edits[(owner, *edit.start)] = edit
    return "models are saved as `.keras` files", list(edits.values())


def _assigned(trees: Trees, name: str) -> Iterator[tuple[int, ast.expr]]:
    """The values that a name is given."""
    for cell, tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name) and target.id == name:
                        yield cell, node.value


def _suffixed(cell: int, path: ast.expr) -> Edit | None:
    """An edit that lets a path end in `.keras`; None where it does, or where it is no text."""
    if isinstance(path, ast.JoinedStr | ast.Constant):
        text = path.values[-1] if isinstance(path, ast.JoinedStr) and path.values else path
        end = text.value if isinstance(text, ast.Constant) else ""
        if not isinstance(end, str) or end.endswith(_SUFFIXES):
            return None
        source = ast.unparse(path)
        body, quote = source[:-1], source[-1]
        for old in (".model", ".tf", ".pb", "/"):
            body = body.removesuffix(old)
        return edit_of(cell, path, f"{body}.keras{quote}")
    return None
