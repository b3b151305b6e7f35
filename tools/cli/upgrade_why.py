"""`--why` and `--artifact`: what is known of each candidate, shown and as fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import click
from attrs import frozen
from rich.console import Console
from rich.text import Text

from core.dialects.options import Printing
from core.dialects.registry import dialect, printed
from core.spec import Scenario
from core.trace.encoding import Json, plain
from core.upgrade.environments.resolve import Resolved
from core.upgrade.rehearsal.attempt import Run
from core.upgrade.rehearsal.documents import DocumentBench, MixedBench, program
from core.upgrade.rehearsal.laboratory import upgrade_folder
from core.upgrade.rehearsal.rehearse import Place, Rehearsal
from core.upgrade.rehearsal.report import Report, ResultRow
from core.upgrade.rehearsal.scenarios import data_file
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

_SHOWN = 12  # lines of one kind; the JSON document and the page have all


@frozen
class Asked:
    """What explaining needs of a call.

    Attributes:
        rehearsal: with its runs done.
        report: its verdicts.
        places: the baseline, then the candidates.
        data: the data set.
        seed: the one seed.
        folders: further scenario folders.
    """

    rehearsal: Rehearsal
    report: Report
    places: Sequence[Place]
    data: str
    seed: int
    folders: tuple[Path, ...]


def explained(asked: Asked) -> tuple[Why, ...]:
    """What is known of every candidate that is ready.

    Raises:
        ExecutionError: the baseline's environment cannot be made.
    """
    base = asked.places[0].resolved
    assert base is not None
    cache = upgrade_folder()
    bed = Bed(
        code(options.repository, asked.folders, cache / "code"),
        data_file(options.data(asked.data)).path,
        cache / "keras",
        asked.seed,
    )
    detective = Detective(_ready(asked, base), bed, partial(click.echo, err=True))
    catalog = options.catalog(asked.folders)
    scenarios = {scenario.id: scenario for scenario in catalog.scenarios}
    found: list[Why] = []
    told: set[str] = set()
    for place in asked.places[1:]:
        rows = [row for row in asked.report.results if row.candidate == place.spec]
        if place.resolved is not None and rows and place.spec not in told:
            told.add(place.spec)
            cases = [_case(asked, row, base, place.resolved, scenarios) for row in rows]
            found.append(detective.explain(_ready(asked, place.resolved), cases))
    return tuple(found)


def _ready(asked: Asked, resolved: Resolved) -> Ready:
    environments = asked.rehearsal.laboratory.environments
    return resolved, environments.ensure(resolved, partial(click.echo, err=True))


def _case(
    asked: Asked,
    row: ResultRow,
    base: Resolved,
    mine: Resolved,
    scenarios: Mapping[str, Scenario],
) -> Case:
    subject = next(s for s in asked.rehearsal.subjects if s.name == row.subject)
    traces = []
    for resolved in (base, mine):
        controlled = asked.rehearsal.observed(resolved, subject).controlled
        traces.append(controlled.trace if controlled else None)
    scenario = scenarios.get(row.subject)
    return Case(
        row,
        _usage(row.subject, scenario, mine),
        scenario,
        (traces[0], traces[1]),
        None if scenario else partial(_apart, asked, Path(row.subject), mine),
    )


def _usage(name: str, scenario: Scenario | None, resolved: Resolved) -> Usage:
    if scenario is None:
        return usage_of(cell.source for cell in program(Path(name)).cells if cell.runs)
    own = dialect(resolved.request.backend)
    if own.refusal(scenario):
        return Usage({}, {})
    return usage_of([printed(scenario, own, Printing(seed=1)).source])


def _apart(asked: Asked, path: Path, resolved: Resolved) -> Break | None:
    """Executes a document in an environment as its native run does, and repairs it."""
    _, environment = _ready(asked, resolved)
    bench = asked.rehearsal.laboratory.benches(resolved, environment)
    documents = bench.documents if isinstance(bench, MixedBench) else bench
    assert isinstance(documents, DocumentBench)
    subject = next(s for s in asked.rehearsal.subjects if s.name == str(path))
    run = Run(str(path), asked.rehearsal.length.native(subject))
    text = path.read_text(encoding="utf-8", errors="replace")
    try:
        return taken_apart(program(path), text, lambda made: documents.execute(made, run))
    finally:
        bench.close()


def kept(asked: Asked, paths: Sequence[Path]) -> tuple[Kept, ...]:
    """What becomes of a user's files.

    Raises:
        UsageError: a file that holds no model.
    """
    places = {
        place.spec: inside(*_ready(asked, place.resolved))
        for place in asked.places
        if place.resolved is not None
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


def print_why(console: Console, whys: Sequence[Why]) -> None:
    """What is known of each candidate, the loud first."""
    for why in whys:
        console.print(Text(why.decision, style="bold"), soft_wrap=True)
        _lines(console, "note", [why.note] if why.note else [])
        changed = [change.words for change in why.meanings if not change.stream]
        _lines(console, "means something else", changed)
        streams = [f"{c.probe}, {c.setting}" for c in why.meanings if c.stream]
        _lines(console, "draws other numbers", streams)
        _lines(console, "agrees with no reference", [m.setting for m in why.unexplained])
        _lines(console, "other names", [change.words for change in why.names])
        _lines(console, "new warning", why.warnings.new)
        _lines(console, "lost warning", why.warnings.lost)
        for subject in why.subjects:
            _subject(console, subject)


def _subject(console: Console, why: SubjectWhy) -> None:
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
        console.print(Text(f"  {why.subject}", style="bold"), soft_wrap=True)
    for title, said in lines:
        _lines(console, title, said)
    if why.broken:
        _broken(console, why.broken)


def _broken(console: Console, broken: Break) -> None:
    _lines(console, "first error", [broken.first.words])
    _lines(console, "in its wake", [failure.words for failure in broken.cascade])
    _lines(console, "other error", [failure.words for failure in broken.others])
    _lines(console, "hidden by it", [failure.words for failure in broken.hidden])
    _lines(console, "repaired", [mended.repair for mended in broken.mended])
    _lines(console, "left", [failure.words for failure in broken.left])
    if broken.patch:
        print_patch(console, broken.patch)


def _lines(console: Console, title: str, said: Sequence[str]) -> None:
    for line in said[:_SHOWN]:
        console.print(Text(f"    {title}: {line}"), soft_wrap=True)
    if len(said) > _SHOWN:
        console.print(Text(f"    {title}: and {len(said) - _SHOWN} more (--json)"), soft_wrap=True)


def print_kept(console: Console, files: Sequence[Kept]) -> None:
    """Who reads the user's files, and how far predictions lie apart."""
    for file in files:
        console.print(Text(str(file.path), style="bold"), soft_wrap=True)
        for passage in file.passages:
            mark = Text("= " if passage.works else "✗ ", style="green" if passage.works else "red")
            way = f"written by {passage.writer}, read by {passage.reader}: {passage.words}"
            console.print(Text("    ") + mark + Text(way), soft_wrap=True)
        for note in file.notes:
            console.print(Text(f"    note: {note}"), soft_wrap=True)
