"""Which findings of a document are accepted, and which entries accept nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path, PurePath

from attrs import frozen

from core.documents.accepting.accepted import Accepted
from core.documents.accepting.reading import Entry
from core.documents.reading import Document
from core.trace.finding import Finding, FindingCode


@frozen
class Applied:
    """What is left of a document's findings.

    Attributes:
        left: findings that nobody accepts.
        accepted: the others.
        used: entries that a finding answers to, expired ones included.
    """

    left: tuple[Finding, ...]
    accepted: tuple[Accepted, ...]
    used: frozenset[Entry]


def accept(
    findings: Iterable[Finding], document: Document, entries: Sequence[Entry], today: date
) -> Applied:
    """Take accepted findings out of a document's findings; notes never fail and stay.

    Args:
        findings: the document's findings.
        document: the document.
        entries: what is accepted.
        today: an entry holds on its last day, and no longer.
    """
    left: list[Finding] = []
    accepted: list[Accepted] = []
    used: set[Entry] = set()
    for finding in findings:
        mine = [entry for entry in entries if _answers(entry, finding, document)]
        used.update(mine)
        valid = [entry for entry in mine if today <= entry.expires]
        if valid and finding.fails:
            accepted.append(Accepted(finding, valid[0].reason, valid[0].expires))
        else:
            left.append(finding)
    return Applied(tuple(left), tuple(accepted), frozenset(used))


def leftovers(
    entries: Sequence[Entry], used: Collection[Entry], documents: Sequence[Path], today: date
) -> Iterator[Finding]:
    """Entries that have run out, and those that accept nothing in the documents they name.

    An entry whose documents were not looked at is left alone.
    """
    for entry in entries:
        if not any(_names(entry, path) for path in documents):
            continue
        if entry not in used:
            yield Finding(
                FindingCode.ACCEPTANCE_UNUSED,
                where=entry.where,
                message=f"nothing is left of the accepted {entry.code}",
                evidence=f"no such finding in the documents that {entry.document!r} names",
            )
        elif today > entry.expires:
            yield Finding(
                FindingCode.ACCEPTANCE_EXPIRED,
                where=entry.where,
                message=f"{entry.code} was accepted until {entry.expires}",
                evidence=f"it is still found; its reason was: {entry.reason}",
            )


def _names(entry: Entry, path: Path) -> bool:
    return PurePath(path).match(entry.document) or path.resolve().match(entry.document)


def _answers(entry: Entry, finding: Finding, document: Document) -> bool:
    if entry.code != finding.code or not _names(entry, document.path):
        return False
    lines = lines_of(finding, document)
    if entry.line is not None:
        return lines is not None and lines[0] <= entry.line <= lines[1]
    if entry.section is None:
        return True
    if lines is None:
        return False
    inside = [section for section in document.sections if section.line <= lines[0]]
    chosen = inside[-1] if inside else document.sections[0]
    return entry.section.casefold() in (chosen.id.casefold(), chosen.title.casefold())


def lines_of(finding: Finding, document: Document) -> tuple[int, int] | None:
    """The first and last line that a finding names in a document; None for the whole of it."""
    head = f"{document.path}:"
    if not finding.where.startswith(head):
        return None
    first, _, last = finding.where.removeprefix(head).partition("-")
    if not first.isdigit():
        return None
    return int(first), int(last) if last.isdigit() else int(first)
