"""A document's loop beside a section in a dialect, or beside another document."""

from __future__ import annotations

from pathlib import Path

import attrs

from core.dialects import DIALECTS, Printing, printed
from core.diff.comparison import Comparison
from core.diff.documents.explaining import explained, explained_beside
from core.diff.documents.pieces import pieces, structure, with_ops
from core.diff.documents.standing_alone import standing_alone
from core.diff.found import SpecDifference
from core.diff.rows import Row, Side, align, side
from core.diff.subject import Subject, Titled
from core.diff.traits import dialect_differences
from core.documents.facts import seed
from core.documents.facts.parts import parts
from core.documents.facts.source import Loop, read_loop

_CONTRADICTED = {
    "training flag:": "called with",
    "metric reset:": "metric:",
    "tracked losses:": "losses that the model tracks:",
    "one metric:": "validation metric:",
    "compiled:": "step runs",
}
"""What is said of a section's loop and `fit`, and what found in a document makes it untrue."""


def document_beside_section(path: Path, section: Subject, guides: Path) -> Comparison:
    """A document and a section: what differs in words, then the code, op by op.

    Nothing is run and no framework imported. The section is printed as a program of its own.

    Raises:
        UsageError: the document cannot be read, or the dialect cannot say what the section does.
    """
    scenario = section.scenario
    loop = read_loop(path, scenario.section.partition("~")[0], scenario.guide.id, guides)
    alone = standing_alone(scenario)
    options = Printing(seed=seed(loop.tree) or 1)
    reference = printed(alone, DIALECTS[_reference(loop, section)], options)
    found = list(explained(loop, reference))
    said = {one.what for one in found}
    for one in dialect_differences(alone, DIALECTS[reference.dialect], section.dialect):
        untrue = _CONTRADICTED.get(one.what)
        if untrue is None or not any(what.endswith(untrue) for what in said):
            found.append(one)
    if section.dialect.id == "fit":  # which compiles its step, whatever the section's loop does
        found = [one for one in found if one.what != "step runs"]
    shown = printed(alone, section.dialect, options)
    known = [one.ops for one in found]
    own = with_ops(pieces(loop), side(reference).pieces, known, structure(loop))
    a = Titled(str(path), DIALECTS[reference.dialect])
    rows = align(Side("python", own), side(shown), None, known)
    return Comparison(a, section.titled, tuple(found), rows)


def documents_beside(one: Path, other: Path, known: Path) -> Comparison:
    """Two documents.

    Raises:
        UsageError: a document cannot be read.
    """
    a, b = (read_loop(path, "", "", known) for path in (one, other))
    found = explained_beside(a, b)
    theirs = [
        attrs.evolve(piece, ops=(f"statement[{n}]", *piece.ops))
        for n, piece in enumerate(pieces(b))
    ]
    own = with_ops(pieces(a), theirs)
    rows = align(
        Side("python", own), Side("python", tuple(theirs)), None, [one.ops for one in found]
    )
    return Comparison(_named(a), _named(b), found, rows)


def turned(comparison: Comparison) -> Comparison:
    """The same comparison with its sides exchanged."""
    return Comparison(
        comparison.b,
        comparison.a,
        tuple(_turned(one) for one in comparison.spec),
        tuple(_turned_row(row) for row in comparison.rows),
    )


def _reference(loop: Loop, section: Subject) -> str:
    """The dialect of the program that a document is questioned beside."""
    asked = parts(loop.tree)
    trains_by_fit = bool(asked.fits) and not asked.step
    return "fit" if trains_by_fit and section.dialect.id == "fit" else loop.dialect


def _named(loop: Loop) -> Titled:
    """A document as a side."""
    return Titled(str(loop.path), DIALECTS[loop.dialect])


def _turned(one: SpecDifference) -> SpecDifference:
    return attrs.evolve(one, a=one.b, b=one.a, ops=(one.ops[1], one.ops[0]))


def _turned_row(row: Row) -> Row:
    return attrs.evolve(row, a=row.b, b=row.a, a_pieces=row.b_pieces, b_pieces=row.a_pieces)
