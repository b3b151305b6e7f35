"""Surveys double precision: `python -m tools.survey_float64 [ID…]`.

Compares every section on every pair of backends in float64, op by op, as Keras is and with the
known precision leaks taken out of it, and writes the table into docs/microscope.md. A translation
is the same experiment as its original and is not run again.
"""

from __future__ import annotations

import datetime
import itertools
import sys
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

from core.backends.registry import installed
from core.catalog import Catalog
from core.environment import document_environment
from core.errors import ParityError
from core.golden.store import write_atomically
from core.microscope.compare import Comparison, compare
from core.microscope.ledger import Ledger, read_ledger
from core.microscope.result import Located
from core.runner import RunOptions
from core.spec import Scenario
from core.spec.kinds import Kind
from core.spec.layers import Conv2D, Conv2DTranspose
from core.worker import Job
from tools.cli.options import GOLDEN_SEED

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "microscope.md"
BEGIN, END = "<!-- survey -->", "<!-- end of survey -->"
STEPS, STEPS_WITH_CONVOLUTIONS = 100, 3  # a convolution in double precision takes seconds


@frozen
class Row:
    """One section on one pair of backends.

    Attributes:
        scenario: the section's id.
        pair: the backends.
        plain: compared as Keras is.
        mended: compared without the known leaks.
    """

    scenario: str
    pair: tuple[str, str]
    plain: Comparison
    mended: Comparison


def sections(catalog: Catalog, asked: list[str]) -> Iterator[Scenario]:
    """Sections that train at least one step, without translations."""
    for scenario in catalog.select(asked):
        if not scenario.loop.exhausted and scenario.guide.language == "en":
            yield scenario


def steps_of(scenario: Scenario) -> int:
    """How many steps to compare."""
    models = [name for name, kind in scenario.setup_names.items() if kind is Kind.MODEL]
    layers = (layer for name in models for layer in scenario.model_spec(name).layers)
    if any(isinstance(layer, Conv2D | Conv2DTranspose) for layer in layers):
        return STEPS_WITH_CONVOLUTIONS
    return STEPS


def surveyed(scenario: Scenario, pair: tuple[str, str], ledger: Ledger) -> Row:
    """Compares a section on a pair of backends, twice."""

    def job(backend: str) -> Job:
        options = RunOptions(
            seed=GOLDEN_SEED,
            randomness="controlled",
            precision="float64",
            steps=steps_of(scenario),
        )
        return Job(
            name=f"{scenario.id}@{backend}",
            backend=backend,
            scenarios=(scenario.id,),
            options=options,
            data="digits",
            repository=str(ROOT),
        )

    jobs, both = (job(pair[0]), job(pair[1])), (scenario, scenario)
    plain = compare(jobs, both, ledger, op_by_op=True)
    mended = compare(jobs, both, Ledger(), op_by_op=True, mended=True)
    return Row(scenario.id, pair, plain, mended)


def cell(found: Comparison) -> str:
    """Agreement of losses, then what was found op by op."""
    located = found.located
    assert located is not None
    return f"{found.trace.largest:.0e} | {_seen(located)}"


def _seen(located: Located) -> str:
    words: list[str] = []
    leaks: dict[str, str] = {}
    for seen in located.explained:
        for name in seen.leaks:
            leaks.setdefault(name, f"{name}: {seen.op} ({seen.tensor}) {seen.difference:.0e}")
    words += leaks.values()
    if located.unexplained is not None:
        seen = located.unexplained
        words.append(f"**{seen.words}**" + (f" ({seen.note})" if seen.note else ""))
    if not words:
        largest = located.largest.difference if located.largest else 0.0
        words.append(f"rounding, at most {largest:.0e} in an op")
    return "; ".join(words)


def table(rows: list[Row]) -> str:
    """The survey as Markdown."""
    environment = document_environment()
    versions = ", ".join(f"{name} {environment[name]}" for name in ("keras", *installed()))
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    head = [
        f"`python -m tools.survey_float64`, {today}, {versions}, seed {GOLDEN_SEED}. "
        f"{STEPS} steps, or {STEPS_WITH_CONVOLUTIONS} of sections with convolutions.",
        "",
        "| section | backends | losses | op by op | losses, mended | op by op, mended |",
        "|---|---|---|---|---|---|",
    ]
    lines = [
        f"| {row.scenario} | {', '.join(row.pair)} | {cell(row.plain)} | {cell(row.mended)} |"
        for row in rows
    ]
    return "\n".join([*head, *lines])


def main() -> int:
    """Surveys, prints each row as it comes, and writes the table where everything was asked for."""
    asked = sys.argv[1:]
    catalog = Catalog.load(ROOT)
    ledger = read_ledger(ROOT / "golden")
    rows = []
    for scenario in sections(catalog, asked):
        backends = [name for name in scenario.backends if name in installed()]
        for pair in itertools.combinations(backends, 2):
            try:
                row = surveyed(scenario, pair, ledger)
            except ParityError as error:
                sys.stdout.write(f"{scenario.id} {pair}: {error}\n")
                return 1
            rows.append(row)
            line = f"{row.scenario} | {', '.join(pair)} | {cell(row.plain)} | {cell(row.mended)}\n"
            sys.stdout.write(line)
            sys.stdout.flush()
    if not asked:
        text = DOCUMENT.read_text(encoding="utf-8")
        before, _, rest = text.partition(BEGIN)
        after = rest.partition(END)[2]
        write_atomically(DOCUMENT, f"{before}{BEGIN}\n{table(rows)}\n{END}{after}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
