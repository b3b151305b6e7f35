"""Emulated processors: what is started, what is refused, and a run on one."""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import evolve

from core.errors import UsageError
from core.run.backends.arithmetic import Arithmetic
from core.run.backends.emulation import EMULATOR, emulated, processors, require_processor
from core.run.runner.options import RunOptions
from core.run.worker import Job, run_jobs
from tests.conftest import REPOSITORY

FAKE = """#!/bin/sh
if [ "$2" = help ]; then
    echo "Available CPUs:"
    echo "x86 EPYC                  (alias configured by machine type)"
    echo "x86 Nehalem               (alias configured by machine type)"
    echo
    echo "Recognized CPUID flags:"
    echo "  3dnow abm"
    exit 1
fi
case "$2" in Nehalem,*) echo "qemu: Illegal instruction" >&2; exit 132 ;; esac
exit 0
"""
WHERE = "--processor"
JOB = Job(
    name="here",
    backend="reference",
    scenarios=("keras_io_tf/first_loop",),
    options=RunOptions(seed=12, randomness="controlled", precision="float64", steps=2),
    data="digits",
    repository=str(REPOSITORY),
)

emulator = pytest.mark.skipif(
    shutil.which(EMULATOR) is None,
    reason=f"{EMULATOR} is not here; get it with `apt-get install qemu-user`",
)


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    """Nothing is remembered of the real emulator, nor of the test's."""
    processors.cache_clear()
    yield
    processors.cache_clear()


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that stands for the emulator, the only one on the path."""
    path = tmp_path / EMULATOR
    path.write_text(FAKE, encoding="utf-8")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    return path


def refused(model: str) -> UsageError:
    with pytest.raises(UsageError) as raised:
        require_processor(model, WHERE)
    assert WHERE == raised.value.where
    return raised.value


def test_the_machine_s_own_processor_needs_no_emulator() -> None:
    assert ["python", "-P"] == emulated("", ["python", "-P"])


def test_the_emulated_process_is_told_its_processor_and_no_other_is() -> None:
    command = emulated("EPYC", ["python", "-P"])
    assert "LOOP_PARITY_EMULATED=EPYC" == command[command.index("-E") + 1]


@pytest.mark.usefixtures("fake")
def test_processors_are_those_that_the_emulator_lists() -> None:
    assert ("EPYC", "Nehalem") == processors()
    require_processor("EPYC", WHERE)


@pytest.mark.usefixtures("fake")
def test_a_mistyped_processor_is_an_error_that_names_the_nearest() -> None:
    error = refused("EPIC")
    assert "unknown processor 'EPIC'" == error.what
    assert "did you mean EPYC?" == error.remedy
    assert "such as" in refused("something else").remedy


@pytest.mark.usefixtures("fake")
def test_a_processor_on_which_numpy_does_not_run_is_an_error() -> None:
    assert "NumPy does not run on Nehalem: qemu: Illegal instruction" == refused("Nehalem").what


@pytest.mark.parametrize(
    ("lacking", "remedy"),
    [
        ("emulator", "apt install qemu-user"),
        ("linux", "run it on such a machine"),
        ("x86_64", "run it on such a machine"),
    ],
)
def test_without_an_emulator_the_error_says_how_to_get_one(
    lacking: str, remedy: str, fake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if lacking == "emulator":
        fake.unlink()
    elif lacking == "linux":
        monkeypatch.setattr(sys, "platform", "darwin")
    else:
        monkeypatch.setattr(platform, "machine", lambda: "arm64")
    assert () == processors()
    error = refused("EPYC")
    assert "no qemu-x86_64" in error.what
    assert remedy == error.remedy


@pytest.mark.usefixtures("fake")
def test_a_worker_that_dies_on_a_processor_says_to_name_another() -> None:
    job = evolve(JOB, arithmetic=Arithmetic(processor="Nehalem"))
    (outcome,) = run_jobs([job], workers=1)
    assert outcome.failure is not None
    assert "code 132: qemu: Illegal instruction" in outcome.failure.error.what
    assert "another processor than Nehalem" in outcome.failure.error.remedy


@emulator
def test_a_run_on_an_emulated_processor_says_so_and_computes_what_is_computed_here() -> None:
    require_processor("Haswell", WHERE)
    other = evolve(JOB, name="there", arithmetic=Arithmetic(processor="Haswell"))
    outcomes = run_jobs([JOB, other], workers=1)
    assert [None, None] == [outcome.failure for outcome in outcomes]
    here, there = (outcome.traces["keras_io_tf/first_loop"] for outcome in outcomes)
    assert ("emulated Haswell", "AVX2") == (there.environment["cpu"], there.environment["vectors"])
    assert "emulated" not in here.environment["cpu"]
    assert here.losses["loss"] == pytest.approx(there.losses["loss"], rel=1e-12)


@emulator
def test_kernels_chosen_for_this_machine_are_not_taken_to_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")  # whose instructions an Ivy Bridge lacks
    require_processor("IvyBridge", WHERE)


@emulator
def test_what_the_emulator_leaves_out_is_not_said() -> None:
    done = subprocess.run(emulated("Haswell", ["/bin/true"]), capture_output=True, check=True)
    assert (b"", b"") == (done.stdout, done.stderr)
