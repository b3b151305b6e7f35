"""A rehearsal's report for people, and its fields for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.table import Table
from rich.text import Text

from core.trace.difference import Difference
from core.trace.encoding import Json, plain
from core.trace.finding import FindingCode
from core.upgrade.rehearsal.report import EnvironmentRow, Report, ResultRow
from core.upgrade.rehearsal.verdict import Kind
from tools.cli.printing import Printer

_GLYPH = {
    Kind.IDENTICAL: ("=", "green"),
    Kind.ROUNDING: ("≈", "green"),
    Kind.RANDOM_STREAM: ("~", "cyan"),
    Kind.SAME_TREND: ("↗", "cyan"),
    Kind.DIVERGED: ("≠", "red"),
    Kind.BROKEN: ("✗", "red"),
    Kind.UNOBSERVED: ("∅", "yellow"),
    Kind.UNDECIDED: ("?", "yellow"),
    Kind.TIMEOUT: ("…", "yellow"),
}
_COLUMN = 16  # characters for a verdict with its glyph and the table's lines


def cell(kind: Kind) -> Text:
    """A verdict as one glyph and one word."""
    glyph, style = _GLYPH[kind]
    return Text(f"{glyph} {kind}", style=style)


def print_head(printer: Printer, report: Report) -> None:
    """What must be known before the matrix: why an environment is not there, notes, seconds."""
    for row in report.environments:
        if not row.ready:
            printer.line(Text(f"{row.status}: {row.spec}", style="red"))
            for line in row.message.splitlines():
                printer.line(Text(f"    {line}"))
        for note in row.notes:
            printer.line(Text(f"note: {row.spec}: {note}", style="yellow"))
    for line in (*report.notes, report.control_words):
        if line:
            printer.line(Text(line))
    for name, why in report.left_out.items():
        printer.line(Text(f"left out: {name}: {why}"))


def print_environments(printer: Printer, report: Report) -> None:
    """The environments with what they resolve to and what they cost."""
    table = Table(title="Environments", title_justify="left", title_style="bold")
    for heading in ("environment", "resolves to"):
        table.add_column(heading, overflow="fold")
    for heading in ("made in s", "runs", "runs in s"):
        table.add_column(heading, justify="right")
    for row in report.environments:
        if row.ready:
            cost = f"{row.make_seconds:.1f}" if row.make_seconds else "kept"
            runs = f"{row.runs} ({row.known} known)" if row.known else f"{row.runs}"
            table.add_row(row.spec, _versions(row), cost, runs, f"{row.run_seconds:.1f}")
    printer.show(table)


def _versions(row: EnvironmentRow) -> str:
    shown = ("keras", "tf-keras", "tensorflow-cpu", "tensorflow", "jax", "torch", "numpy")
    found = [f"{name} {row.resolved[name]}" for name in shown if name in row.resolved]
    return ", ".join([*found, f"Python {row.python}"])


def print_matrix(printer: Printer, report: Report) -> None:
    """Environments by scenarios, a table for each guide; a narrow terminal gets lines."""
    guides = dict.fromkeys(row.subject.rpartition("/")[0] for row in report.results)
    for guide in guides:
        mine = [row for row in report.results if row.subject.rpartition("/")[0] == guide]
        sections = list(dict.fromkeys(row.subject.rpartition("/")[2] for row in mine))
        candidates = list(dict.fromkeys(row.candidate for row in mine))
        if printer.width >= 30 + _COLUMN * len(sections):
            printer.show(_table(guide, sections, candidates, mine))
            continue
        printer.show(Text(guide, style="bold"))
        for candidate in candidates:
            printer.line(Text(f"  {candidate}"))
            for row in mine:
                if row.candidate == candidate:
                    section = row.subject.rpartition("/")[2]
                    printer.show(Text(f"    {section:22}") + cell(row.verdict.kind))


def _table(
    guide: str, sections: Sequence[str], candidates: Sequence[str], rows: Sequence[ResultRow]
) -> Table:
    table = Table(title=guide, title_justify="left", title_style="bold")
    table.add_column("environment", overflow="fold")
    for section in sections:
        table.add_column(section, overflow="fold")
    found = {(row.candidate, row.subject.rpartition("/")[2]): row for row in rows}
    for candidate in candidates:
        cells = [found.get((candidate, section)) for section in sections]
        table.add_row(candidate, *(cell(r.verdict.kind) if r else Text("") for r in cells))
    return table


def print_details(printer: Printer, report: Report) -> None:
    """The evidence of everything that is not identical, the worst first."""
    rows = (*report.controls, *report.results)
    changed = [row for row in rows if row.verdict.kind is not Kind.IDENTICAL]
    for row in sorted(changed, key=lambda row: -row.verdict.kind.rank):
        head = cell(row.verdict.kind).append(f"  {row.subject}  in {row.candidate}", style="")
        printer.line(head)
        printer.line(Text(f"    {row.verdict.evidence}"))
        for finding in row.verdict.findings:
            if finding.code is FindingCode.RUN_FAILED and finding.where:
                printer.line(Text(f"    at {finding.where}"))


def first_difference_fields(difference: Difference | None) -> Json:
    """The `first_difference` of the contract; None where nothing differs."""
    if difference is None:
        return None
    return {
        "step": difference.step,
        "relative": plain(difference.relative),
        "loss": difference.loss,
        "largest": plain(difference.largest),
    }


def report_fields(report: Report) -> Mapping[str, Json]:
    """The fields of the upgrade's JSON document."""
    return {
        "decision": report.decision,
        "environments": [
            {
                "spec": row.spec,
                "status": row.status,
                "resolved": dict(row.resolved),
                "backend": row.backend,
                "python": row.python,
                "notes": list(row.notes),
                "message": row.message,
                "seconds": {"made": row.make_seconds, "runs": row.run_seconds},
                "runs": row.runs,
                "known": row.known,
            }
            for row in report.environments
        ],
        "results": [_row_fields(row) for row in report.results],
        "controls": [_row_fields(row) for row in report.controls],
        "notes": list(report.notes),
        "left_out": dict(report.left_out),
        "seconds": report.seconds,
    }


def _row_fields(row: ResultRow) -> Mapping[str, Json]:
    return {
        "scenario": row.subject,
        "baseline": row.baseline,
        "candidate": row.candidate,
        "verdict": str(row.verdict.kind),
        "updates": row.verdict.updates,
        "first_difference": first_difference_fields(row.verdict.first_difference),
        "evidence": row.verdict.evidence,
        "findings": plain(row.verdict.findings),
    }
