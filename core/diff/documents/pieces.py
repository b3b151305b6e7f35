"""A document's statements, each with the ops of the printed statement that it is most like."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import attrs

from core.diff.pairing import in_order, moved
from core.diff.rows import Piece
from core.diff.same_code import Names, same_python
from core.documents.facts.parts import called, calls, parts
from core.documents.facts.source import Loop

LIKE = 0.55  # twice the shared words over the words of both, from which statements may correspond
_WORD = re.compile(r"\w+|[^\w\s]")
_BLOCKS = (ast.For, ast.While, ast.If, ast.With, ast.FunctionDef, ast.ClassDef, ast.Try)


def pieces(loop: Loop) -> tuple[Piece, ...]:
    """The statements of a document in order, headers of blocks apart from what they hold."""
    return tuple(_walk(loop, loop.tree.body, 0))


def with_ops(
    own: Sequence[Piece],
    printed: Sequence[Piece],
    known: Sequence[tuple[str, str]] = (),
    words: Mapping[int, str] | None = None,
) -> tuple[Piece, ...]:
    """A document's statements with the ops of a program's, where they correspond.

    Args:
        own: the document's.
        printed: the program's.
        known: pairs of `line 12` and an op that are known to correspond.
        words: what begins at a line of the document: `loop.batch`, `step.function`.
    """
    found: dict[int, tuple[str, ...]] = {}
    taken: set[int] = set()
    for line, op in known:
        one = next((n for n, p in enumerate(own) if line in p.ops), None)
        other = next((n for n, p in enumerate(printed) if op and op in _bases(p)), None)
        if one is not None and other is not None and one not in found and other not in taken:
            found[one] = printed[other].ops
            taken.add(other)
    ours = [n for n in range(len(own)) if n not in found]
    theirs = [n for n in range(len(printed)) if n not in taken]

    def likeness(a: int, b: int) -> float:
        return _likeness(own[a], printed[b])

    pairs = moved(in_order(ours, theirs, likeness), ours, theirs, likeness)
    found |= {ours[i]: printed[theirs[j]].ops for i, j in pairs if i is not None and j is not None}
    structural = words or {}
    return tuple(
        attrs.evolve(
            piece,
            ops=(
                *found.get(index, ()),
                *((structural[piece.line],) if piece.line in structural else ()),
                *piece.ops,
            ),
        )
        for index, piece in enumerate(own)
    )


def _bases(piece: Piece) -> set[str]:
    """A statement's ops, those of its parts too: `step[3]` of `step[3].call`."""
    return {op.partition("]")[0] + "]" if "[" in op else op for op in piece.ops}


def structure(loop: Loop) -> dict[int, str]:
    """Where a document's loops, its step and the call of its step begin, by line."""
    found = parts(loop.tree)
    said: dict[int, str] = {}
    for node, word in (
        (found.epochs, "loop.epochs"),
        (found.batches, "loop.batch"),
        (found.function, "step.function"),
    ):
        if node is not None:
            said[loop.line(node)] = word
    if found.function is not None and found.batches is not None:
        for decorator in found.function.decorator_list:
            said[loop.line(decorator)] = "step.function"
        for call in calls(found.batches):
            if called(call) == found.function.name:
                said[loop.line(call)] = "step.call"
    return said


def _walk(loop: Loop, body: Sequence[ast.stmt], depth: int) -> Iterator[Piece]:
    for statement in body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue  # a docstring
        if not isinstance(statement, _BLOCKS):
            yield _piece(loop, statement, ast.unparse(statement), depth)
            continue
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            for decorator in statement.decorator_list:
                yield _piece(loop, decorator, f"@{ast.unparse(decorator)}", depth)
        yield _piece(loop, statement, _header(statement), depth)
        yield from _walk(loop, statement.body, depth + 1)
        rest = getattr(statement, "orelse", [])
        if rest:
            yield _piece(loop, rest[0], "else:", depth)
            yield from _walk(loop, rest, depth + 1)


def _header(statement: ast.stmt) -> str:
    """The first line of a block."""
    rows = ast.unparse(statement).split("\n")
    return next(row for row in rows if not row.startswith("@"))


def _piece(loop: Loop, node: ast.AST, unparsed: str, depth: int) -> Piece:
    """A statement as the document has it; a wrapped header on one line."""
    line = loop.line(node)
    segment = ast.get_source_segment(loop.source, node) or unparsed
    whole = not unparsed.endswith(":") and not unparsed.startswith("@")
    return Piece(_dedented(segment) if whole else unparsed, (f"line {line}",), depth, line)


def _dedented(code: str) -> str:
    """Code whose first row has lost its indentation, the others with it."""
    first, *rest = code.split("\n")
    if not rest:
        return first
    margin = min((len(row) - len(row.lstrip()) for row in rest if row.strip()), default=0)
    closing = rest[-1].strip() in {")", "]", "}", "))"}
    indent = "" if closing else "    "
    return "\n".join([first, *(f"{indent}{row[margin:]}".rstrip() for row in rest)])


def _likeness(a: Piece, b: Piece) -> float:
    """How alike two statements are, from their words; certain where they say the same."""
    one, other = Counter(_WORD.findall(a.code)), Counter(_WORD.findall(b.code))
    score = 2 * (one & other).total() / max(1, one.total() + other.total())
    if score < LIKE:
        return 0.0
    return score + (1.0 if same_python(a.code, b.code, Names()) else 0.0)
