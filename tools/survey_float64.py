"""Surveys double precision: `python -m tools.survey_float64 [ID…]`.

Compares every section on every pair of backends in float64, op by op, as Keras is and with the
known precision leaks taken out of it. Keeps the results in docs/microscope.json and the table in
docs/microscope.md; rows that are there are measured again only where their section is asked for. A
translation is the same experiment as its original and is not run.
"""

from __future__ import annotations

import datetime
import itertools
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen
from cattrs import structure, unstructure

from core.diff.microscope.compare import Comparison, compare
from core.diff.microscope.ledger import Ledger, read_ledger
from core.diff.microscope.result import Located
from core.errors import ParityError
from core.run.backends.registry import installed
from core.run.machine import document_environment
from core.run.runner import RunOptions
from core.run.worker import Job
from core.spec import Scenario, layers
from core.spec.catalog import Catalog
from core.spec.kinds import Kind
from core.storage import write_atomically
from tools.cli.options import GOLDEN_SEED

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "microscope.md"
RESULTS = ROOT / "docs" / "microscope.json"
BEGIN, END = "<!-- survey -->", "<!-- end of survey -->"
STEPS, STEPS_WITH_CONVOLUTIONS = 100, 3  # a convolution in double precision takes seconds
OP_STEPS = 10  # an op in single precision shows in its first steps


@frozen
class Row:
    """One section on one pair of backends.

    Attributes:
        scenario: the section's id.
        pair: the backends.
        steps: how many steps the free runs took.
        op_steps: how many were compared op by op.
        plain: agreement of losses and what was seen op by op, compared as Keras is.
        mended: the same without the known leaks.
    """

    scenario: str
    pair: tuple[str, str]
    steps: int
    op_steps: int
    plain: tuple[str, str]
    mended: tuple[str, str]

    @property
    def line(self) -> str:
        """Its line of the table."""
        steps = f"{self.steps} ({self.op_steps})"
        cells = (self.scenario, ", ".join(self.pair), steps, *self.plain, *self.mended)
        return f"| {' | '.join(cells)} |"


def sections(catalog: Catalog, asked: list[str]) -> Iterator[Scenario]:
    """Sections that train at least one step, without translations."""
    for scenario in catalog.select(asked):
        if not scenario.loop.exhausted and scenario.guide.language == "en":
            yield scenario


def steps_of(scenario: Scenario) -> int:
    """How many steps to compare."""
    models = [name for name, kind in scenario.setup_names.items() if kind is Kind.MODEL]
    stack = (layer for name in models for layer in scenario.model_spec(name).layers)
    if any(isinstance(layer, layers.Conv2D | layers.Conv2DTranspose) for layer in stack):
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
    plain = compare(jobs, both, ledger, op_by_op=True, at_most=OP_STEPS)
    mended = compare(jobs, both, Ledger(), op_by_op=True, at_most=OP_STEPS, mended=True)
    steps = steps_of(scenario)
    return Row(scenario.id, pair, steps, min(steps, OP_STEPS), _cells(plain), _cells(mended))


def _cells(found: Comparison) -> tuple[str, str]:
    located = found.located
    assert located is not None
    return f"{found.trace.largest:.0e}", _seen(located)


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
    head = [
        "| section | backends | steps | losses | op by op | losses, mended | op by op, mended |",
        "|---|---|---|---|---|---|---|",
    ]
    return "\n".join([*head, *(row.line for row in rows)])


def stored() -> list[Row]:
    """The rows measured so far."""
    if not RESULTS.exists():
        return []
    return structure(json.loads(RESULTS.read_text(encoding="utf-8"))["rows"], list[Row])


def keep(rows: list[Row]) -> None:
    """Writes the results and the table made of them."""
    document = {
        "format": 1,
        "command": "python -m tools.survey_float64",
        "date": datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
        "seed": GOLDEN_SEED,
        "environment": document_environment(),
        "rows": unstructure(rows),
    }
    write_atomically(RESULTS, json.dumps(document, indent=1, ensure_ascii=False) + "\n")
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    write_atomically(DOCUMENT, f"{before}{BEGIN}\n{table(rows)}\n{END}{after}")


def main() -> int:
    """Surveys what was asked for, or what is not measured yet, and keeps each row as it comes."""
    asked = sys.argv[1:]
    catalog = Catalog.load(ROOT)
    ledger = read_ledger(ROOT / "golden")
    known = {(row.scenario, row.pair): row for row in stored()}
    names = [scenario.id for scenario in sections(catalog, [])]
    for scenario in sections(catalog, asked):
        backends = [name for name in scenario.backends if name in installed()]
        for pair in itertools.combinations(backends, 2):
            if not asked and (scenario.id, pair) in known:
                continue
            try:
                row = surveyed(scenario, pair, ledger)
            except ParityError as error:
                sys.stderr.write(f"{scenario.id} {pair}: {error}\n")
                return 1
            known[scenario.id, pair] = row
            keep(sorted(known.values(), key=lambda row: names.index(row.scenario)))
            sys.stdout.write(row.line + "\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
