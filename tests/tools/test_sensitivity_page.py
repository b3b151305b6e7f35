"""The page and the report of a campaign."""

from __future__ import annotations

import json

import pytest

from core.check.sensitivity.alternatives import ALTERNATIVES
from core.check.sensitivity.kept import FORMAT, Kept
from core.check.sensitivity.verdict import REFUSED_BY_RULES, TRACE, Fate, Honest, Verdict
from tests.conftest import REPOSITORY
from tests.tools.schemas import problems
from tools import sensitivity_page
from tools.cli import sensitivity_report


def _verdict(
    backend: str, name: str, fate: Fate, others: tuple[str, ...] | None = None, of: str = "section"
) -> Verdict:
    level = "number" if fate is Fate.CAUGHT else ""
    return Verdict("guide/a", backend, name, "loop", "in words", fate, level, "why", others, of)


FOUND = Kept(
    FORMAT,
    "parity sensitivity",
    "2026-11-28",
    {"cpu": "a processor"},
    {REFUSED_BY_RULES: 5, "an argument": 2},
    (
        _verdict("jax", "a", Fate.CAUGHT),
        _verdict("tensorflow", "a", Fate.CAUGHT, ("exact output",)),
        _verdict("tensorflow", "b", Fate.SURVIVED, ()),
        _verdict("jax", "b", Fate.SURVIVED),
        _verdict("jax", "c", Fate.EQUIVALENT),
        _verdict("jax", "d", Fate.REFUSED),
        _verdict("jax", "e", Fate.CAUGHT, of=TRACE),
    ),
    Honest(40, (), 4, {"exact output": 3}),
)


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(999, 1000, "99.9 %"), (1999, 2000, "99.9 %"), (5, 5, "100.0 %"), (0, 0, "none of 0")],
)
def test_a_share_is_never_rounded_up(part: int, whole: int, text: str) -> None:
    assert text == sensitivity_report.share(part, whole)


def test_the_page_says_what_was_found() -> None:
    page = sensitivity_page.page(FOUND)
    assert "**3 of 5 defects caught** (60.0 %), 1 of them in traces" in page
    assert "**0 false alarms in 40 honest runs**" in page
    assert "| number | 3 |" in page
    assert "| `guide/a` | 2 of 3 | 1 of 2 |" in page
    assert "- `b@loop` (in words) in `guide/a@tensorflow`, `guide/a@jax`: why" in page
    assert "| exact output: nbval | 50.0 % | 3 of 4 |" in page
    assert "| an argument | 2 |" in page
    assert all(name in page for name in ALTERNATIVES)


def test_the_report_says_the_decision_first(capsys: pytest.CaptureFixture[str]) -> None:
    sensitivity_report.print_report(FOUND, interrupted=False)
    lines = capsys.readouterr().out.splitlines()
    assert "3 of 5 defects caught (60.0 %), 0 false alarms in 40 honest runs" == lines[0]
    assert any("guide/a@jax b@loop (in words): why" in line for line in lines)


def test_the_document_keeps_to_its_schema(capsys: pytest.CaptureFixture[str]) -> None:
    sensitivity_report.emit_report(FOUND, interrupted=True)
    document = json.loads(capsys.readouterr().out)
    assert [] == problems(document)
    assert document["decision"].startswith("interrupted; so far 3 of 5")
    assert {"runs": 40, "alarms": 0} == {k: document["honest"][k] for k in ("runs", "alarms")}
    assert ["b", "b"] == [survivor["operator"] for survivor in document["survivors"]]


def test_the_recorded_campaign_and_its_page_agree() -> None:
    found = sensitivity_page.recorded()
    shown = REPOSITORY / "docs" / "sensitivity.md"
    assert shown.exists() is (found is not None)
    if found is not None:
        assert sensitivity_page.page(found) == shown.read_text(encoding="utf-8")
