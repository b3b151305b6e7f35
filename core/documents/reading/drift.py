"""Where the code of two documents differs, statement by statement."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Literal

from attrs import frozen

from core.documents.reading.alignment import MOST_STATEMENTS, CellStatement, placed_statements
from core.documents.reading.document import Document, document_finding
from core.trace.finding import Finding, FindingCode

_LONGEST_QUOTE = 100


@frozen
class CodeDifference:
    """Statements that one document has and the other has not, or has otherwise.

    Attributes:
        kind: `changed`, `missing` (only in the first document) or `added` (only in the second).
        a_lines: first and last line in the first document; where code is `added`, the line of the
            statement it comes after, twice.
        b_lines: the same in the second document.
        a_code: the rows as written in the first document, empty where `added`.
        b_code: the rows in the second, empty where `missing`.
    """

    kind: Literal["changed", "missing", "added"]
    a_lines: tuple[int, int]
    b_lines: tuple[int, int]
    a_code: str
    b_code: str


@frozen
class CodeComparison:
    """The code of two documents, aligned.

    Attributes:
        comparable: whether both are written in one language and short enough to align.
        statements: how many statements each holds.
        same: how many say the same, in the same order and depth.
        differences: the others, in order.
    """

    comparable: bool
    statements: tuple[int, int]
    same: int
    differences: tuple[CodeDifference, ...]

    @property
    def identical(self) -> bool:
        """Whether the code says the same throughout."""
        return self.comparable and not self.differences


def compare_code(a: Document, b: Document) -> CodeComparison:
    """Align the statements of two documents by their syntax.

    Comments, blank space, quotes and trailing commas do not matter; names and figures do, and how
    deep a statement stands. How code is divided into cells does not.
    """
    ours, theirs = placed_statements(a), placed_statements(b)
    sizes = (len(ours), len(theirs))
    languages = {a.language, b.language} - {"other"}
    if len(languages) > 1 or max(sizes) > MOST_STATEMENTS:
        return CodeComparison(False, sizes, 0, ())
    keys = [[placed.statement.key for placed in side] for side in (ours, theirs)]
    matcher = SequenceMatcher(None, keys[0], keys[1], autojunk=False)
    same = 0
    differences = []
    for tag, a1, a2, b1, b2 in matcher.get_opcodes():
        if tag == "equal":
            same += a2 - a1
            continue
        kind: Literal["changed", "missing", "added"] = "changed"
        if tag == "delete":
            kind = "missing"
        elif tag == "insert":
            kind = "added"
        differences.append(
            CodeDifference(
                kind,
                _lines(ours, a1, a2),
                _lines(theirs, b1, b2),
                _code(ours[a1:a2]),
                _code(theirs[b1:b2]),
            )
        )
    return CodeComparison(True, sizes, same, tuple(differences))


def _lines(side: list[CellStatement], first: int, after: int) -> tuple[int, int]:
    """Lines of some statements; of none, the line of the statement before them, twice."""
    if first < after:
        return side[first].lines[0], side[after - 1].lines[1]
    if not side:
        return 1, 1
    before = side[first - 1].lines[1] if first else side[0].lines[0]
    return before, before


def _code(side: list[CellStatement]) -> str:
    return "\n".join(placed.source for placed in side)


def drift_findings(
    code: FindingCode, a: Document, b: Document, comparison: CodeComparison
) -> tuple[Finding, ...]:
    """One warning for each difference, at the line in the second document.

    Args:
        code: `translation-drift` or `rendering-stale`.
        a: the original.
        b: the document that should say the same.
        comparison: what `compare_code(a, b)` gave.
    """
    return tuple(
        document_finding(
            code,
            b.path,
            difference.b_lines[0],
            message=_message(difference, a),
            evidence=f"{_quoted('there', difference.a_code)}; {_quoted('here', difference.b_code)}",
        )
        for difference in comparison.differences
    )


def _message(difference: CodeDifference, a: Document) -> str:
    there = f"{a.path}:{difference.a_lines[0]}"
    if difference.kind == "missing":
        return f"code of {there} is missing here"
    if difference.kind == "added":
        return f"this code is not in {a.path} (after line {difference.a_lines[0]})"
    return f"this code differs from {there}"


def _quoted(where: str, code: str) -> str:
    first = code.strip().split("\n", 1)[0].strip()
    if not first:
        return f"{where} nothing"
    more = "…" if len(first) > _LONGEST_QUOTE or "\n" in code.strip() else ""
    return f"{where} {first[:_LONGEST_QUOTE]!r}{more}"
