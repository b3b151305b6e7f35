"""`parity validate`: run published documents and judge every figure in them."""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict, Unpack

import click

from core.code_image import code_image
from core.documents.resuming import Basis, encoded
from core.documents.validation import Declared, DocumentReport, Settings, validate
from core.errors import UsageError
from core.processes import answers
from core.run.worker import Job, Outcome
from core.trace.encoding import Json, plain
from tools.cli import options
from tools.cli.accepting import Judged, annotate, entries_of, judged, write_junit
from tools.cli.choosing import documents as documents
from tools.cli.document import emit, error_fields
from tools.cli.main import FINDINGS, OK, fail
from tools.cli.printing import Printer, say
from tools.cli.running import run_all
from tools.cli.validating import (
    PROGRAM,
    Plan,
    arguments_of,
    end_with_parent,
    usual_jobs,
    validate_all,
)
from tools.cli.verbs import verb


class Asked(TypedDict):
    """The options that change what a document's report says, and how documents are run."""

    data: str
    seed: int
    scenario: str | None
    against: Path | None
    repair: bool
    exercise: bool
    max_steps: int
    budget: float | None
    seconds: float
    allow_network: bool
    python: Path | None
    folders: tuple[Path, ...]
    jobs: int | None
    fresh: bool


def _run(jobs: Sequence[Job]) -> list[Outcome]:
    outcomes, interrupted = run_all(jobs)
    if interrupted:
        raise KeyboardInterrupt
    return outcomes


@verb("validate")
@click.argument("docs", nargs=-1, required=True, metavar="DOC...", type=click.Path(path_type=Path))
@options.data_option
@options.seed_option
@click.option(
    "--scenario",
    metavar="GUIDE",
    help="The guide it is an edition of; default: recognised by its code.",
)
@click.option(
    "--against",
    metavar="DOC",
    type=click.Path(path_type=Path),
    help="The original it is a translation of: is the code the same?",
)
@click.option("--repair", is_flag=True, help="Apply known repairs to a copy and run it again.")
@click.option("--exercise", is_flag=True, help="Call functions that are never called, once.")
@click.option(
    "--max-steps",
    type=click.IntRange(1),
    default=20_000,
    show_default=True,
    metavar="N",
    help="Training steps of one document; loops end early beyond them.",
)
@click.option(
    "--budget",
    type=click.FloatRange(min=0, min_open=True),
    metavar="S",
    help="Seconds after which training loops end early.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=1),
    default=3600.0,
    show_default=True,
    metavar="S",
    help="Seconds after which a document is ended.",
)
@click.option("--allow-network", is_flag=True, help="Let documents use the network.")
@click.option(
    "--python",
    metavar="PATH",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The interpreter that documents run in, with its Keras; default: this one.",
)
@click.option(
    "--accept",
    "accept_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Known findings that are not to fail (YAML).",
)
@click.option(
    "--junit", metavar="FILE", type=click.Path(path_type=Path), help="Write JUnit XML, too."
)
@click.option("--github", is_flag=True, help="Print GitHub annotations on stderr, too.")
@click.option(
    "--jobs",
    type=click.IntRange(1),
    metavar="N",
    help="Documents at a time; default: as many as processors and memory allow.",
)
@click.option(
    "--fresh", is_flag=True, help="Run documents again whose results an earlier call has kept."
)
@click.option("--list", "only_list", is_flag=True, help="List sections with code; run nothing.")
@click.option("--result", hidden=True, is_flag=True)
@options.folders_option
@options.json_option
def command(
    docs: tuple[Path, ...],
    accept_file: Path | None,
    junit: Path | None,
    github: bool,
    only_list: bool,
    result: bool,
    as_json: bool,
    **asked: Unpack[Asked],
) -> int:
    """Run documents and judge every figure they publish.

    Reads keras.io Markdown, R Markdown, Quarto, notebooks, scripts and plain pages, executes their
    Python cells as a reader would, in a process that can do no harm, and compares what they print
    with what is published. A document of a known guide is also compared with its scenarios, step
    by step.
    """
    wanted = documents(docs)
    if only_list:
        return _list(wanted, as_json=as_json)
    if result:
        return _child(wanted[0], asked)
    entries = entries_of(accept_file)
    outcome = judged(_reports(wanted, asked), entries)
    if junit is not None:
        write_junit(junit, outcome.reports)
    if github:
        annotate(outcome.reports)
    from tools.cli.validate_report import not_judged

    nothing = not_judged(outcome.reports)
    _show(outcome, nothing, as_json=as_json)
    if any(report.judged and not report.holds for report in outcome.reports):
        return FINDINGS
    return OK if nothing is None else fail(nothing)


