"""Runs every printed program and asks whether it is bit-identical to the runner.

    python -m tools.dialect_parity [ID…] [--dialect D] [--images N] [--steps N]

Each result is kept in docs/dialects.json as it comes, so that a campaign can be stopped and gone
on with (`--again` repeats what is there); docs/dialects.md is written from it. Keras 2's programs
run where the package tf_keras can be imported, and are compared with the runner on Keras 2.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import attrs
import click
import numpy as np
from attrs import frozen

from core.dialects import DIALECTS, Printing
from core.dialects.fit import FitInOrder
from core.dialects.running.comparing import Agreement, batch_sizes, compare, compare_fit
from core.dialects.running.program_run import LEGACY, run_program
from core.errors import ParityError
from core.run.backends.registry import legacy_variables
from core.run.data import load_data
from core.run.runner.options import RunOptions
from core.run.worker import Job, run_jobs
from core.spec import Scenario
from core.spec.experiment import experiment
from core.trace import Trace
from tools.cli import options
from tools.cli.verb_show import npz

RESULTS = options.repository / "docs" / "dialects.json"
TABLE = options.repository / "docs" / "dialects.md"
RUN = ("tensorflow", "jax", "torch", "legacy", "fit")
NAMES = (*RUN, "fit in order")
WHOLE = 60_000  # training images of the data set itself
LEGACY_HOW = (
    "`uv pip install --no-deps --target DIR tf-keras`, then PYTHONPATH=DIR, gives it to today's "
    "TensorFlow"
)
BEGIN, END = "<!-- table -->", "<!-- end of table -->"


@frozen
class Result:
    """One program against the runner.

    Attributes:
        scenario: scenario id.
        dialect: dialect id, `fit in order` for `fit` over the loop's own orders.
        steps: training steps compared.
        same_steps: how many of them are bit-identical.
        differences: what differs.
        images: how many training images the data set held.
        limit: after how many steps both were stopped; None where they ran to their end.
    """

    scenario: str
    dialect: str
    steps: int
    same_steps: int
    differences: tuple[str, ...]
    images: int
    limit: int | None

    def covers(self, images: int, limit: int | None) -> bool:
        """Whether a run of as many images and steps would show nothing more."""
        enough = self.limit is None or (limit is not None and limit <= self.limit)
        return enough and images <= self.images


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


@contextmanager
def keras_2(wanted: bool) -> Iterator[None]:
    """Inside, the runner and printed programs use Keras 2."""
    names = legacy_variables(LEGACY) if wanted else {}
    os.environ.update(names)
    try:
        yield
    finally:
        for name in names:
            del os.environ[name]


def traces_of(
    scenarios: Sequence[Scenario], backend: str, data: Path, seed: int, steps: int | None
) -> dict[str, Trace]:
    """The runner's native traces, each over a session of its own.

    Raises:
        ParityError: a run failed.
    """
    jobs = [
        Job(
            name=f"{scenario.id}@{backend}",
            backend=backend,
            scenarios=(scenario.id,),
            options=RunOptions(seed=seed, steps=steps),
            data=str(data),
            repository=str(options.repository),
        )
        for scenario in scenarios
    ]
    found: dict[str, Trace] = {}
    for outcome in run_jobs(jobs, workers=1):
        if outcome.failure:
            raise outcome.failure.error
        found |= outcome.traces
    return found


def agreements(
    wanted: Sequence[tuple[Scenario, str]],
    traces: Mapping[str, Trace],
    data: Path,
    seed: int,
    steps: int | None,
) -> Iterator[Agreement]:
    """Programs of one backend against the traces."""
    for scenario, name in wanted:
        dialect = DIALECTS[name] if name in DIALECTS else FitInOrder()
        program = dialect.program(scenario, Printing(seed=seed))
        trace = traces[scenario.id]
        try:
            ran = run_program(
                program,
                dialect.backend,
                data,
                steps=steps if steps is not None else scenario.loop.cap,
                fast_convolution=dialect.backend == "jax",
            )
        except ParityError as error:
            yield Agreement(0, 0, (str(error),))
            continue
        if name.startswith("fit"):
            yield compare_fit(ran, trace, batch_sizes(scenario, load_data(str(data))))
        else:
            yield compare(ran, trace)


def groups(
    scenarios: Sequence[Scenario], asked: Sequence[str]
) -> dict[tuple[str, bool], list[tuple[Scenario, str]]]:
    """The programs to run by what runs them: the backend, and whether it is Keras 2."""
    found: dict[tuple[str, bool], list[tuple[Scenario, str]]] = {}
    for name in asked:
        dialect = DIALECTS[name]
        group = found.setdefault((dialect.backend, name == "legacy"), [])
        for scenario in scenarios:
            if dialect.refusal(scenario) is None:
                group.append((scenario, name))
                if name == "fit" and not scenario.loop.exhausted:
                    group.append((scenario, "fit in order"))
    return found


def originals(scenarios: Sequence[Scenario]) -> dict[str, Scenario]:
    """For each section the first one that is the same experiment: a translation's original."""
    return {
        scenario.id: next(s for s in scenarios if experiment(s) == experiment(scenario))
        for scenario in scenarios
    }


