"""Code side by side: statements of two programs, aligned by the ops they print."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import attrs
from attrs import field, frozen

from core.dialects.program import INDENT, Program
from core.diff.pairing import in_order
from core.diff.same_code import Names, same_python, same_r

_OP = re.compile(r"(?P<base>.*\[[0-9.]+\])(?P<rest>.*)")
_ALWAYS = 0.25  # what one shared word that is no op counts beside a shared op


@frozen
class Piece:
    """A statement with the ops it stands for.

    Attributes:
        code: its text without indentation.
        ops: ids of its ops, as `core.dialects` gives them.
        depth: how many blocks it stands inside.
        line: its first line in its own file.
        heading: the title of the part that begins with it.
        comment: what stands above it.
    """

    code: str
    ops: tuple[str, ...] = ()
    depth: int = 0
    line: int = 0
    heading: str = ""
    comment: str = ""


@frozen
class Row:
    """Statements that stand level with each other.

    Attributes:
        op: id of the op, the first side's where both have one; a plain word where there is none.
        a: the first side's statements, None where it has none.
        b: the second side's.
        same: whether both say the same, up to names and comments.
        changed: whether an op of theirs differs between the two specs.
        a_pieces: the first side's statements one by one.
        b_pieces: the second side's.
    """

    op: str
    a: str | None
    b: str | None
    same: bool
    changed: bool = False
    a_pieces: tuple[Piece, ...] = field(default=(), repr=False)
    b_pieces: tuple[Piece, ...] = field(default=(), repr=False)


@frozen
class Side:
    """One side of a comparison of code."""

    language: str
    pieces: tuple[Piece, ...]


def side(program: Program) -> Side:
    """A printed program as a side."""
    pieces = [
        Piece(s.code, s.ops, s.depth, first, s.heading, s.comment)
        for s, (first, _) in zip(program.statements, program.spans, strict=True)
    ]
    return Side(program.language, tuple(pieces))


def align(
    a: Side,
    b: Side,
    partners: Mapping[str, str] | None = None,
    changed: Sequence[tuple[str, str]] = (),
) -> tuple[Row, ...]:
    """The rows of two sides.

    Args:
        a: the first side: a program, or somebody's own statements with the ops they stand for.
        b: the second.
        partners: ids of the second side's ops by those of the first; None where both print the
            same scenario.
        changed: ids of the ops that differ between the specs, the first side's and the second's.

    Returns:
        Every statement of both sides once, in order.
    """
    functions = [_defines(pieces.pieces) for pieces in (a, b)]
    if functions[0] != functions[1]:
        a, b = called_in_place(a), called_in_place(b)
    ours = [_keys(piece, partners) for piece in a.pieces]
    theirs = [frozenset(piece.ops) for piece in b.pieces]
    sides = list(zip(a.pieces, ours, strict=True)), list(zip(b.pieces, theirs, strict=True))

    def likeness(x: tuple[Piece, frozenset[str]], y: tuple[Piece, frozenset[str]]) -> float:
        shared = x[1] & y[1]
        score = sum(1.0 if _OP.match(key) else _ALWAYS for key in shared)
        return score + (0.5 if score and x[0].code == y[0].code else 0.0)

    rows: list[_Open] = []
    for i, j in in_order(sides[0], sides[1], likeness):
        rows.append(
            _Open(
                [] if i is None else [a.pieces[i]],
                [] if j is None else [b.pieces[j]],
                (ours[i] if i is not None else frozenset())
                | (theirs[j] if j is not None else frozenset()),
            )
        )
    touched = {one for one, _ in changed if one} | {two for _, two in changed if two}
    names = Names()
    return tuple(_closed(row, a, b, touched, names) for row in _gathered(rows))


def _defines(pieces: Sequence[Piece]) -> bool:
    """Whether a program's own section keeps its step in a function."""
    return any("step.function" in piece.ops for piece in pieces)


