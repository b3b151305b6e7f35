"""The README is short, and what it shows is what happens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tools.cli.main import FINDINGS, run

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


def test_it_has_at_most_900_words() -> None:
    assert 900 >= len(README.split())


def test_every_make_target_shown_exists() -> None:
    targets = re.findall(r"^([a-z]+):", (REPOSITORY / "Makefile").read_text(), re.MULTILINE)
    shown = re.findall(r"^\$ make ([a-z]+)", README, re.MULTILINE)
    assert {"check", "test"} <= set(shown)
    assert set() == set(shown) - set(targets)


def test_the_first_example_prints_what_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    document = README.partition("````markdown\n")[2].partition("````")[0]
    assert 6 == len(document.splitlines())
    monkeypatch.chdir(tmp_path)
    Path("doc.md").write_text(document, encoding="utf-8")
    command, _, shown = README.partition("```console\n$ ")[2].partition("```")[0].partition("\n")
    assert FINDINGS == run(command.split()[1:])
    printed = " ".join(capsys.readouterr().out.split())
    pieces = [" ".join(piece.split()) for piece in shown.split("…")]
    assert 2 == len(pieces)
    assert (True, True) == (printed.startswith(pieces[0]), printed.endswith(pieces[1]))
