"""Runs a printed program in a process of its own and collects what it did."""

from __future__ import annotations

import base64
import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from attrs import field, frozen
from cattrs import Converter
from PIL import Image as Picture

from core.dialects.program import Program
from core.errors import ExecutionError
from core.processes import program as program_command
from core.run.backends.registry import legacy_switch, process_environment

ROOT = Path(__file__).resolve().parents[3]
LEGACY = "tf_keras"
_TAIL = 12  # lines of a traceback that an error quotes


@frozen
class Batch:
    """What `fit` reports after a batch: the mean loss of the epoch so far."""

    epoch: int
    loss: float


@frozen
class Ran:
    """What a program did.

    Attributes:
        losses: one number per step for each loss.
        metrics: one number per epoch for each reading.
        log: the lines it printed in its own section.
        finished: whether it ran to its end.
        digest: SHA-256 over the trained weights, empty where it did not finish.
        means: what `fit` reported after each batch; empty of a loop.
        images: pixels of the images it saved, as a trace holds them, by file name.
    """

    losses: Mapping[str, tuple[float, ...]]
    metrics: Mapping[str, tuple[float, ...]]
    log: tuple[str, ...]
    finished: bool
    digest: str
    means: tuple[Batch, ...] = ()
    images: Mapping[str, str] = field(factory=dict)


def run_program(
    program: Program,
    backend: str,
    data: Path,
    *,
    steps: int | None = None,
    fast_convolution: bool = False,
) -> Ran:
    """Runs a program as it is printed.

    Args:
        program: a Python program whose data come from Keras's own loader, or from a file.
        backend: what runs it; threads and kernels are those that the runner pins.
        data: an npz in Keras's MNIST layout, which Keras's loader hands out.
        steps: end after this many training steps of its own section.
        fast_convolution: on JAX, the kernel gradient of transposed convolutions that the runner
            uses, which rounds differently from JAX's own.

    Raises:
        ExecutionError: the program ended with an error.
    """
    (ran,) = run_programs([(program, steps)], backend, data, fast_convolution=fast_convolution)
    if isinstance(ran, ExecutionError):
        raise ran
    return ran


def run_programs(
    asked: Sequence[tuple[Program, int | None]],
    backend: str,
    data: Path,
    *,
    fast_convolution: bool = False,
) -> list[Ran | ExecutionError]:
    """Runs programs one after the other, each in a process that has imported the framework.

    Args:
        asked: programs of one backend, of Keras 2 all or none, each with the steps to end after.
        backend: what runs them.
        data: an npz in Keras's MNIST layout.
        fast_convolution: as in `run_program`.

    Returns:
        What each did, or the error that it ended with.

    Raises:
        ExecutionError: a program cannot be run here at all.
    """
    for program, _ in asked:
        _check(program)
    legacy = asked[0][0].dialect == "legacy"
    environment = process_environment(backend)
    if legacy:
        environment |= legacy_switch(LEGACY)
    with tempfile.TemporaryDirectory(prefix="parity-") as name:
        folders = [Path(name) / f"{number}" for number in range(len(asked))]
        for folder, (program, steps) in zip(folders, asked, strict=True):
            folder.mkdir()
            (folder / "program.py").write_text(program.source, encoding="utf-8")
            job = _job(program, steps) | {
                "backend": backend,
                "data": str(data.resolve()),
                "fast_convolution": fast_convolution,
                "keras": LEGACY if legacy else "keras",
            }
            (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
        jobs = [str(folder / "job.json") for folder in folders]
        done = subprocess.run(
            program_command("core.dialects.running.watched", *jobs),
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        return [
            _result(folder, program, done)
            for folder, (program, _) in zip(folders, asked, strict=True)
        ]


def _check(program: Program) -> None:
    """Refuses what cannot be run here.

    Raises:
        ExecutionError: no Python, or Keras 2 without Keras 2.
    """
    if program.watch is None:
        raise ExecutionError(
            f"the {program.dialect} program shows no step",
            where=program.scenario,
            expected="a program in Python",
            remedy="run one of the Python dialects",
        )
    if program.dialect == "legacy" and find_spec(LEGACY) is None:
        raise ExecutionError(
            "Keras 2 is not here",
            where=f"{program.scenario}@legacy",
            expected=f"the package {LEGACY}, which is Keras 2 for today's TensorFlow",
            remedy="python -m pip install tf-keras, in an environment of its own",
        )


def _job(program: Program, steps: int | None) -> dict[str, object]:
    """Where a program is watched, and for how long."""
    watch = program.watch
    assert watch is not None
    first = [span[0] for span in program.spans]
    return {
        "lines": {
            "begin": first[watch.begin],
            "epoch": first[watch.epoch],
            "batch": first[watch.batch],
            "after_step": first[watch.after_step],
        },
        "losses": watch.losses,
        "metrics": watch.metrics,
        "models": watch.models,
        "fit": program.dialect == "fit",
        "steps": steps,
    }


def _result(
    folder: Path, program: Program, done: subprocess.CompletedProcess[str]
) -> Ran | ExecutionError:
    """What a program left behind."""
    result, error = folder / "result.json", folder / "error.txt"
    if not result.exists():
        said = error.read_text(encoding="utf-8") if error.exists() else done.stderr
        tail = "\n".join(said.strip().splitlines()[-_TAIL:])
        return ExecutionError(
            f"the printed program ended with code {done.returncode}: {tail}",
            where=f"{program.scenario}@{program.dialect}",
            expected="a program that runs",
            remedy="report it, with `parity show` of this program",
        )
    loaded = json.loads(result.read_text(encoding="utf-8"))
    loaded["images"] = {
        path.name: _pixels(path) for path in sorted((folder / "saved").glob("*.png"))
    }
    return Converter().structure(loaded, Ran)


def _pixels(path: Path) -> str:
    with Picture.open(path) as picture:
        values = np.asarray(picture.convert("L"), dtype=np.uint8)
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")
