"""The file of accepted findings: what it may say, and what is wrong in it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from core.documents.accepting import read_accept_file
from core.errors import UsageError

ENTRY = """\
accept:
  - code: zero-steps
    document: "guides/*.md"
    reason: a new edition is under review
    expires: 2027-01-31
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "accepted.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_entry_says_what_why_and_until_when(tmp_path: Path) -> None:
    path = written(tmp_path, ENTRY + "    section: speeding-up\n")
    (entry,) = read_accept_file(path)
    assert ("zero-steps", "guides/*.md") == (entry.code, entry.document)
    assert ("a new edition is under review", date(2027, 1, 31)) == (entry.reason, entry.expires)
    assert ("speeding-up", None, f"{path}:2") == (entry.section, entry.line, entry.where)


def test_an_empty_file_accepts_nothing(tmp_path: Path) -> None:
    assert () == read_accept_file(written(tmp_path, "# nothing yet\n"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ENTRY.replace("    reason: a new edition is under review\n", ""), "reason missing"),
        (ENTRY.replace("    expires: 2027-01-31\n", ""), "expires missing"),
        (ENTRY.replace("2027-01-31", "soon"), "expires 'soon'"),
        (ENTRY.replace("reason: a new edition is under review", "reason: 3"), "reason 3"),
        (ENTRY + "    lines: 3\n", "unknown field lines"),
        (ENTRY + "    line: 0\n", "line 0"),
        ("accept:\n  - zero-steps\n", "'zero-steps' is no entry"),
        ("- code: zero-steps\n", "another shape"),
        ("accept: [\n", "is no YAML"),
    ],
)
def test_what_is_wrong_is_named_with_its_file(tmp_path: Path, text: str, said: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(UsageError) as raised:
        read_accept_file(path)
    assert said in str(raised.value)
    assert str(path) in str(raised.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_accept_file(tmp_path / "nowhere.yml")
