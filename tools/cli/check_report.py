"""The report of a check for people, one screen when all is well, and its fields for programs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.table import Table
from rich.text import Text

from core.check.judging import CheckReport, Result, Status
from core.run.machine import machine, processor_of, vectors
from core.spec import BACKENDS
from core.trace.encoding import Json, plain
from core.trace.finding import Finding, FindingCode, Severity
from tools.cli.check_facts import CONDITIONS, Fact, facts_of, originals
from tools.cli.printing import Printer

NARROW = 80  # a terminal with fewer columns gets no accuracies
_MARK = {
    Status.PASSED: ("✓", "green"),
    Status.FAILED: ("✗", "red"),
    Status.ERROR: ("✗", "red"),
    Status.SKIPPED: ("–", "yellow"),
}
_SEVERITY = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_NOISE = re.compile(r"\((?:R|TM)\)|\bCPU\b|\bProcessor\b| @ [^,]*")


def print_report(
    printer: Printer, report: CheckReport, decision: str, repeat: Sequence[str], verbose: bool
) -> None:
    """The decision, one line per section, what holds for all of them, and findings, errors last.

    Args:
        printer: where to.
        report: what the check found out.
        decision: the outcome in one sentence.
        repeat: the commands that repeat only what failed.
        verbose: also every note, and how the trends were judged.
    """
    facts = facts_of(report)
    notes = [fact for fact in facts if fact.severity is Severity.NOTE]
    hidden = [] if verbose or not notes else [f"{_count(len(notes), 'known note')}, -v shows them"]
    for line in packed([decision, *hidden], printer.width):
        printer.line(line)
    if report.results:
        printer.show(_table(report, printer.width))
    for line in packed(_conditions(report), printer.width):
        printer.line(line)
    if verbose:
        _print_trends(printer, report)
    for fact in facts:
        if verbose or fact.severity is not Severity.NOTE:
            _print_fact(printer, fact)
    for command in repeat:
        printer.line(f"to repeat what failed: {command}")


def packed(clauses: Iterable[str], width: int) -> list[str]:
    """Clauses in as few lines as hold them, in order, none of them broken."""
    lines: list[str] = []
    for clause in clauses:
        if lines and len(lines[-1]) + len(clause) + 2 <= width:
            lines[-1] += f"; {clause}"
        else:
            lines.append(clause)
    return lines


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _share(share: float) -> str:
    """A difference as a share of its limit, in four characters."""
    if share == 0 or share > 999:
        return "0" if share == 0 else ">999"
    return f"{share:.2f}" if share < 9.995 else f"{share:.0f}"


def _cell(result: Result | None, narrow: bool) -> Text:
    """How one run fared: its verdict, its largest difference for its limit, its accuracy."""
    if result is None:
        return Text()
    mark, style = _MARK[result.status]
    if result.status is Status.SKIPPED:
        return Text(f"{mark} skipped", style=style)
    if result.status is Status.ERROR:
        return Text(f"{mark} error", style=style)
    figures = result.figures
    share = "trend" if figures.largest_share is None else _share(figures.largest_share)
    accuracy = "" if figures.accuracy is None or narrow else f" {figures.accuracy:.4f}"
    return Text(f"{mark} {share:>5}{accuracy}", style=style)


_Rows = dict[str, list[Text]]  # the cells of each section, a cell for each backend


def _guides(report: CheckReport, narrow: bool) -> Iterator[tuple[list[str], _Rows]]:
    """Guides in order with their rows; one that fares like its original is named beside it."""
    of_guide: dict[str, dict[str, dict[str, Result]]] = {}
    for result in report.results:
        guide, _, section = result.scenario.partition("/")
        of_guide.setdefault(guide, {}).setdefault(section, {})[result.backend] = result
    names = _backends(report)
    rows: dict[str, _Rows] = {
        guide: {s: [_cell(runs.get(n), narrow) for n in names] for s, runs in sections.items()}
        for guide, sections in of_guide.items()
    }
    sources = {a.partition("/")[0]: b.partition("/")[0] for a, b in originals(report).items()}
    beside: dict[str, list[str]] = {}
    for guide in rows:
        original = sources.get(guide, guide)
        same = rows[guide] == rows[original]
        beside.setdefault(original if same else guide, []).append(guide)
    for guide, together in beside.items():
        yield together, rows[guide]


def _backends(report: CheckReport) -> list[str]:
    here = {result.backend for result in report.results}
    return [name for name in BACKENDS if name in here]


def _table(report: CheckReport, width: int) -> Table:
    """One line per section, its backends side by side."""
    narrow = width < NARROW
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("guide", overflow="fold")
    table.add_column("section", overflow="fold")
    for name in _backends(report):
        table.add_column(name, no_wrap=True)
    for guides, sections in _guides(report, narrow):
        for number, (section, cells) in enumerate(sections.items()):
            last = number == len(sections) - 1
            names = guides[number:] if last else guides[number : number + 1]
            more = "," if not last and number < len(guides) - 1 else ""
            table.add_row(", ".join(names) + more, section, *cells)
    return table


def _conditions(report: CheckReport) -> Iterator[str]:
    """What holds for the check as a whole, a sentence each."""
    shares = [
        (result.figures.largest_share, f"{result.scenario}@{result.backend}")
        for result in report.results
        if result.figures.largest_share is not None
    ]
    if shares:
        share, where = max(shares)
        yield f"largest difference {_share(share)} of its limit, {where}"
    findings = [finding for result in report.results for finding in result.findings]
    findings += report.findings
    yield from dict.fromkeys(_condition(f) for f in findings if f.code in CONDITIONS)
    if report.trends.false_alarm_rate is not None:
        yield f"false alarms at most {report.trends.false_alarm_rate:.1e}"
    if report.measured_on and (here := _here(report)) not in report.measured_on:
        others = " and ".join(map(_short, report.measured_on))
        yield f"measured on {others}, this is {_short(here)}"


def _here(report: CheckReport) -> str:
    if report.emulating:
        return processor_of(machine(report.emulating))
    return processor_of(machine() | {"vectors": vectors()})


def _condition(finding: Finding) -> str:
    if finding.code is FindingCode.BACKEND_MISSING:
        backend = finding.where.rpartition("@")[2]
        return f"{backend} is not installed: {finding.remedy}"
    return f"{finding.message}: {finding.evidence}"


def _short(name: str) -> str:
    """A processor's name without marks of trade and clock."""
    return " ".join(_NOISE.sub(" ", name).split()).replace(" ,", ",")


