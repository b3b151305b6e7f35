"""`parity validate`: run published documents and judge every figure in them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from core.errors import UsageError
from core.validation import Declared, DocumentReport, Settings, validate
from core.worker import Job, Outcome
from tools.cli import options
from tools.cli.document import emit
from tools.cli.main import FINDINGS, OK
from tools.cli.running import run_all

SUFFIXES = frozenset({".md", ".py", ".ipynb", ".rmd", ".qmd", ".r", ".txt"})


def documents(paths: Sequence[Path]) -> tuple[Path, ...]:
    """The documents that paths name: files, and those in folders.

    Raises:
        UsageError: a path that is not there, or a folder without documents.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = [p for p in sorted(path.rglob("*")) if _is_document(p)]
            if not inside:
                raise UsageError(
                    "no document in this folder",
                    where=str(path),
                    expected=f"files ending in {', '.join(sorted(SUFFIXES))}",
                    remedy="name the documents, or another folder",
                )
            found.update(dict.fromkeys(inside))
        elif path.exists():
            found[path] = None
        else:
            raise UsageError(
                "no such document",
                where=str(path),
                expected="an existing file or folder",
                remedy="check the path",
            )
    return tuple(found)


def _is_document(path: Path) -> bool:
    hidden = any(part.startswith((".", "_")) for part in path.parts if part not in (".", ".."))
    return path.suffix.lower() in SUFFIXES and path.is_file() and not hidden


def _run(jobs: Sequence[Job]) -> list[Outcome]:
    outcomes, interrupted = run_all(jobs)
    if interrupted:
        raise KeyboardInterrupt
    return outcomes


@click.command("validate")
@click.argument("docs", nargs=-1, required=True, metavar="DOC...", type=click.Path(path_type=Path))
@options.data_option
@options.seed_option
@click.option("--scenario", metavar="GUIDE", help="Take the document for this guide's.")
@click.option(
    "--against",
    metavar="DOC",
    type=click.Path(path_type=Path),
    help="Compare its code with the original's.",
)
@click.option("--repair", is_flag=True, help="Apply known repairs to a copy and run it again.")
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
@click.option("--allow-network", is_flag=True, help="Leave the network on.")
@options.folders_option
@options.json_option
def command(
    docs: tuple[Path, ...],
    data: str,
    seed: int,
    scenario: str | None,
    against: Path | None,
    repair: bool,
    max_steps: int,
    budget: float | None,
    seconds: float,
    allow_network: bool,
    folders: tuple[Path, ...],
    as_json: bool,
) -> int:
    """Run documents and judge every figure they publish.

    Reads keras.io Markdown, R Markdown, Quarto, notebooks, scripts and plain pages, executes their
    Python cells as a reader would, in a process that can do no harm, and compares what they print
    with what is published. A document of a known guide is also compared with its scenarios, step
    by step.
    """
    from core.data import load_data
    from core.document import load_known
    from core.sandbox import Limits

    wanted = documents(docs)
    source = options.data(data)
    known = [
        each
        for folder in (options.repository / "scenarios", *folders)
        for each in load_known(folder)
    ]
    settings = Settings(
        known=tuple(known),
        declared=Declared(
            options.catalog(folders), source, seed, options.repository, folders, _run
        ),
        images=load_data(source),
        limits=Limits(max_steps=max_steps, budget=budget, seconds=seconds, cell_seconds=seconds),
        seed=seed,
        scenario=scenario,
        against=against,
        repair=repair,
        allow_network=allow_network,
    )
    reports = [_one(path, settings) for path in wanted]
    _show(reports, as_json=as_json)
    return OK if all(report.holds for report in reports) else FINDINGS


def _one(path: Path, settings: Settings) -> DocumentReport:
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        return validate(path, settings)
    with console.status(f"validating {path.name}"):
        return validate(path, settings)


def _show(reports: Sequence[DocumentReport], *, as_json: bool) -> None:
    from tools.cli import validate_report

    if as_json:
        documents = [validate_report.document_fields(report) for report in reports]
        if len(documents) == 1:
            emit("validate", documents[0])
            return
        held = sum(report.holds for report in reports)
        emit(
            "validate",
            {
                "documents": documents,
                "summary": {
                    "decision": validate_report.decision(reports),
                    "documents": len(reports),
                    "hold": held,
                    "patched": sum(bool(report.patches) for report in reports),
                },
            },
        )
        return
    from rich.console import Console

    click.echo(validate_report.decision(reports))
    plain_width = None if Console().is_terminal else 80
    validate_report.print_reports(Console(width=plain_width, highlight=False), reports)
