"""`--why` and `--artifact`: what is known of each candidate, shown and as fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import click
from rich.text import Text

from core.dialects.options import Printing
from core.dialects.registry import dialect, printed
from core.sandbox.host.program import Program
from core.spec import Scenario
from core.trace.encoding import Json, plain
from core.upgrade.environments.resolution import available
from core.upgrade.environments.resolve import Resolved
from core.upgrade.rehearsal.documents import DocumentRunner, MixedRunner
from core.upgrade.rehearsal.engine import upgrade_folder
from core.upgrade.rehearsal.report import ResultRow
from core.upgrade.rehearsal.run import Run
from core.upgrade.rehearsal.scenarios import data_file
from core.upgrade.rehearsal.subjects import Subject
from core.upgrade.why.artifacts.exchange import Passage
from core.upgrade.why.artifacts.own import Kept, keep
from core.upgrade.why.asking import inside
from core.upgrade.why.breaking import Break, taken_apart
from core.upgrade.why.explaining import Case, Detective, Ready
from core.upgrade.why.first_op import Bed, code
from core.upgrade.why.usage import Usage, usage_of
from core.upgrade.why.why import SubjectWhy, Why
from tools.cli import options
from tools.cli.patches import print_patch
from tools.cli.printing import Printer
from tools.cli.rehearsing import Rehearsed

_SHOWN = 12  # lines of one kind; the JSON document and the page have all


def explained(rehearsed: Rehearsed) -> tuple[Why, ...]:
    """What is known of every candidate that is ready.

    Raises:
        ExecutionError: the baseline's environment cannot be made.
    """
    base = available(rehearsed.resolutions[0])
    call = rehearsed.rehearsal.call
    folders = tuple(Path(folder) for folder in call.folders)
    cache = upgrade_folder()
    bed = Bed(
        code(options.repository, folders, cache / "code"),
        data_file(options.data(call.data)).path,
        cache / "keras",
        call.seed,
    )
    detective = Detective(_ready(rehearsed, base), bed, partial(click.echo, err=True))
    catalog = options.catalog(folders)
    scenarios = {scenario.id: scenario for scenario in catalog.scenarios}
    found: list[Why] = []
    told: set[str] = set()
    for mine in rehearsed.resolutions[1:]:
        spec = mine.request.spec
        rows = [row for row in rehearsed.report.results if row.candidate == spec]
        if isinstance(mine, Resolved) and rows and spec not in told:
            told.add(spec)
            cases = [_case(rehearsed, row, base, mine, scenarios) for row in rows]
            found.append(detective.explain(_ready(rehearsed, mine), cases))
    return tuple(found)


def _ready(rehearsed: Rehearsed, resolved: Resolved) -> Ready:
    ensure = rehearsed.rehearsal.engine.ensure
    return resolved, ensure(resolved, partial(click.echo, err=True))


def _case(
    rehearsed: Rehearsed,
    row: ResultRow,
    base: Resolved,
    mine: Resolved,
    scenarios: Mapping[str, Scenario],
) -> Case:
    subject = next(s for s in rehearsed.rehearsal.subjects if s.name == row.subject)
    observed = [rehearsed.rehearsal.observed(each, subject) for each in (base, mine)]
    scenario = scenarios.get(row.subject)
    return Case(
        row,
        _usage(subject.program or scenario, mine),
        scenario,
        (observed[0].controlled_trace, observed[1].controlled_trace),
        None if scenario else partial(_apart, rehearsed, subject, mine),
    )


def _usage(code: Program | Scenario | None, resolved: Resolved) -> Usage:
    if isinstance(code, Program):
        return usage_of(cell.source for cell in code.cells if cell.runs)
    own = dialect(resolved.request.backend)
    if code is None or own.refusal(code):
        return Usage({}, {})
    return usage_of([printed(code, own, Printing(seed=1)).source])


def _apart(rehearsed: Rehearsed, subject: Subject, resolved: Resolved) -> Break | None:
    """Executes a document in an environment as its native run does, and repairs it."""
    _, environment = _ready(rehearsed, resolved)
    runner = rehearsed.rehearsal.engine.runner(resolved, environment)
    documents = runner.documents if isinstance(runner, MixedRunner) else runner
    assert isinstance(documents, DocumentRunner)
    assert subject.program is not None
    run = Run(subject.name, rehearsed.rehearsal.call.native(subject))
    text = Path(subject.name).read_text(encoding="utf-8", errors="replace")
    try:
        return taken_apart(subject.program, text, lambda made: documents.execute(made, run))
    finally:
        runner.close()


def kept(rehearsed: Rehearsed, paths: Sequence[Path]) -> tuple[Kept, ...]:
    """What becomes of a user's files.

    Raises:
        UsageError: a file that holds no model.
    """
    places = {
        each.request.spec: inside(*_ready(rehearsed, each))
        for each in rehearsed.resolutions
        if isinstance(each, Resolved)
    }
    return tuple(keep(path, places) for path in paths)


def why_fields(whys: Sequence[Why]) -> Json:
    """Everything, as the `why` of the JSON document."""
    return [_fields(why) for why in whys]


def _fields(why: Why) -> Json:
    fields = plain(why)
    assert isinstance(fields, dict)
    fields |= {"decision": why.decision, "loud": why.loud, "quiet": why.quiet}
    return fields


def kept_fields(files: Sequence[Kept]) -> Json:
    """The `artifacts` of the JSON document."""
    return [
        {
            "path": str(file.path),
            "notes": list(file.notes),
            "passages": [
                {**_plain(passage), "works": passage.works, "words": passage.words}
                for passage in file.passages
            ],
        }
        for file in files
    ]


def _plain(passage: Passage) -> dict[str, Json]:
    fields = plain(passage)
    assert isinstance(fields, dict)
    return fields


def print_why(printer: Printer, whys: Sequence[Why]) -> None:
    """What is known of each candidate, the loud first."""
    for why in whys:
        printer.line(Text(why.decision, style="bold"))
        _lines(printer, "note", [why.note] if why.note else [])
        changed = [change.words for change in why.meanings if not change.stream]
        _lines(printer, "means something else", changed)
        streams = [f"{c.probe}, {c.setting}" for c in why.meanings if c.stream]
        _lines(printer, "draws other numbers", streams)
        _lines(printer, "agrees with no reference", [m.setting for m in why.unexplained])
        _lines(printer, "other names", [change.words for change in why.names])
        _lines(printer, "new warning", why.warnings.new)
        _lines(printer, "lost warning", why.warnings.lost)
        for subject in why.subjects:
            _subject(printer, subject)


def _subject(printer: Printer, why: SubjectWhy) -> None:
    loud = [change.words for change in why.api if change.loud]
    quiet = [change.words for change in why.api if not change.loud]
    lines: list[tuple[str, Sequence[str]]] = [
        ("API, loud", loud),
        ("API", quiet),
        ("new warning", why.warnings.new),
        ("lost warning", why.warnings.lost),
        ("first op", [why.located.place.words] if why.located and why.located.place else []),
        ("note", [why.note] if why.note else []),
    ]
    if any(said for _, said in lines) or why.broken:
        printer.line(Text(f"  {why.subject}", style="bold"))
    for title, said in lines:
        _lines(printer, title, said)
    if why.broken:
        _broken(printer, why.broken)


def _broken(printer: Printer, broken: Break) -> None:
    _lines(printer, "first error", [broken.first.words])
    _lines(printer, "in its wake", [failure.words for failure in broken.cascade])
    _lines(printer, "other error", [failure.words for failure in broken.others])
    _lines(printer, "hidden by it", [failure.words for failure in broken.hidden])
    _lines(printer, "repaired", [mended.repair for mended in broken.mended])
    _lines(printer, "left", [failure.words for failure in broken.left])
    if broken.patch:
        print_patch(printer, broken.patch)


def _lines(printer: Printer, title: str, said: Sequence[str]) -> None:
    for line in said[:_SHOWN]:
        printer.line(Text(f"    {title}: {line}"))
    if len(said) > _SHOWN:
        printer.line(Text(f"    {title}: and {len(said) - _SHOWN} more (--json)"))


def print_kept(printer: Printer, files: Sequence[Kept]) -> None:
    """Who reads the user's files, and how far predictions lie apart."""
    for file in files:
        printer.line(Text(str(file.path), style="bold"))
        for passage in file.passages:
            mark = Text("= " if passage.works else "✗ ", style="green" if passage.works else "red")
            way = f"written by {passage.writer}, read by {passage.reader}: {passage.words}"
            printer.line(Text("    ") + mark + Text(way))
        for note in file.notes:
            printer.line(Text(f"    note: {note}"))
