"""Levels of findings, and the counts of a campaign."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.check.sensitivity import kept
from core.check.sensitivity.kept import FORMAT, Kept
from core.check.sensitivity.verdict import (
    REFUSED_BY_RULES,
    Fate,
    Honest,
    Level,
    Verdict,
    first_level,
    level_of,
    summary,
)
from core.errors import GoldenError
from core.trace.finding import Finding, FindingCode, Severity


def _finding(field: str, severity: Severity = Severity.ERROR) -> Finding:
    return Finding(
        code=FindingCode.GOLDEN_MISMATCH,
        severity=severity,
        where=f"guide/section@jax (station late): {field}",
        message="it differs",
        evidence="rule: equal",
        remedy="find the change",
    )


@pytest.mark.parametrize(
    ("field", "level"),
    [
        ("counters.steps", Level.COUNTER),
        ("counters.val_acc hits[0]", Level.COUNTER),
        ("losses.loss[3]", Level.NUMBER),
        ("losses.loss", Level.STRUCTURE),
        ("variables.model/0/kernel", Level.NUMBER),
        ("metrics.val_acc", Level.STRUCTURE),
        ("metrics.val_acc[0]", Level.NUMBER),
        ("models.model.layers[1]", Level.STRUCTURE),
    ],
)
def test_the_level_follows_from_the_field(field: str, level: Level) -> None:
    assert level is level_of(_finding(field))


def test_the_first_level_is_named_whatever_the_order_of_findings() -> None:
    number, counter = _finding("losses.loss[3]"), _finding("counters.steps")
    assert (Level.COUNTER, counter) == first_level([number, counter])
    assert None is first_level([])
    assert None is first_level([_finding("losses.loss[3]", Severity.NOTE)])


def _verdict(
    name: str, fate: Fate, level: str = "", others: tuple[str, ...] | None = None
) -> Verdict:
    return Verdict("guide/a", "jax", name, "loop", "in words", fate, level, "why", others)


VERDICTS = (
    _verdict("a", Fate.CAUGHT, "number", ("exact",)),
    _verdict("b", Fate.CAUGHT, "counter", ()),
    _verdict("c", Fate.CAUGHT, "number"),
    _verdict("d", Fate.SURVIVED, others=("exact",)),
    _verdict("e", Fate.EQUIVALENT, others=("exact",)),
    _verdict("f", Fate.REFUSED),
)


def test_only_what_a_run_can_show_counts_as_a_defect() -> None:
    settled = {REFUSED_BY_RULES: 5, "an argument": 2}
    found = summary(VERDICTS, settled, ("exact", "loose"))
    assert (4, 3, 6, 3) == (found.defects, found.equivalent, found.refused, found.caught)
    assert {"number": 2, "counter": 1} == {k: v for k, v in found.levels.items() if v}
    assert (3, {"exact": 2, "loose": 0}) == (found.judged_by_others, found.alternatives)
    assert [VERDICTS[3]] == list(found.survivors)


def test_a_campaign_is_read_as_it_was_written(tmp_path: Path) -> None:
    honest = Honest(7, ("an alarm",), 2, {"exact": 1})
    settled = {"an argument": 2}
    called = "parity sensitivity"
    whole = Kept(FORMAT, called, "2026-11-28", {"python": "3.11"}, settled, VERDICTS, honest)
    path = tmp_path / "kept.json"
    assert None is kept.read(path)
    kept.write(path, whole)
    assert whole == kept.read(path)
    path.write_text(path.read_text().replace("survived", "forgotten"))
    with pytest.raises(GoldenError, match="forgotten"):
        kept.read(path)