def table(results: Mapping[tuple[str, str], Result], scenarios: Sequence[Scenario]) -> str:
    """The Markdown table: steps bit-identical out of those compared."""
    lines = [
        f"| section | {' | '.join(NAMES)} |",
        f"|---|{'---:|' * len(NAMES)}",
    ]
    same = originals(scenarios)
    for scenario in scenarios:
        original = same[scenario.id]
        if original is not scenario:
            lines.append(f"| `{scenario.id}` | as `{original.id}`{' |' * len(NAMES)}")
            continue
        cells = [_cell(results.get((scenario.id, name)), scenario, name) for name in NAMES]
        lines.append(f"| `{scenario.id}` | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(result: Result | None, scenario: Scenario, name: str) -> str:
    if result is None:
        dialect = DIALECTS["fit" if name.startswith("fit") else name]
        nothing = name == "fit in order" and scenario.loop.exhausted  # no orders to go by
        return "–" if nothing or dialect.refusal(scenario) is not None else "not measured"
    part = " short" if result.images < WHOLE or result.limit is not None else ""
    if not result.differences:
        return f"{result.steps:,}{part} ✓"
    return f"{result.same_steps:,} of {result.steps:,}{part}"


def write_table(results: Mapping[tuple[str, str], Result], scenarios: Sequence[Scenario]) -> None:
    """Puts the table into docs/dialects.md."""
    text = TABLE.read_text(encoding="utf-8")
    head, rest = text.split(BEGIN)
    _, tail = rest.split(END)
    made = f"{head}{BEGIN}\n{table(results, scenarios)}\n{END}{tail}"
    TABLE.write_text(made, encoding="utf-8")


def images_file(data: str, count: int | None, folder: Path) -> tuple[Path, int]:
    """The file of images, and how many it trains on: all of them, or only the first."""
    path = npz(data)
    with np.load(path) as arrays:
        held = len(arrays["x_train"])
        if count is None or count >= held:
            return path, held
        kept = {name: arrays[name] for name in ("x_test", "y_test")}
        kept |= {name: arrays[name][:count] for name in ("x_train", "y_train")}
    shorter = folder / f"first-{count}.npz"
    np.savez(shorter, **kept)
    return shorter, count


@click.command()
@click.argument("ids", nargs=-1)
@click.option("--dialect", "asked", multiple=True, type=click.Choice(RUN), default=RUN)
@click.option("--data", default="digits")
@click.option("--images", type=int, default=None, help="Train on the first N images only.")
@click.option("--seed", default=options.GOLDEN_SEED)
@click.option("--steps", type=int, default=None, help="Stop both after N steps.")
@click.option("--again", is_flag=True, help="Also what is there already.")
def main(
    ids: tuple[str, ...],
    asked: tuple[str, ...],
    data: str,
    images: int | None,
    seed: int,
    steps: int | None,
    again: bool,
) -> None:
    """Runs what is missing and writes the table."""
    everything = options.catalog(()).scenarios
    same = originals(everything)
    if "legacy" in asked and find_spec(LEGACY) is None:
        click.echo(f"no {LEGACY}: {LEGACY_HOW}", err=True)
        asked = tuple(name for name in asked if name != "legacy")
    results = load()
    with tempfile.TemporaryDirectory(prefix="parity-") as folder:
        path, held = images_file(data, images, Path(folder))
        chosen = [s for s in options.catalog(()).select(ids) if same[s.id] is s]
        for (backend, legacy), group in groups(chosen, asked).items():
            left = [
                (s, name)
                for s, name in group
                if again
                or (s.id, name) not in results
                or not results[s.id, name].covers(held, steps)
            ]
            if not left:
                continue
            began = time.perf_counter()
            with keras_2(legacy):
                wanted = tuple(dict.fromkeys(s for s, _ in left))
                traces = traces_of(wanted, backend, path, seed, steps)
                found = list(agreements(left, traces, path, seed, steps))
            took = round(time.perf_counter() - began)
            for (s, name), one in zip(left, found, strict=True):
                results[s.id, name] = Result(
                    s.id, name, one.steps, one.same_steps, one.differences, held, steps
                )
                said = f"{s.id}@{name}: {one.same_steps} of {one.steps} steps equal"
                click.echo("; ".join((said, *one.differences)))
            click.echo(f"{len(left)} programs in {took} s")
            keep(results)
    write_table(results, everything)


if __name__ == "__main__":
    main()
