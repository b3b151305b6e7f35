"""`parity bench`: ratios against hand-written loops, `fit` and the arithmetic floor."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import click

from core.errors import ExecutionError, UsageError
from core.processes import program
from core.run.backends.registry import process_environment
from core.storage import os_errors_as, write_atomically
from core.trace.encoding import Json
from tools.cli import options
from tools.cli.document import emit
from tools.cli.main import OK
from tools.cli.printing import say
from tools.cli.verbs import verb

REFERENCE = "runner, fused"


def _measure(data: str, *, whole: bool) -> dict[str, dict[str, float]]:
    done = subprocess.run(
        program("tools.bench.program", str(options.repository), data, str(int(whole))),
        env=process_environment("tensorflow"),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ExecutionError(
            (done.stderr.strip().splitlines() or ["no message"])[-1],
            where="bench",
            expected="a benchmark that ends",
            remedy="run it again; if it fails again, report it with this message",
        )
    measured: dict[str, dict[str, float]] = json.loads(done.stdout)
    return measured


@verb("bench")
@click.option("--quick", is_flag=True, help="Leave out the whole guide, which takes minutes.")
@options.data_option
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", help="Save the document, too."
)
@options.json_option
def command(quick: bool, data: str, out: Path | None, as_json: bool) -> int:
    """Measure TensorFlow's ways to train the guides' classifier, in turn, in one process.

    Machines are noisy: compare the ratios of one run, not microseconds of two.
    """
    click.echo("measuring; this takes minutes", err=True)
    measured = _measure(options.data(data), whole=not quick)
    steps = measured["per_step"]
    base = steps[REFERENCE]
    fields: dict[str, Json] = {
        "per_step_microseconds": dict(steps),
        "ratios": {name: value / base for name, value in steps.items()},
        "whole_guide_seconds": dict(measured.get("whole_guide", {})),
    }
    if out is not None:
        with os_errors_as(
            UsageError,
            where=f"--out {out}",
            expected="a file this user may write",
            remedy="name another file",
        ):
            write_atomically(out, json.dumps(fields, indent=1) + "\n")
    if as_json:
        emit("bench", fields)
        return OK
    whole = measured.get("whole_guide")
    sentence = f"a fused step takes {base:.0f} µs"
    if whole:
        ratio = whole["hand-written"] / whole["replayed"]
        sentence += (
            f"; the whole guide replays {ratio:.0f} times as fast as its loops by hand "
            f"({whole['replayed']:.1f} s against {whole['hand-written']:.1f} s)"
        )
    say(sentence)
    width = max(map(len, steps))
    for name, value in steps.items():
        say(f"  {name:{width}}  {value:9.0f} µs  {value / base:7.2f} ×")
    return OK
