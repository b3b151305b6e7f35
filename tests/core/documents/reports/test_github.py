"""GitHub's workflow commands: `::error file=…,line=…,title=…::message`, escaped."""

from __future__ import annotations

import re
from pathlib import Path

from core.documents.reports import github_annotations
from tests.core.documents.reports.reports import report_in

COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::([^\n\r]*)")


def rows(folder: Path, root: Path) -> list[tuple[str, dict[str, str], str]]:
    found = []
    for row in github_annotations([report_in(folder)], root):
        matched = COMMAND.fullmatch(row)
        assert matched, row
        kind, properties, message = matched.groups()
        found.append((kind, dict(p.split("=", 1) for p in properties.split(",")), message))
    return found


def test_errors_come_first_and_accepted_findings_are_notices(tmp_path: Path) -> None:
    assert ["error", "notice", "notice"] == [kind for kind, _, _ in rows(tmp_path, tmp_path)]


def test_a_command_names_file_line_and_code(tmp_path: Path) -> None:
    _, properties, _ = rows(tmp_path, tmp_path)[0]
    assert {"file": "fit%2C 1.md", "line": "10", "title": "cell-error"} == properties


def test_paths_are_those_of_the_checkout(tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    assert "docs/fit%2C 1.md" == rows(folder, tmp_path)[0][1]["file"]


def test_a_message_is_one_row_with_its_line_feeds_escaped(tmp_path: Path) -> None:
    _, _, message = rows(tmp_path, tmp_path)[0]
    assert message.startswith("50 %25 \x1b[1m<lost>%0Ain a row%0Aevidence: seen")
    assert "under review" in rows(tmp_path, tmp_path)[2][2]
