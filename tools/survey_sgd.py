"""Surveys the SGD guide in double precision over seeds: `python -m tools.survey_sgd`.

Plain stochastic gradient descent on raw pixels amplifies rounding faster than any other section;
in double precision TensorFlow and JAX still agree over hundreds of steps. Runs both sections of the
older guide on both for each seed, and writes the table into docs/microscope.md.
"""

from __future__ import annotations

import sys
from pathlib import Path

from core.run.runner import RunOptions
from core.run.worker import Job, run_jobs
from core.storage import write_atomically
from core.trace.difference import Series, differences

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "microscope.md"
BEGIN, END = "<!-- sgd -->", "<!-- end of sgd -->"
SECTIONS = ("multi_backend/first_loop", "multi_backend/metrics")
BACKENDS = ("tensorflow", "jax")
SEEDS = (*range(1, 13), 42)
STEPS = 300


def job(section: str, backend: str, seed: int) -> Job:
    """One run: controlled, in double precision."""
    options = RunOptions(seed=seed, randomness="controlled", precision="float64", steps=STEPS)
    return Job(
        name=f"{section} {backend} {seed}",
        backend=backend,
        scenarios=(section,),
        options=options,
        data="digits",
        repository=str(ROOT),
    )


def losses() -> dict[str, Series]:
    """The loss of each step of every run, by the job's name; stops at a run that failed."""
    jobs = [job(s, b, seed) for b in BACKENDS for s in SECTIONS for seed in SEEDS]
    found: dict[str, Series] = {}
    for outcome in run_jobs(jobs, workers=2):
        if outcome.failure is not None:
            raise SystemExit(f"{outcome.job.name}: {outcome.failure}")
        (trace,) = outcome.traces.values()
        found[outcome.job.name] = trace.losses["loss"]
    return found


def table(found: dict[str, Series]) -> str:
    """Largest relative difference of a loss, and its step, per section and seed."""
    head = [
        f"`python -m tools.survey_sgd`: {' against '.join(BACKENDS)}, the largest difference",
        f"of a loss, relative to it, within {STEPS} steps, and the step it is seen at.",
        "",
        f"| seed | {' | '.join(SECTIONS)} |",
        "|---|---|---|",
    ]
    rows = []
    for seed in SEEDS:
        cells = []
        for section in SECTIONS:
            a, b = (found[f"{section} {backend} {seed}"] for backend in BACKENDS)
            apart = differences(a, b)
            cells.append(f"{max(apart):.1e} at {apart.index(max(apart))}")
        rows.append(f"| {seed} | {' | '.join(cells)} |")
    return "\n".join([*head, *rows])


def main() -> int:
    """Runs everything, prints the table and writes it into the document."""
    text = table(losses())
    sys.stdout.write(text + "\n")
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    write_atomically(DOCUMENT, f"{before}{BEGIN}\n{text}\n{END}{after}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
