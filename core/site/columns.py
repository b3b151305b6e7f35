"""A section's programs in columns: statements of all dialects, level with each other by op."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import attrs
from attrs import frozen

from core.dialects import Program
from core.diff.pairing import in_order
from core.diff.rows import Piece, called_in_place, side

_OP = re.compile(r"(?P<base>.*\[[0-9.]+\])(?P<rest>.*)")
_WORD = 0.25  # what a shared word that is no op counts beside a shared op
_FIRST = 1.5  # a statement that says many ops stands where the first of them does
_CLOSERS = frozenset({"}", "})", ")"})


@frozen
class Cell:
    """What one dialect says in a row.

    Attributes:
        pieces: its statements; empty where an earlier row's statement says it.
        within: the row whose statement says it, where there is one.
    """

    pieces: tuple[Piece, ...] = ()
    within: int | None = None


@frozen
class Line:
    """One row: what every dialect says for the same ops.

    Attributes:
        op: the id of the op, or a plain word, that heads the row.
        ops: everything that the row's statements carry.
        cells: by dialect id; a dialect that says nothing has none.
    """

    op: str
    ops: tuple[str, ...]
    cells: Mapping[str, Cell]


@attrs.define
class _Open:
    ops: dict[str, None]
    cells: dict[str, list[Piece]]


def columns(programs: Sequence[Program]) -> tuple[Line, ...]:
    """The rows of a section's programs, the first program giving the order."""
    rows: list[_Open] = []
    for program in programs:
        blocks = _blocks(called_in_place(side(program)).pieces)
        rows = _joined(rows, blocks, program.dialect)
    spans = {program.dialect: _within(rows, program.dialect) for program in programs}
    return tuple(
        Line(
            op=_head(row.ops),
            ops=tuple(row.ops),
            cells={name: Cell(tuple(pieces)) for name, pieces in row.cells.items()}
            | {
                name: Cell(within=found[position])
                for name, found in spans.items()
                if position in found and name not in row.cells
            },
        )
        for position, row in enumerate(rows)
    )


def base(op: str) -> str:
    """An op's id without the part of its statement: `setup[0]` of `setup[0].input`."""
    match = _OP.fullmatch(op)
    return match["base"] if match else op


def is_op(key: str) -> bool:
    """Whether a key names an op of the spec, not a word of the loop."""
    return _OP.fullmatch(key) is not None


def _blocks(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Statements that belong in one cell: those of the same ops in a row, brackets with theirs."""
    blocks: list[list[Piece]] = []
    for piece in pieces:
        last = blocks[-1] if blocks else None
        if last is not None and (
            piece.code.strip() in _CLOSERS or (last[0].ops == piece.ops and not piece.heading)
        ):
            last.append(piece)
        else:
            blocks.append([piece])
    return blocks


def _joined(rows: list[_Open], blocks: list[list[Piece]], dialect: str) -> list[_Open]:
    """Rows with one more dialect's blocks."""
    keys = [list(dict.fromkeys(op for op in block[0].ops)) for block in blocks]

    def likeness(row: _Open, ops: list[str]) -> float:
        shared = sum(1.0 if is_op(op) else _WORD for op in ops if op in row.ops)
        first = _FIRST if ops and _head(row.ops) == ops[0] else 0.0
        return shared + first if shared else 0.0

    found: list[_Open] = []
    for i, j in in_order(rows, keys, likeness):
        row = rows[i] if i is not None else _Open({}, {})
        if j is not None:
            row.cells[dialect] = blocks[j]
            # A statement that says many ops at once does not make its row a row of all of them.
            row.ops.update(dict.fromkeys(keys[j] if i is None else ()))
        found.append(row)
    return found


def _within(rows: Sequence[_Open], dialect: str) -> dict[int, int]:
    """Rows that a dialect says inside another row's statement, with that row."""
    says: dict[str, int] = {}
    for position, row in enumerate(rows):
        for piece in row.cells.get(dialect, ()):
            for op in piece.ops:
                says.setdefault(op, position)
    found: dict[int, int] = {}
    for position, row in enumerate(rows):
        heads = [op for key in row.ops for op in (key, _scope(key)) if op in says]
        if dialect not in row.cells and heads:
            found[position] = says[heads[0]]
    return found


def _scope(op: str) -> str:
    """The scope that an op stands in: `step[0]` of `step[0.1]`."""
    return f"{op.rpartition('.')[0]}]" if re.fullmatch(r".*\[\d+\.\d+\]", op) else op


def _head(ops: Mapping[str, None]) -> str:
    return next((op for op in ops if is_op(op)), next(iter(ops), ""))
