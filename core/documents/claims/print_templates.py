"""What code can print: the texts of its print calls with holes for what they compute."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from functools import cache
from string import Formatter

from attrs import frozen

from core.documents.claims.r_print_templates import r_printed
from core.documents.reading.syntax import Language, python_code

_LONGEST_ROW = 1000
_MOST_HOLES = 12
CONVERSION = re.compile(
    r"%(?:\((?P<name>\w+)\))?[-+ #0]*(?:\*|\d+)?(?:\.(?:\*|\d+))?[hlL]?(?P<type>[a-zA-Z%])"
)


@frozen
class Hole:
    """A place in a printed text that the named expression fills."""

    expression: str


Piece = str | Hole


@frozen
class Filled:
    """What stood in a hole, and where in the row."""

    start: int
    end: int
    expression: str


@frozen
class PrintTemplate:
    """One row that a print call prints.

    Attributes:
        row: 0-based row of the source where the text stands.
        pieces: its literal parts and holes in order.
    """

    row: int
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The row with `{expression}` in each hole."""
        return "".join(p if isinstance(p, str) else f"{{{p.expression}}}" for p in self.pieces)

    @property
    def holes(self) -> tuple[str, ...]:
        """The expressions in order."""
        return tuple(p.expression for p in self.pieces if isinstance(p, Hole))

    def match(self, row: str) -> tuple[Filled, ...] | None:
        """What fills the holes if the template can have printed a row, else `None`."""
        if len(row) > _LONGEST_ROW:
            return None
        lead = len(row) - len(row.lstrip())
        found = _pattern(self.pieces).fullmatch(row.strip())
        if found is None:
            return None
        return tuple(
            Filled(lead + found.start(n), lead + found.end(n), expression)
            for n, expression in enumerate(self.holes, start=1)
        )


@cache
def _pattern(pieces: tuple[Piece, ...]) -> re.Pattern[str]:
    parts = []
    for piece in pieces:
        if isinstance(piece, Hole):
            parts.append("(.+?)")
        else:
            parts += [r"\s+" if p.isspace() else re.escape(p) for p in re.split(r"(\s+)", piece)]
    return re.compile("".join(parts).removeprefix(r"\s+").removesuffix(r"\s+"))


def print_templates(source: str, language: Language) -> tuple[PrintTemplate, ...]:
    """The rows that a source's print calls print, in order of the calls.

    Only rows with words of their own are given: `print(x)` can print anything.
    """
    printed = _python_printed(source) if language == "python" else _r_templates(source)
    found = []
    for row, pieces in printed:
        found += [PrintTemplate(row, part) for part in _split_rows(pieces) if _says_something(part)]
    return tuple(found)


def _r_templates(source: str) -> Iterator[tuple[int, list[Piece]]]:
    for row, parts in r_printed(source):
        yield row, [p if literal else Hole(p) for literal, p in parts]


def _says_something(pieces: Sequence[Piece]) -> bool:
    words = sum(c.isalnum() for p in pieces if isinstance(p, str) for c in p)
    return words > 0 and sum(isinstance(p, Hole) for p in pieces) <= _MOST_HOLES


def _split_rows(pieces: Sequence[Piece]) -> Iterator[tuple[Piece, ...]]:
    row: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, Hole):
            row.append(piece)
            continue
        first, *others = piece.split("\n")
        row.append(first)
        for other in others:
            yield tuple(p for p in row if p)
            row = [other]
    yield tuple(p for p in row if p)


def _python_printed(source: str) -> Iterator[tuple[int, list[Piece]]]:
    module = python_code.tree(source)
    if module is None:
        return
    calls = [n for n in ast.walk(module) if isinstance(n, ast.Call) and _prints(n.func)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        given = {k.arg: k.value for k in call.keywords}
        between = given.get("sep")
        sep = between.value if isinstance(between, ast.Constant) else " "
        pieces: list[Piece] = []
        for number, argument in enumerate(call.args):
            pieces += [str(sep)] if number else []
            pieces += _pieces(argument)
        row = call.args[0].lineno if call.args else call.lineno
        yield row - 1, pieces


def _prints(function: ast.expr) -> bool:
    """`print`, `tf.print`, `jax.debug.print`."""
    name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
    return name == "print"


def _pieces(node: ast.expr) -> list[Piece]:
    match node:
        case ast.Constant(value=value):
            return [str(value)]
        case ast.JoinedStr(values=values):
            return [piece for value in values for piece in _pieces(value)]
        case ast.FormattedValue(value=value):
            return [Hole(ast.unparse(value))]
        case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mod(), right=right):
            filling = right.elts if isinstance(right, ast.Tuple) else [right]
            return list(percent_pieces(text, [ast.unparse(value) for value in filling]))
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return [*_pieces(left), *_pieces(right)]
        case ast.Call(
            func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format"), args=args
        ):
            return _format_pieces(text, node, [ast.unparse(value) for value in args])
        case ast.Call(func=ast.Name(id="str" | "repr"), args=[value]):
            return [Hole(ast.unparse(value))]
        case _:
            return [Hole(ast.unparse(node))]


def percent_pieces(text: str, filling: Sequence[str]) -> Iterator[Piece]:
    """A `%` template's literal parts and holes."""
    last = 0
    waiting = iter(filling)
    for match in CONVERSION.finditer(text):
        yield text[last : match.start()]
        last = match.end()
        if match["type"] == "%":
            yield "%"
        else:
            yield Hole(match["name"] or next(waiting, "?"))
    yield text[last:]


def _format_pieces(text: str, call: ast.Call, filling: Sequence[str]) -> list[Piece]:
    named = {k.arg: ast.unparse(k.value) for k in call.keywords if k.arg}
    pieces: list[Piece] = []
    number = 0
    try:
        for literal, name, _, _ in Formatter().parse(text):
            pieces.append(literal)
            if name is None:
                continue
            position = int(name) if name.isdigit() else number
            number += not name
            if name and not name.isdigit():
                pieces.append(Hole(named.get(name, name)))
            else:
                pieces.append(Hole(filling[position] if position < len(filling) else "?"))
    except ValueError:  # a lone brace: the call itself would fail
        return [Hole(ast.unparse(call))]
    return pieces


def file_name_templates(source: str, suffixes: tuple[str, ...]) -> tuple[PrintTemplate, ...]:
    """The names of files that a Python source writes: its strings that end in a suffix."""
    module = python_code.tree(source)
    found = []
    for node in ast.walk(module) if module is not None else ():
        if not isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp | ast.Call):
            continue
        pieces = _pieces(node)
        if not isinstance(pieces[-1], str) or not pieces[-1].lower().endswith(suffixes):
            continue
        last: list[Piece] = []
        for piece in reversed(pieces):
            if isinstance(piece, str) and "/" in piece:
                last.insert(0, piece.rpartition("/")[2])
                break
            last.insert(0, piece)
        found.append(PrintTemplate(node.lineno - 1, tuple(p for p in last if p)))
    return tuple(found)
