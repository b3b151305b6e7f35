"""How `parity diff --run` runs both sides: backends, a loop and its `fit`, documents."""

from __future__ import annotations

from pathlib import Path

import click
from attrs import frozen

from core.diff.asked import is_document
from core.diff.comparison import Comparison
from core.diff.courses import Courses, course
from core.diff.fit_run import FitRun, loop_job, run_fit
from core.diff.microscope.qualified import check_installed, qualified
from core.diff.subject import Subject, subject
from core.errors import UsageError
from core.run.runner.options import RunOptions, check_promise
from core.run.worker.job import Job
from core.spec.catalog import Catalog
from core.trace.encoding import Json
from tools.cli import options
from tools.cli.diff_code import show, wants_programs, write_page
from tools.cli.diff_report import first_fields
from tools.cli.document import emit
from tools.cli.main import FINDINGS, OK
from tools.cli.running import run_all
from tools.cli.verb_show import npz

WAIT = "running both sides; this takes a minute or more"


@frozen
class Asked:
    """What was asked for.

    Attributes:
        a: the first side.
        b: the second.
        data: data set's name or path.
        seed: the one seed.
        steps: training steps to compare; None for all.
        folders: further scenario folders.
    """

    a: str
    b: str
    data: str
    seed: int
    steps: int | None
    folders: tuple[Path, ...]

    @property
    def catalog(self) -> Catalog:
        """The guides."""
        return options.catalog(self.folders)


def run_and_show(
    asked: Asked,
    comparison: Comparison,
    fields: dict[str, Json],
    html: Path | None,
    *,
    as_json: bool,
) -> int:
    """Runs both sides and shows everything; the exit code.

    Raises:
        UsageError: a side that does not run here.
    """
    explained = True
    trace: Json
    if is_document(asked.a) or is_document(asked.b):
        courses = _documents(asked)
        decision, trace = courses.sentence, _fields(courses)
    elif wants_programs(asked.a, asked.b):
        found = _loop_beside_fit(asked)
        assert found.courses is not None
        courses, decision = found.courses, found.sentence
        trace, explained = _fit_fields(found), found.explained
    else:
        courses = _backends(asked)
        decision, trace = courses.sentence, _fields(courses)
    if html is not None:
        write_page(comparison, html, courses)
    if as_json:
        emit("diff", fields | {"trace": trace})
    else:
        show(comparison, decision=decision, courses=courses)
    return OK if explained else FINDINGS


def _backends(asked: Asked) -> Courses:
    """Two runs of declared sections, under controlled randomness."""
    sides = [qualified(asked.catalog, text) for text in (asked.a, asked.b)]
    jobs = []
    for place, side in enumerate(sides):
        check_installed(side)
        choices = RunOptions(
            seed=asked.seed,
            randomness="controlled",
            execution=side.execution,
            precision=side.precision,
            steps=asked.steps,
        )
        check_promise(side.scenario, choices)
        jobs.append(
            Job(
                name=f"{side.text} ({'ab'[place]})",
                backend=side.backend,
                scenarios=(side.scenario.id,),
                options=choices,
                data=options.data(asked.data),
                repository=str(options.repository),
                folders=tuple(str(folder) for folder in asked.folders),
            )
        )
    outcomes, _ = run_all(jobs)
    found = []
    for side, outcome in zip(sides, outcomes, strict=True):
        if outcome.failure is not None:
            raise outcome.failure.error
        found.append(course(outcome.traces[side.scenario.id], side.text))
    return Courses(found[0], found[1])


def _loop_beside_fit(asked: Asked) -> FitRun:
    sides = [subject(asked.catalog, text) for text in (asked.a, asked.b)]
    scenario = _loop_and_fit(sides[0], sides[1]).scenario
    if asked.steps is not None:
        raise UsageError(
            f"--steps {asked.steps} for {asked.a} and {asked.b}",
            where="diff",
            expected="whole runs: fit is called once for all of its epochs",
            remedy="leave --steps out",
        )
    click.echo(WAIT, err=True)
    path = npz(asked.data)
    job = loop_job(scenario, path, asked.seed, options.repository, asked.folders)
    return run_fit(scenario, path, asked.seed, job)


def _documents(asked: Asked) -> Courses:
    from core.diff.documents.running import Ask, run_document_beside_section, run_documents

    ask = Ask(options.data(asked.data), asked.seed, asked.steps, options.repository / "scenarios")
    click.echo(WAIT, err=True)
    if is_document(asked.a) and is_document(asked.b):
        return run_documents(Path(asked.a), Path(asked.b), ask)
    if is_document(asked.a):
        return run_document_beside_section(Path(asked.a), subject(asked.catalog, asked.b), ask)
    found = run_document_beside_section(Path(asked.b), subject(asked.catalog, asked.a), ask)
    return Courses(found.b, found.a)


def _fields(courses: Courses) -> dict[str, Json]:
    """The `trace` object."""
    sides: list[dict[str, Json]] = [
        {
            "name": one.name,
            "steps": one.steps,
            "steps_per_epoch": one.steps_per_epoch,
            "losses": {name: list(values) for name, values in one.losses.items()},
            "metrics": {name: list(values) for name, values in one.metrics.items()},
        }
        for one in (courses.a, courses.b)
    ]
    return {
        "decision": courses.sentence,
        "steps": courses.steps,
        "first_difference": first_fields(courses.first),
        "a": sides[0],
        "b": sides[1],
    }


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


def _fit_fields(found: FitRun) -> dict[str, Json]:
    assert found.courses is not None
    again = found.in_order
    return _fields(found.courses) | {
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
