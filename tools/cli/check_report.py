"""The check's table for people, and its fields for programs."""

from __future__ import annotations

from collections.abc import Mapping

from rich.table import Table
from rich.text import Text

from core.check.compare.agreement import Agreement
from core.check.judging import CheckReport, Result, Status
from core.check.judging.result import Figures
from core.spec.catalog import Catalog
from core.trace.encoding import Json, plain
from core.trace.finding import Finding, Severity
from tools.cli.printing import Printer

WIDE = 140  # characters that the full table needs
_STYLE = {
    Status.PASSED: "green",
    Status.FAILED: "red",
    Status.ERROR: "red",
    Status.SKIPPED: "yellow",
}
_MARK = {
    Status.PASSED: "✓ passed",
    Status.FAILED: "✗ failed",
    Status.ERROR: "✗ error",
    Status.SKIPPED: "– skipped",
}
_SEVERITY = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def _losses(figures: Figures) -> str:
    lines = []
    for name, first in figures.first.items():
        golden = figures.golden_last.get(name)
        wanted = "none" if golden is None else f"{golden:.4f}"
        label = "" if name == "loss" else f"{name} "
        lines.append(f"{label}{first:.4f} → {figures.last[name]:.4f} ({wanted})")
    return "\n".join(lines)


def _agreement(figures: Figures) -> str:
    if figures.largest_relative is None:
        return "trend"
    if figures.largest_relative == 0:
        return f"equal, {figures.compared_steps} steps"
    return f"{figures.largest_relative:.0e}, {figures.compared_steps} steps"


def _accuracy(figures: Figures) -> str:
    if figures.accuracy is None:
        return ""
    if figures.published_accuracy is None:
        return f"{figures.accuracy:.4f}"
    return f"{figures.accuracy:.4f} ({figures.published_accuracy:.4f})"


def _claims(figures: Figures) -> str:
    return f"{figures.claims_held}/{figures.claims}" if figures.claims else ""


def _row(result: Result) -> tuple[str | Text, ...]:
    figures = result.figures
    verdict = Text(_MARK[result.status], style=_STYLE[result.status])
    ran = result.status in (Status.PASSED, Status.FAILED)
    return (
        result.scenario.partition("/")[2],
        result.backend,
        f"{figures.layers}" if ran else "",
        f"{figures.params:,}" if ran else "",
        _losses(figures),
        _agreement(figures) if ran else "",
        _accuracy(figures),
        _claims(figures),
        verdict,
        _seconds(result) if ran else "",
    )


def _seconds(result: Result) -> str:
    return "shared" if result.shares else f"{result.seconds:.1f}"


def _short_row(result: Result) -> tuple[str | Text, ...]:
    figures = result.figures
    losses = []
    for name, last in figures.last.items():
        golden = figures.golden_last.get(name)
        losses.append(f"{last:.4f} ({'none' if golden is None else f'{golden:.4f}'})")
    verdict = Text(_MARK[result.status], style=_STYLE[result.status])
    section = result.scenario.partition("/")[2]
    return section, result.backend, "\n".join(losses), verdict, _seconds(result)


def _short_table(title: str, results: list[Result]) -> Table:
    """The columns that fit into 80 characters."""
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column("section", overflow="fold")
    table.add_column("backend")
    table.add_column("last loss (golden)")
    table.add_column("verdict", no_wrap=True)
    table.add_column("seconds", justify="right")
    for result in results:
        table.add_row(*_short_row(result))
    return table


def print_table(printer: Printer, report: CheckReport, catalog: Catalog) -> None:
    """One table per guide; a narrow terminal gets fewer columns."""
    for entry in catalog.guides:
        ids = {scenario.id for scenario in entry.scenarios}
        mine = [result for result in report.results if result.scenario in ids]
        if not mine:
            continue
        title = f"{entry.guide.title} ({entry.guide.year}): {entry.guide.id}"
        if printer.width < WIDE:
            printer.show(_short_table(title, mine))
            continue
        table = Table(title=title, title_justify="left", title_style="bold")
        for heading in ("section", "backend"):
            table.add_column(heading, overflow="fold")
        for heading in ("layers", "parameters"):
            table.add_column(heading, justify="right")
        table.add_column("first → last loss (golden)")
        table.add_column("largest difference")
        table.add_column("accuracy (published)")
        table.add_column("claims", justify="right")
        table.add_column("verdict", no_wrap=True)
        table.add_column("seconds", justify="right")
        for result in mine:
            table.add_row(*_row(result))
        printer.show(table)


def print_agreement(printer: Printer, report: CheckReport) -> None:
    """Where two backends lie farthest apart for what the horizon allows, per guide and pair."""
    worst: dict[tuple[str, str], Agreement] = {}
    for measured in report.agreement:
        key = (measured.scenario.partition("/")[0], " and ".join(measured.backends))
        if key not in worst or measured.share > worst[key].share:
            worst[key] = measured
    if not worst:
        return
    table = Table(
        title="Largest relative difference between backends for its limit, controlled randomness",
        title_justify="left",
        title_style="bold",
    )
    for heading in ("guide", "backends", "section and loss"):
        table.add_column(heading)
    for heading in ("step", "measured", "limit"):
        table.add_column(heading, justify="right")
    for (guide, pair), found in worst.items():
        place = f"{found.scenario.rpartition('/')[2]}, {found.loss}"
        numbers = (str(found.step), f"{found.largest:.1e}", f"{found.limit:.1e}")
        table.add_row(guide, pair, place, *numbers, style="" if found.holds else "red")
    printer.show(table)


def print_trends(printer: Printer, report: CheckReport) -> None:
    """How native runs were judged by recorded seeds, and how often that is wrong."""
    trends = report.trends
    if trends.false_alarm_rate is None:
        return
    again = f"; {trends.repeats} runs repeated" if trends.repeats else ""
    printer.line(
        Text(
            f"Trends: {trends.statistics} losses and metrics of native runs, each against at least "
            f"{trends.recorded} recorded seeds{again}. Probability that honest runs fail this "
            f"check by their trends: at most {trends.false_alarm_rate:.1e}"
        )
    )


def print_findings(printer: Printer, findings: tuple[Finding, ...]) -> None:
    """Each finding with its evidence and remedy."""
    for finding in findings:
        head = Text(f"{finding.severity}", style=_SEVERITY[finding.severity])
        head.append(f" {finding.code}", style="bold")
        head.append(f"  {finding.where}")
        printer.line(head)
        for label, text in (
            ("", finding.message),
            ("evidence: ", finding.evidence),
            ("remedy: ", finding.remedy),
        ):
            printer.line(Text(f"    {label}{text}"))


def report_fields(report: CheckReport) -> Mapping[str, Json]:
    """The fields of the check's JSON document."""
    return {
        "summary": {
            "scenarios": len({result.scenario for result in report.results}),
            "runs": len(report.results),
            "passed": report.count(Status.PASSED),
            "failed": report.count(Status.FAILED, Status.ERROR),
            "skipped": report.count(Status.SKIPPED),
            "seconds": report.seconds,
            "false_alarm_rate": report.trends.false_alarm_rate,
        },
        "results": [plain(result) for result in report.results],
        "agreement": plain(report.agreement),
        "findings": plain(report.findings),
    }
