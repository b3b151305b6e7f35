"""Runs every printed program and compares it with the runner, to the bit.

    python -m tools.dialect_parity [ID…] [--dialect D] [--data PATH] [--steps N]

Each result is kept in docs/dialects.json as it comes, so that a campaign can be stopped and gone
on with (`--again` repeats what is there); docs/dialects.md is written from it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import attrs
import click
from attrs import frozen

from core.data import load_data
from core.dialects import DIALECTS, Dialect, Printing
from core.dialects.fit import FitInOrder
from core.dialects.running.comparing import Agreement, batch_sizes, compare, compare_fit
from core.dialects.running.program_run import run_program
from core.errors import ParityError
from core.runner.options import RunOptions
from core.spec import Scenario
from core.spec.experiment import experiment
from core.trace import Trace
from core.worker import Job, run_jobs
from tools.cli import options
from tools.cli.verb_show import npz

RESULTS = options.repository / "docs" / "dialects.json"
TABLE = options.repository / "docs" / "dialects.md"
RUN = ("tensorflow", "jax", "torch", "fit")
BEGIN, END = "<!-- table -->", "<!-- end of table -->"


@frozen
class Result:
    """One program against the runner.

    Attributes:
        scenario: scenario id.
        dialect: dialect id, `fit in order` for `fit` over the loop's own orders.
        steps: training steps compared.
        same_steps: how many of them are equal to the bit.
        differences: what differs.
        seconds: what the program took.
    """

    scenario: str
    dialect: str
    steps: int
    same_steps: int
    differences: tuple[str, ...]
    seconds: float


def load() -> dict[tuple[str, str], Result]:
    """The results so far, by scenario and dialect."""
    if not RESULTS.exists():
        return {}
    found = json.loads(RESULTS.read_text(encoding="utf-8"))
    results = [Result(**{**one, "differences": tuple(one["differences"])}) for one in found]
    return {(one.scenario, one.dialect): one for one in results}


def keep(results: Mapping[tuple[str, str], Result]) -> None:
    """Writes the results."""
    listed = [attrs.asdict(one) for one in results.values()]
    RESULTS.write_text(json.dumps(listed, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def trace_of(scenario: Scenario, backend: str, data: Path, seed: int, steps: int | None) -> Trace:
    """The runner's trace, native.

    Raises:
        ParityError: the run failed.
    """
    job = Job(
        name=f"{scenario.id}@{backend}",
        backend=backend,
        scenarios=(scenario.id,),
        options=RunOptions(seed=seed, steps=steps),
        data=str(data),
        repository=str(options.repository),
    )
    (outcome,) = run_jobs([job], workers=1)
    if outcome.failure:
        raise outcome.failure.error
    return outcome.traces[scenario.id]


def measured(
    scenario: Scenario,
    dialects: Sequence[tuple[str, Dialect]],
    trace: Trace,
    data: Path,
    seed: int,
    steps: int | None,
) -> list[Result]:
    """Programs of one section that run on one backend, against that backend's trace."""
    results = []
    for name, dialect in dialects:
        began = time.perf_counter()
        program = dialect.program(scenario, Printing(seed=seed))
        cap = steps if steps is not None else scenario.loop.cap
        agreement: Agreement
        try:
            ran = run_program(
                program, dialect.backend, data, steps=cap, fast_convolution=name == "jax"
            )
            if dialect.id == "fit":
                sizes = batch_sizes(scenario, load_data(str(data)))
                agreement = compare_fit(ran, trace, sizes)
            else:
                agreement = compare(ran, trace)
        except ParityError as error:
            agreement = Agreement(0, 0, (str(error),))
        results.append(
            Result(
                scenario.id,
                name,
                agreement.steps,
                agreement.same_steps,
                agreement.differences,
                round(time.perf_counter() - began, 1),
            )
        )
    return results


def wanted(scenario: Scenario, asked: Sequence[str]) -> dict[str, list[tuple[str, Dialect]]]:
    """The dialects to run by the backend that runs them."""
    found: dict[str, list[tuple[str, Dialect]]] = {}
    for name in asked:
        dialect = DIALECTS[name]
        if dialect.refusal(scenario) is None:
            found.setdefault(dialect.backend, []).append((name, dialect))
            if name == "fit" and not scenario.loop.exhausted:
                found[dialect.backend].append(("fit in order", FitInOrder()))
    return found


def originals(scenarios: Sequence[Scenario]) -> dict[str, Scenario]:
    """For each section the first one that is the same experiment: a translation's original."""
    return {
        scenario.id: next(s for s in scenarios if experiment(s) == experiment(scenario))
        for scenario in scenarios
    }


def table(results: Mapping[tuple[str, str], Result], scenarios: Sequence[Scenario]) -> str:
    """The Markdown table: steps equal to the bit out of those compared."""
    names = ("tensorflow", "jax", "torch", "fit", "fit in order")
    lines = [
        f"| section | {' | '.join(names)} |",
        f"|---|{'---:|' * len(names)}",
    ]
    same = originals(scenarios)
    for scenario in scenarios:
        original = same[scenario.id]
        if original is not scenario:
            lines.append(f"| `{scenario.id}` | as `{original.id}`{' |' * len(names)}")
            continue
        cells = [_cell(results.get((scenario.id, name)), scenario, name) for name in names]
        lines.append(f"| `{scenario.id}` | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(result: Result | None, scenario: Scenario, name: str) -> str:
    if result is None:
        dialect = DIALECTS["fit" if name.startswith("fit") else name]
        return "not measured" if dialect.refusal(scenario) is None else "–"
    if not result.differences:
        return f"{result.steps:,} ✓"
    return f"{result.same_steps:,} of {result.steps:,}"


def write_table(results: Mapping[tuple[str, str], Result], scenarios: Sequence[Scenario]) -> None:
    """Puts the table into docs/dialects.md."""
    text = TABLE.read_text(encoding="utf-8")
    head, rest = text.split(BEGIN)
    _, tail = rest.split(END)
    made = f"{head}{BEGIN}\n{table(results, scenarios)}\n{END}{tail}"
    TABLE.write_text(made, encoding="utf-8")


@click.command()
@click.argument("ids", nargs=-1)
@click.option("--dialect", "asked", multiple=True, type=click.Choice(RUN), default=RUN)
@click.option("--data", default="digits")
@click.option("--seed", default=options.GOLDEN_SEED)
@click.option("--steps", type=int, default=None)
@click.option("--again", is_flag=True)
def main(
    ids: tuple[str, ...],
    asked: tuple[str, ...],
    data: str,
    seed: int,
    steps: int | None,
    again: bool,
) -> None:
    """Runs what is missing and writes the table."""
    catalog = options.catalog(())
    everything = catalog.scenarios
    same = originals(everything)
    path = npz(data)
    results = load()
    for scenario in catalog.select(ids):
        if same[scenario.id] is not scenario:
            continue
        for backend, dialects in wanted(scenario, asked).items():
            left = [d for d in dialects if again or (scenario.id, d[0]) not in results]
            if not left:
                continue
            trace = trace_of(scenario, backend, path, seed, steps)
            for result in measured(scenario, left, trace, path, seed, steps):
                results[(result.scenario, result.dialect)] = result
                keep(results)
                click.echo(
                    f"{result.scenario}@{result.dialect}: {result.same_steps} of {result.steps} "
                    f"steps equal, {result.seconds} s {'; '.join(result.differences)}"
                )
    write_table(results, everything)


if __name__ == "__main__":
    main()
