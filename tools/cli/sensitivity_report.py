"""What `parity sensitivity` prints: the decision, a table of levels, survivors, other tools."""

from __future__ import annotations

from collections.abc import Iterator

from core.check.sensitivity.alternatives import ALTERNATIVES
from core.check.sensitivity.cases import Cases
from core.check.sensitivity.kept import Kept
from core.check.sensitivity.verdict import Fate, Honest, Summary, Verdict, summary
from core.trace.encoding import Json
from tools.cli.document import emit
from tools.cli.main import OK
from tools.cli.printing import Printer


def share(part: int, whole: int) -> str:
    """A share in per cent, never rounded up to all of it."""
    if not whole:
        return "none of 0"
    tenths = 1000 * part // whole
    return f"{tenths // 10}.{tenths % 10} %"


def decision(counted: Summary, honest: Honest, *, interrupted: bool) -> str:
    """The answer in one sentence."""
    said = f"{counted.caught} of {counted.defects} defects caught"
    if counted.defects:
        said += f" ({share(counted.caught, counted.defects)})"
    said += f", {len(honest.alarms)} false alarms in {honest.runs} honest runs"
    return f"interrupted; so far {said}" if interrupted else said


def print_report(found: Kept, *, interrupted: bool) -> None:
    """Prints a campaign."""
    from rich.table import Table

    counted = summary(found.verdicts, found.settled, ALTERNATIVES)
    printer = Printer(wide=100)
    printer.line(decision(counted, found.honest, interrupted=interrupted))
    printer.line(
        f"{counted.traces} of them in a trace, the others in a section; {counted.equivalent} more "
        f"changes that no run can show, {counted.refused} that are refused"
    )
    levels = Table(title="Defects by the first level that catches them")
    levels.add_column("level")
    levels.add_column("caught", justify="right")
    for level, count in counted.levels.items():
        levels.add_row(level, str(count))
    printer.show(levels)
    if counted.judged_by_others:
        title = f"Other tools' rules, on {counted.judged_by_others} of these defects"
        others = Table(title=title)
        others.add_column("rule")
        others.add_column("caught", justify="right")
        others.add_column("false alarms", justify="right")
        others.add_column("whose", overflow="fold")
        for name, one in ALTERNATIVES.items():
            caught = counted.alternatives[name]
            alarms = f"{found.honest.alternatives.get(name, 0)} of {found.honest.native}"
            others.add_row(name, share(caught, counted.judged_by_others), alarms, one.source)
        printer.show(others)
    for line in _lines(counted, found.honest):
        printer.line(line)


def _lines(counted: Summary, honest: Honest) -> Iterator[str]:
    """Survivors and false alarms."""
    if counted.survivors:
        yield f"{len(counted.survivors)} survived:"
    for verdict in counted.survivors:
        yield f"  {said(verdict)}"
    for alarm in honest.alarms:
        yield f"  false alarm: {alarm}"


def said(verdict: Verdict) -> str:
    """A survivor in one line."""
    section, backend, name = verdict.key
    return f"{section}@{backend} {name} ({verdict.words}): {verdict.reason}"


def emit_report(found: Kept, *, interrupted: bool) -> None:
    """Prints a campaign as a JSON document."""
    counted = summary(found.verdicts, found.settled, ALTERNATIVES)
    honest = found.honest
    survivors: list[Json] = [
        {
            "scenario": verdict.scenario,
            "backend": verdict.backend,
            "operator": verdict.operator,
            "site": verdict.site,
            "words": verdict.words,
            "reason": verdict.reason,
        }
        for verdict in counted.survivors
    ]
    emit(
        "sensitivity",
        {
            "decision": decision(counted, honest, interrupted=interrupted),
            "summary": {
                "defects": counted.defects,
                "equivalent": counted.equivalent,
                "refused": counted.refused,
                "caught": counted.caught,
                "survived": len(counted.survivors),
                "traces": counted.traces,
                "judged_by_others": counted.judged_by_others,
            },
            "levels": dict(counted.levels),
            "alternatives": dict(counted.alternatives),
            "survivors": survivors,
            "honest": {
                "runs": honest.runs,
                "alarms": len(honest.alarms),
                "native": honest.native,
                "alternatives": {name: honest.alternatives.get(name, 0) for name in ALTERNATIVES},
            },
        },
    )


def list_mutants(wanted: Cases, *, as_json: bool) -> int:
    """Prints what would be tried, and what needs no trial."""
    tried = [
        {
            "scenario": case.scenario.id,
            "backend": case.backend,
            "operator": case.mutant.operator,
            "site": case.mutant.site,
            "words": case.mutant.words,
            "reason": "",
        }
        for case in wanted.tried
    ]
    settled = [
        {
            "scenario": verdict.scenario,
            "backend": verdict.backend,
            "operator": verdict.operator,
            "site": verdict.site,
            "words": verdict.words,
            "reason": verdict.reason,
        }
        for verdict in wanted.settled
        if verdict.fate is Fate.EQUIVALENT
    ]
    answer = f"{len(tried)} defects to try, {len(settled)} changes that no run can show"
    if as_json:
        rows: list[Json] = [*tried, *settled]
        emit("sensitivity", {"decision": answer, "defects": rows})
        return OK
    printer = Printer(wide=100)
    printer.line(answer)
    for row in (*tried, *settled):
        name = f"{row['scenario']}@{row['backend']} {row['operator']}@{row['site']}"
        why = f" — {row['reason']}" if row["reason"] else ""
        printer.line(f"{name}: {row['words']}{why}")
    return OK