def _print_trends(printer: Printer, report: CheckReport) -> None:
    """How native runs were judged by recorded seeds, and how often that is wrong."""
    trends = report.trends
    if trends.false_alarm_rate is None:
        return
    again = f"; {trends.repeats} runs repeated" if trends.repeats else ""
    printer.line(
        f"Trends: {trends.statistics} losses and metrics of native runs, each against at least "
        f"{trends.recorded} recorded seeds{again}. Probability that honest runs fail this "
        f"check by their trends: at most {trends.false_alarm_rate:.1e}"
    )


def _print_fact(printer: Printer, fact: Fact) -> None:
    """A fact with the translations it holds for, its evidence and its remedy."""
    head = Text(f"{fact.severity}", style=_SEVERITY[fact.severity])
    head.append(f" {fact.first.code}", style="bold")
    head.append(f"  {fact.where}")
    printer.line(head)
    for label, text in (
        ("", fact.message),
        *(("the same: ", one.finding.where.replace(f"@{one.backend}", "")) for one in fact.also),
        *(("evidence: ", text) for text in fact.evidence),
        ("remedy: ", "" if fact.found[0].reason else fact.first.remedy),
    ):
        if text:
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
            "cached": sum(result.cached for result in report.results),
            "seconds": report.seconds,
            "false_alarm_rate": report.trends.false_alarm_rate,
            "processor": {"here": _here(report), "recorded": list(report.measured_on)},
        },
        "results": [plain(result) for result in report.results],
        "findings": plain(report.findings),
    }
