"""How `parity diff` shows specs and code: in a pipe, on a terminal, as a page, as JSON."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from core.dialects import Printing
from core.difference.comparison import Comparison, compare_subjects
from core.difference.fit_run import FitRun, loop_job, run_fit
from core.difference.subject import Subject, names_a_dialect_only, subject
from core.errors import UsageError
from core.trace.encoding import Json
from tools.cli import options
from tools.cli.document import emit
from tools.cli.main import FINDINGS, OK


def compared(a: str, b: str, seed: int, folders: tuple[Path, ...]) -> Comparison:
    """Two subjects, compared without running anything.

    Raises:
        UsageError: an unknown scenario or dialect, or one that cannot print its section.
    """
    catalog = options.catalog(folders)
    return compare_subjects(subject(catalog, a), subject(catalog, b), Printing(seed=seed))


def code_fields(comparison: Comparison) -> dict[str, Json]:
    """The fields `spec` and `aligned`, and what else a reader of code may want."""
    rows: list[Json] = [
        {"op": row.op, "a": row.a, "b": row.b, "same": row.same, "changed": row.changed}
        for row in comparison.rows
    ]
    return {
        "spec": [one.sentence for one in comparison.spec],
        "differences": [
            {"what": one.what, "a": one.a, "b": one.b, "kind": one.kind, "ops": list(one.ops)}
            for one in comparison.spec
        ],
        "aligned": rows,
    }


def show(comparison: Comparison, *, decision: str = "") -> None:
    """The decision, the differences in words, the code side by side."""
    click.echo(decision or comparison.decision)
    if sys.stdout.isatty():
        from rich.console import Console

        from core.difference.showing import terminal

        terminal.show(comparison, Console())
        return
    from core.difference.showing import plain

    for line in (*plain.sentences(comparison), "", *plain.code(comparison)):
        click.echo(line)


def write_page(comparison: Comparison, path: Path) -> None:
    """Writes the comparison as one HTML page.

    Raises:
        UsageError: the file cannot be written.
    """
    from core.difference.showing.page import page

    try:
        path.write_text(page(comparison), encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"the page cannot be written ({error.strerror})",
            where=f"--html {path}",
            expected="a file in a folder that exists and can be written",
            remedy="name another file",
        ) from error
    click.echo(f"wrote {path}", err=True)


def wants_programs(a: str, b: str) -> bool:
    """Whether a run of both sides is a run of printed programs: one of them is no backend's."""
    return names_a_dialect_only(a) or names_a_dialect_only(b)


def run_programs(
    comparison: Comparison, data: str, seed: int, folders: tuple[Path, ...], *, as_json: bool
) -> int:
    """Runs a section's loop and its `fit` and says how they agree; the exit code.

    Raises:
        UsageError: two sections, or dialects that cannot run here.
    """
    scenario = _loop_and_fit(comparison.a, comparison.b).scenario
    from tools.cli.verb_show import npz

    click.echo("running the loop and fit; this takes a minute or more", err=True)
    path = npz(data)
    job = loop_job(scenario, path, seed, options.repository, folders)
    found = run_fit(scenario, path, seed, job)
    if as_json:
        sides: dict[str, Json] = {"a": comparison.a.text, "b": comparison.b.text}
        emit("diff", sides | code_fields(comparison) | {"trace": _trace(found)})
    else:
        click.echo(found.sentence)
        for line in (*found.plain.differences, *found.reasons):
            click.echo(f"  {line}")
    return OK if found.explained else FINDINGS


def _loop_and_fit(a: Subject, b: Subject) -> Subject:
    """The side that is `fit`, where the other is the same section's loop on TensorFlow."""
    sides = {a.dialect.id: a, b.dialect.id: b}
    loops = {"tensorflow", "r"} if not (a.named and b.named) else {"tensorflow"}
    if a.scenario == b.scenario and "fit" in sides and set(sides) & loops:
        return sides["fit"]
    raise UsageError(
        f"--run for {a.text} and {b.text}",
        where="diff",
        expected="one section and its fit, or two backends: Keras 2 and R do not run here",
        remedy=f"parity diff {a.scenario.id} {a.scenario.id}@fit --run",
    )


def _trace(found: FitRun) -> Json:
    again = found.in_order
    return {
        "decision": found.sentence,
        "steps": found.plain.steps,
        "same_steps": found.plain.same_steps,
        "identical": found.plain.identical,
        "differences": list(found.plain.differences),
        "in_the_loops_order": None
        if again is None
        else {
            "steps": again.steps,
            "same_steps": again.same_steps,
            "identical": again.identical,
        },
        "reasons": list(found.reasons),
        "explained": found.explained,
    }