def called_in_place(whole: Side) -> Side:
    """A side whose step and evaluation functions stand where they are called.

    So a step in a function stands level with one that is written out in its loop; the lines still
    say where each statement is.
    """
    pieces = list(whole.pieces)
    for defined, called in _FUNCTIONS:
        first = next((n for n, p in enumerate(pieces) if _has(p, defined)), None)
        call = next((n for n, p in enumerate(pieces) if _has(p, called)), None)
        if first is None or call is None or call < first:
            continue
        end = first + 1
        while end < call and (pieces[end].depth > 0 or pieces[end - 1].code.startswith("@")):
            end += 1
        block = pieces[first:end]
        pieces = [*pieces[:first], *pieces[end:call], *block, *pieces[call:]]
    return Side(whole.language, tuple(pieces))


_FUNCTIONS = (
    (re.compile(r"step\.function"), re.compile(r"step\.call")),
    (re.compile(r"on_epoch_end\[\d+\]\.function"), re.compile(r"on_epoch_end\[\d+\]\.call")),
)


def _has(piece: Piece, pattern: re.Pattern[str]) -> bool:
    return any(pattern.fullmatch(op) for op in piece.ops)


def _keys(piece: Piece, partners: Mapping[str, str] | None) -> frozenset[str]:
    """A statement's ops in the second side's ids; what has no partner gets a name of its own."""
    if partners is None:
        return frozenset(piece.ops)
    found = set()
    for op in piece.ops:
        match = _OP.fullmatch(op)
        if match is None:
            found.add(op)
        elif match["base"] in partners:
            found.add(partners[match["base"]] + match["rest"])
        else:
            found.add(f"first side only {op}")
    return frozenset(found)


@attrs.define
class _Open:
    a: list[Piece]
    b: list[Piece]
    keys: frozenset[str]


def _gathered(rows: list[_Open]) -> list[_Open]:
    """Rows, with a statement alone on its side joined to a neighbour that prints its ops too."""
    found: list[_Open] = []
    for row in rows:
        before = found[-1] if found else None
        alone = not (row.a and row.b)
        if before is not None and before.a and before.b and alone and _ops(before) & _ops(row):
            before.a += row.a
            before.b += row.b
            continue
        if before is not None and not (before.a and before.b) and row.a and row.b:
            while found and not (found[-1].a and found[-1].b) and _ops(found[-1]) & _ops(row):
                last = found.pop()
                row.a, row.b = last.a + row.a, last.b + row.b
        found.append(row)
    return found


def _ops(row: _Open) -> frozenset[str]:
    return frozenset(key for key in row.keys if _OP.match(key))


def _closed(row: _Open, a: Side, b: Side, touched: set[str], names: Names) -> Row:
    ops = [op for piece in (*row.a, *row.b) for op in piece.ops]
    bases = [_base(op) for op in ops]
    named = next((op for op in bases if "[" in op), bases[0] if bases else "")
    return Row(
        op=named,
        a=_text(row.a, a.language) if row.a else None,
        b=_text(row.b, b.language) if row.b else None,
        same=bool(row.a and row.b) and a.language == b.language and _same(row, a.language, names),
        changed=bool(touched & set(bases)),
        a_pieces=tuple(row.a),
        b_pieces=tuple(row.b),
    )


def _base(op: str) -> str:
    match = _OP.fullmatch(op)
    return match["base"] if match else op


def _same(row: _Open, language: str, names: Names) -> bool:
    compare = same_python if language == "python" else same_r
    return len(row.a) == len(row.b) and all(
        compare(one.code, other.code, names) for one, other in zip(row.a, row.b, strict=True)
    )


def _text(pieces: Sequence[Piece], language: str) -> str:
    """Statements as they stand, indented."""
    lines = []
    for piece in pieces:
        indent = " " * (INDENT[language] * piece.depth)
        lines += [f"{indent}{row}" if row else "" for row in piece.code.split("\n")]
    return "\n".join(lines)
