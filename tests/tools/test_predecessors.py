"""What is trained before the sections that were asked for is said before it starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.run.runner.options import RunOptions
from core.run.worker import Job
from tests.conftest import REPOSITORY
from tests.tools.parity import parity
from tools.cli.predecessors import announcements


def job(*sections: str, guide: str = "keras_io_tf", data: str = "digits") -> Job:
    """A job of a guide's sections."""
    ids = tuple(f"{guide}/{section}" for section in sections)
    return Job("a job", "tensorflow", ids, RunOptions(steps=3), data, str(REPOSITORY))


# The published length: 50,000 images in batches of 32, twice.
@pytest.mark.parametrize("data", ["digits", "mnist"])
def test_sections_steps_and_reason_are_named(data: str) -> None:
    sentence = "keras_io_tf: first trains metrics, 3,126 steps, because compiled continues it"
    assert (sentence,) == announcements([job("compiled", data=data)] * 2)


def test_what_two_sections_continue_is_trained_once() -> None:
    (sentence,) = announcements([job("compiled", "compiled~intended", guide="r_style")])
    assert sentence.endswith("trains metrics, 1,564 steps, because compiled continues it")


def test_what_is_asked_for_anyway_is_not_named() -> None:
    assert () == announcements([job("metrics", "compiled"), job("gan")])


def test_a_run_says_it_on_stderr(small_npz: Path) -> None:
    options = ("--steps", "1", "--data", small_npz, "--backend", "tensorflow")
    called = parity("run", "keras_io_tf/compiled", *options)
    assert 0 == called.code
    assert called.err.startswith("keras_io_tf: first trains metrics, ")
    assert called.out.startswith("keras_io_tf/compiled@tensorflow: 1 steps")
