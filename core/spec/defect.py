"""An entry of the ledger of guide defects."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import field, frozen

from core.spec import rules


@frozen
class Defect:
    """What is wrong in a published text, how one can tell, and what we run instead.

    Attributes:
        id: `guide/section/word`.
        what: the defect in one sentence.
        evidence: what a reader sees who runs the published code.
        instead: what the scenario does.
        lines: lines of the published document (from 1) whose figures a faithful run does not
            reproduce because of it. A claim there that differs is a note, so lines that hold as
            published do not belong here.
    """

    id: str = field(validator=rules.text)
    what: str = field(validator=rules.text)
    evidence: str = field(validator=rules.text)
    instead: str = field(validator=rules.text)
    lines: tuple[int, ...] = field(default=(), validator=rules.lines)


def by_line(defects: Iterable[Defect]) -> dict[int, str]:
    """What is known to be wrong with the figure on each line of one guide's document.

    Args:
        defects: the ledger entries of one guide.

    Returns:
        The defects' sentences by line, as `core.check.compare.claims.judge_claims` takes them.
    """
    known: dict[int, str] = {}
    for defect in defects:
        for line in defect.lines:
            known[line] = f"{known[line]}; {defect.what}" if line in known else defect.what
    return known