def _settings(asked: Asked) -> Settings:
    from core.documents.reading import load_known
    from core.documents.rules import liveness
    from core.run.data import load_data
    from core.sandbox.host import Limits

    source = options.data(asked["data"])
    folders, seconds = asked["folders"], asked["seconds"]
    known = [
        each
        for folder in (options.repository / "scenarios", *folders)
        for each in load_known(folder)
    ]
    declared = Declared(
        options.catalog(folders), source, asked["seed"], options.repository, folders, _run
    )
    return Settings(
        known=tuple(known),
        declared=declared,
        images=load_data(source),
        limits=Limits(
            max_steps=asked["max_steps"],
            budget=asked["budget"],
            seconds=seconds,
            cell_seconds=seconds,
        ),
        seed=asked["seed"],
        scenario=asked["scenario"],
        against=asked["against"],
        repair=asked["repair"],
        allow_network=asked["allow_network"],
        rules=(liveness,),
        exercise=asked["exercise"],
        python=_interpreter(asked["python"]),
    )


def _interpreter(asked: Path | None) -> str:
    from core.sandbox.host.interpreter import check_interpreter

    if asked is None:
        return sys.executable
    path = asked.absolute()  # not resolved: the link in a virtual environment is what makes it one
    check_interpreter(path)
    return str(path)


def _reports(wanted: Sequence[Path], asked: Asked) -> tuple[DocumentReport, ...]:
    """One document runs here, each time; of several, results are kept and taken up again."""
    if len(wanted) == 1:
        return (_one(wanted[0], _settings(asked)),)
    settings = _settings(asked)  # here as well, so that a wrong option is told once
    given = {name: value for name, value in asked.items() if name not in ("jobs", "fresh")}
    given["scenarios"] = given.pop("folders")
    options_given = {name: str(value) for name, value in given.items()}
    basis = Basis(
        options_given,
        settings.images.sha256,
        settings.python,
        code_image(PROGRAM, scenarios=True).digest,
        settings.against,
    )
    plan = Plan(arguments_of(given), basis, asked["jobs"] or usual_jobs(), asked["fresh"])
    count = itertools.count(1)

    def told(report: DocumentReport, was_kept: bool) -> None:
        kept = " (kept)" if was_kept else ""
        click.echo(f"[{next(count)}/{len(wanted)}] {report.decision}{kept}", err=True)

    return validate_all(wanted, plan, told)


def _child(path: Path, asked: Asked) -> int:
    """Validates one document of several for the process that started this one."""
    end_with_parent()
    with answers() as stream:
        report = validate(path, _settings(asked))
        stream.write(json.dumps(encoded(report)) + "\n")
    return OK if report.holds else FINDINGS


def _list(wanted: Sequence[Path], *, as_json: bool) -> int:
    """Shows the sections of documents."""
    from tools.cli import validate_report

    listed = [validate_report.listed_sections(path) for path in wanted]
    if as_json:
        emit("validate", {"documents": [validate_report.listing_fields(*one) for one in listed]})
        return OK
    for document, sections in listed:
        for section in sections:
            say(f"{document.path}:{section.line}: {section.title}")
    return OK


def _one(path: Path, settings: Settings) -> DocumentReport:
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        return validate(path, settings)
    with console.status(f"validating {path.name}"):
        return validate(path, settings)


def _show(outcome: Judged, nothing: UsageError | None, *, as_json: bool) -> None:
    from tools.cli import validate_report

    reports = outcome.reports
    if as_json:
        documents = [validate_report.document_fields(report) for report in reports]
        more: dict[str, Json] = {"acceptance": plain(outcome.entries)}
        if nothing is not None:
            more["error"] = error_fields(nothing)
        if len(documents) == 1:
            emit("validate", documents[0] | more)
            return
        summary: dict[str, Json] = {
            "decision": validate_report.decision(reports),
            "documents": len(reports),
            "hold": sum(report.holds for report in reports),
            "not_judged": sum(not report.judged for report in reports),
            "patched": sum(bool(report.patches) for report in reports),
        }
        emit("validate", {"documents": documents, "summary": summary, **more})
        return
    say(validate_report.decision(reports))
    printer = Printer(wide=80)
    validate_report.print_reports(printer, reports)
    for finding in outcome.entries:
        validate_report.print_finding(printer, finding, finding.where)
