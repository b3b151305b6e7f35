"""Which findings are accepted: by code, document, section or line, and up to a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from attrs import evolve

from core.documents.accepting import Entry, accept, leftovers
from core.documents.reading import Document, document_finding
from core.trace.finding import Finding, FindingCode, Severity
from tests.core.documents.rules.handmade import document

TEXT = """
# One

```python
a = 1
```

## Two

```python
b = 2
```
"""
TODAY = date(2026, 5, 1)
ENTRY = Entry("never-called", "*.md", "known", date(2026, 5, 1), None, None, "accepted.yml:2")


@pytest.fixture
def read(tmp_path: Path) -> Document:
    return document(tmp_path, TEXT)


def at(read: Document, line: int | None, severity: Severity = Severity.WARNING) -> Finding:
    return document_finding(
        FindingCode.NEVER_CALLED,
        read.path,
        line,
        message="m",
        evidence="e",
        remedy="r",
        severity=severity,
    )


def test_a_finding_is_accepted_with_its_reason_up_to_the_last_day(read: Document) -> None:
    finding = at(read, 4)
    applied = accept([finding], read, [ENTRY], TODAY)
    assert () == applied.left
    assert [(finding, "known", date(2026, 5, 1))] == [
        (one.finding, one.reason, one.expires) for one in applied.accepted
    ]
    late = accept([finding], read, [ENTRY], date(2026, 5, 2))
    assert ((finding,), ()) == (late.left, late.accepted)
    assert {ENTRY} == late.used


@pytest.mark.parametrize(
    ("entry", "accepted"),
    [
        (evolve(ENTRY, code="zero-steps"), False),
        (evolve(ENTRY, document="other.md"), False),
        (evolve(ENTRY, document="*/document.md"), True),
        (evolve(ENTRY, line=10), True),
        (evolve(ENTRY, line=4), False),
        (evolve(ENTRY, section="two"), True),
        (evolve(ENTRY, section="Two"), True),
        (evolve(ENTRY, section="one"), False),
    ],
)
def test_an_entry_answers_by_code_document_line_and_section(
    read: Document, entry: Entry, accepted: bool
) -> None:
    assert accepted == bool(accept([at(read, 10)], read, [entry], TODAY).accepted)


def test_a_finding_of_the_whole_document_has_no_line(read: Document) -> None:
    whole = at(read, None)
    assert (whole,) == accept([whole], read, [evolve(ENTRY, line=4)], TODAY).left
    assert () == accept([whole], read, [ENTRY], TODAY).left


def test_notes_stay_for_they_never_fail(read: Document) -> None:
    note = at(read, 4, Severity.NOTE)
    applied = accept([note], read, [ENTRY], TODAY)
    assert ((note,), ()) == (applied.left, applied.accepted)


def test_entries_that_ran_out_or_accept_nothing_are_notes(read: Document) -> None:
    expired = evolve(ENTRY, expires=date(2026, 4, 30))
    elsewhere = evolve(ENTRY, document="another.md")
    unused = evolve(ENTRY, code="zero-steps")
    found = list(
        leftovers([ENTRY, expired, elsewhere, unused], {ENTRY, expired}, [read.path], TODAY)
    )
    assert ["acceptance-expired", "acceptance-unused"] == [one.code for one in found]
    assert not any(one.fails for one in found)
    assert {"accepted.yml:2"} == {one.where for one in found}
