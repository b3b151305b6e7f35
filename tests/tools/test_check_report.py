"""The report of a check: a screen when all is well, and each fact once when it is not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import pytest
from attrs import evolve

from core.check.judging import CheckReport, Result, Status
from core.check.judging.result import Figures
from core.check.judging.trends import Trends
from core.trace.finding import Finding, FindingCode, Severity
from tests.tools.example_checks import failing, whole_check
from tools.cli.check_report import packed, print_report, report_fields
from tools.cli.printing import Printer


class Printed(Protocol):
    """Prints a report; the lines of it."""

    def __call__(
        self,
        report: CheckReport,
        width: int = 80,
        *,
        verbose: bool = False,
        repeat: Sequence[str] = (),
        here: str = "a quick one",
    ) -> list[str]:
        """The lines in a pipe of some width, on some processor."""


@pytest.fixture(scope="module")
def report() -> CheckReport:
    """All 25 scenarios on three backends, all well, on a processor that was measured."""
    return evolve(whole_check(), measured_on=("AMD EPYC", "a quick one"))


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Printed:
    """The lines of a report in a pipe of some width, on a processor that was measured."""
    monkeypatch.delenv("COLUMNS", raising=False)

    def lines(
        report: CheckReport,
        width: int = 80,
        *,
        verbose: bool = False,
        repeat: Sequence[str] = (),
        here: str = "a quick one",
    ) -> list[str]:
        monkeypatch.setattr("tools.cli.check_report._here", lambda _: here)
        decision = f"{report.decision}, {report.seconds:.0f} s"
        print_report(Printer(width), report, decision, repeat, verbose)
        return capsys.readouterr().out.splitlines()

    return lines


def _mismatch(result: Result) -> Finding:
    return Finding(
        FindingCode.GOLDEN_MISMATCH,
        f"{result.scenario}@{result.backend} (station late): losses.loss",
        "loss differs",
        "found 0.5 at step 3, expected 0.4; rule: within 1e-06",
    )


def test_a_whole_check_fits_on_a_screen(report: CheckReport, printed: Printed) -> None:
    lines = printed(report)
    assert "all 75 runs passed (25 scenarios), 509 s; 4 known notes, -v shows them" == lines[0]
    assert ["guide", "section", "tensorflow", "jax", "torch"] == lines[1].split()
    assert 24 == len(lines)
    assert max(map(len, lines)) <= 80
    assert "…" not in "".join(lines)
    assert lines == [line.rstrip() for line in lines]


def test_every_section_has_one_line_and_a_translation_stands_beside_its_original(
    report: CheckReport, printed: Printed
) -> None:
    lines = printed(report)
    sections = [line[15:32].strip() for line in lines[2:22]]
    scenarios = dict.fromkeys(r.scenario for r in report.results if not r.shares)
    assert [scenario.partition("/")[2] for scenario in scenarios] == sections
    guides = [line[:14].strip() for line in lines[2:22] if line[:14].strip()]
    assert ["dcgan_article", "keras_io_tf,", "keras_io_tf_zh", "multi_backend", "r_style"] == guides
    assert all(3 == line.count("✓") for line in lines[2:22])


def test_a_cell_shows_the_difference_for_its_limit_and_the_accuracy(printed: Printed) -> None:
    figures = Figures(largest_share=0.125, accuracy=0.9, last={"loss": 1.0})
    shown = {
        "✓  0.12 0.9000": Result("toy/a", "jax", Status.PASSED, (), 1.0, figures),
        "✗  3.50 0.9000": Result(
            "toy/b", "jax", Status.FAILED, (), 1.0, evolve(figures, largest_share=3.5)
        ),
        "✗  >999 0.9000": Result(
            "toy/c", "jax", Status.FAILED, (), 1.0, evolve(figures, largest_share=float("inf"))
        ),
        "✓ trend 0.9000": Result(
            "toy/d", "jax", Status.PASSED, (), 1.0, evolve(figures, largest_share=None)
        ),
        "✓     0": Result("toy/e", "jax", Status.PASSED, (), 1.0, Figures(largest_share=0.0)),
        "✗ error": Result("toy/f", "jax", Status.ERROR, (), 1.0),
        "– skipped": Result("toy/g", "jax", Status.SKIPPED, (), 0.0),
    }
    lines = printed(CheckReport(tuple(shown.values()), (), 1.0))
    cells = [line[line.index("jax") :] for line in lines[1:2]]
    start = lines[1].index("jax")
    assert ["jax", *shown] == [*cells, *(line[start:] for line in lines[2:9])]


@pytest.mark.parametrize("width", [60, 79, 80, 160])
def test_no_table_is_wider_than_its_terminal_and_none_loses_a_word(
    report: CheckReport, printed: Printed, width: int
) -> None:
    lines = printed(report, width)
    rows = [line for line in lines if "✓" in line]
    assert [3] * 20 == [row.count("✓") for row in rows]
    assert all(len(row) <= width for row in rows)
    assert "…" not in "".join(lines)
    assert (width >= 80) == ("0.9414" in "".join(lines))


def test_another_processor_than_those_that_were_measured_is_named(
    report: CheckReport, printed: Printed
) -> None:
    once = evolve(report, measured_on=("AMD EPYC",))
    lines = printed(once, here="Intel(R) Xeon(R) Processor @ 2.80GHz, AVX-512")
    rate = f"false alarms at most {report.trends.false_alarm_rate:.1e}"
    assert f"{rate}; measured on AMD EPYC, this is Intel Xeon, AVX-512" == lines[-1]
    assert 24 == len(lines)
    assert max(map(len, lines)) <= 80
    assert rate == printed(report)[-1]
    unjudged = evolve(report, trends=Trends())
    assert "false alarms" not in "".join(printed(unjudged))


def test_an_emulated_processor_is_named_as_one(report: CheckReport) -> None:
    summary = report_fields(evolve(report, emulating="EPYC"))["summary"]
    assert isinstance(summary, dict)
    recorded = ["AMD EPYC", "a quick one"]
    assert {"here": "emulated EPYC", "recorded": recorded} == summary["processor"]


def test_the_document_names_the_processors(
    report: CheckReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.cli.check_report._here", lambda _: "another")
    summary = report_fields(report)["summary"]
    assert isinstance(summary, dict)
    recorded = ["AMD EPYC", "a quick one"]
    assert {"here": "another", "recorded": recorded} == summary["processor"]


def test_the_largest_difference_of_all_is_said_with_its_place(
    report: CheckReport, printed: Printed
) -> None:
    near, far = Figures(largest_share=0.25), Figures(largest_share=2.5)
    results = (
        Result("toy/a", "jax", Status.PASSED, (), 1.0, near),
        Result("toy/b", "torch", Status.FAILED, (), 1.0, far),
        Result("toy/b", "jax", Status.PASSED, (), 1.0),
    )
    said = "largest difference 2.50 of its limit, toy/b@torch"
    assert said == printed(CheckReport(results, (), 1.0))[-1]
    assert "largest difference" not in "".join(printed(CheckReport(results[2:], (), 1.0)))
    assert any(line.startswith("largest difference 0 ") for line in printed(report))


def test_verbose_shows_notes_and_how_trends_were_judged(
    report: CheckReport, printed: Printed
) -> None:
    quiet, loud = printed(report), printed(report, verbose=True)
    assert not [line for line in quiet if line.startswith("note ")]
    assert 4 == len([line for line in loud if line.startswith("note ")])
    assert "known note" not in loud[0]
    assert quiet[1:] == loud[1 : len(quiet)]
    assert any(line.startswith("Trends: ") for line in loud)


def test_a_failure_is_said_once_after_everything_else(
    report: CheckReport, printed: Printed
) -> None:
    broken = failing(report, lambda r: r.scenario.endswith("tf/gan"), _mismatch)
    lines = printed(broken, repeat=["parity check keras_io_tf/gan"])
    assert "3 of 75 runs failed (25 scenarios), 509 s; 4 known notes, -v shows them" == lines[0]
    where = "keras_io_tf/gan@tensorflow, jax, torch (station late): losses.loss"
    assert [
        f"error golden-mismatch  {where}",
        "    loss differs",
        "    evidence: found 0.5 at step 3, expected 0.4; rule: within 1e-06",
        f"    remedy: {FindingCode.GOLDEN_MISMATCH.remedy}",
        "to repeat what failed: parity check keras_io_tf/gan",
    ] == [line for line in lines[-5:] if line]


def test_errors_come_after_warnings_and_notes(report: CheckReport, printed: Printed) -> None:
    def warning(result: Result) -> Finding:
        return evolve(_mismatch(result), severity=Severity.WARNING, message="another")

    broken = failing(report, lambda r: r.scenario == "dcgan_article/dcgan", _mismatch)
    broken = failing(broken, lambda r: r.scenario == "r_style/gan", warning)
    lines = printed(broken, verbose=True)
    kinds = [line.split()[0] for line in lines if line.startswith(("note", "warning", "error"))]
    assert ["note"] * 4 + ["warning", "error"] == kinds


def test_a_translation_that_fares_otherwise_has_lines_of_its_own(
    report: CheckReport, printed: Printed
) -> None:
    broken = failing(report, lambda r: r.scenario == "keras_io_tf_zh/gan", _mismatch)
    lines = printed(broken)
    guides = [line[:14].strip() for line in lines[2:27] if line[:14].strip()]
    expected = ["dcgan_article", "keras_io_tf", "keras_io_tf_zh", "multi_backend", "r_style"]
    assert expected == guides
    assert [3] == [line.count("✗") for line in lines if "✗" in line]


def test_what_holds_for_the_whole_check_is_said_once_without_asking(printed: Printed) -> None:
    missing = Finding(FindingCode.BACKEND_MISSING, "toy/a@torch", "left out", "none", remedy="pip")
    other = "this run: seed 5 on digits; golden: seed 12 on digits"
    trend = Finding(FindingCode.GOLDEN_TREND_ONLY, "toy/a@jax", "judged by trend only", other)
    results = [Result(f"toy/{name}", "torch", Status.SKIPPED, (missing,), 0.0) for name in "ab"]
    results += [Result(f"toy/{name}", "jax", Status.PASSED, (trend, trend), 1.0) for name in "ab"]
    lines = printed(CheckReport(tuple(results), (), 1.0))
    assert "all 2 runs passed (2 scenarios); 2 skipped, 1 s" == lines[0]
    assert ["torch is not installed: pip", f"judged by trend only: {other}"] == lines[-2:]
    assert 6 == len(lines)


def test_clauses_share_a_line_as_long_as_it_holds_them() -> None:
    assert ["one; two", "three"] == packed(["one", "two", "three"], 10)
    assert ["too long for it", "x"] == packed(["too long for it", "x"], 5)
    assert [] == packed([], 80)


def test_what_a_whole_check_is_compared_with_was_measured_somewhere() -> None:
    assert whole_check().measured_on
