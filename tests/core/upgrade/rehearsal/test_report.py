from __future__ import annotations

from core.upgrade.rehearsal.report import EnvironmentRow, Report, ResultRow, worst
from core.upgrade.rehearsal.verdict import Kind, Verdict

READY = (EnvironmentRow("old", "ready"), EnvironmentRow("new", "ready"))


def row(kind: Kind, candidate: str = "new", subject: str = "a/b") -> ResultRow:
    return ResultRow(subject, "old", candidate, Verdict(kind, 10, ""))


def test_the_first_line_is_the_decision() -> None:
    results = (row(Kind.IDENTICAL), row(Kind.ROUNDING), row(Kind.BROKEN), row(Kind.DIVERGED))
    report = Report(READY, results)
    assert "2 of 4 rounding or better, 1 diverged, 1 broken" == report.decision
    assert report.fails


def test_with_several_candidates_it_says_since_when() -> None:
    results = (row(Kind.IDENTICAL, "3.4"), row(Kind.BROKEN, "3.5"), row(Kind.BROKEN, "3.6"))
    assert "1 of 3 rounding or better, 2 broken since 3.5" == Report(READY, results).decision


def test_when_all_is_well_it_says_how_well() -> None:
    same = Report(READY, (row(Kind.IDENTICAL), row(Kind.IDENTICAL)))
    assert "2 of 2 rounding or better, all identical" == same.decision
    assert not same.fails
    near = Report(READY, (row(Kind.IDENTICAL), row(Kind.ROUNDING)))
    assert "2 of 2 rounding or better, 1 identical" == near.decision


def test_other_draws_and_the_same_trend_are_named_and_do_not_fail() -> None:
    report = Report(READY, (row(Kind.RANDOM_STREAM), row(Kind.SAME_TREND)))
    assert "0 of 2 rounding or better, 1 random stream, 1 same trend" == report.decision
    assert not report.fails


def test_an_environment_that_is_not_there_fails_and_is_named() -> None:
    report = Report((*READY, EnvironmentRow("other", "unresolvable")), (row(Kind.IDENTICAL),))
    assert report.fails
    assert report.decision.endswith("; other: unresolvable")


def test_without_a_result_nothing_was_compared() -> None:
    assert Report(READY, (), left_out={"a/b": "its loop is exhausted"}).impossible
    assert not Report(READY, (row(Kind.BROKEN),)).impossible


def test_the_worst_verdict_is_the_last_of_their_order() -> None:
    assert Kind.BROKEN is worst([row(Kind.ROUNDING), row(Kind.BROKEN), row(Kind.IDENTICAL)])
    assert worst([]) is None
