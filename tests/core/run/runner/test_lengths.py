"""How long a run is, what it prints at its end, and which models it saves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping

import pytest

from core.run.backends.registry import process_environment
from tests.conftest import REPOSITORY

FIRST = [
    "dcgan_article.dcgan@tensorflow/discriminator0.keras",
    "dcgan_article.dcgan@tensorflow/generator_0.keras",
]
Runs = Mapping[str, Mapping[str, object]]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """A scenario of two epochs of two steps, capped at three steps, in several lengths."""
    done = subprocess.run(
        [sys.executable, str(REPOSITORY / "tests" / "core" / "run" / "runner" / "lengths.py")],
        cwd=tmp_path_factory.mktemp("lengths"),
        env=process_environment("tensorflow") | {"PYTHONPATH": os.fspath(REPOSITORY)},
        check=True,
        capture_output=True,
        text=True,
    )
    found: Runs = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize(
    ("asked", "steps"),
    [("capped", 3), ("one epoch", 2), ("three epochs", 6), ("one step", 1), ("five steps", 4)],
)
def test_the_cap_holds_unless_another_length_is_asked_for(
    runs: Runs, asked: str, steps: int
) -> None:
    assert steps == runs[asked]["steps"]


def _log(runs: Runs, asked: str) -> list[object]:
    lines = runs[asked]["log"]
    assert isinstance(lines, list)
    return lines


def test_closing_lines_follow_a_loop_that_reached_its_end(runs: Runs) -> None:
    starts = [f"Starting epoch {epoch} with 2 batches..." for epoch in (1, 2, 3)]
    opening = ["Preparing training run", "Training GAN ..."]
    assert [*opening, *starts, "Finished unique run"] == _log(runs, "three epochs")
    assert [*opening, *starts[:2]] == _log(runs, "capped")
    assert [*opening, *starts[:1]] == _log(runs, "one step")


def test_models_are_saved_after_each_whole_epoch(runs: Runs) -> None:
    assert FIRST == runs["capped"]["saved"] == runs["one epoch"]["saved"]
    assert [] == runs["one step"]["saved"]
    later = [name.replace("0.keras", f"{n}.keras") for n in (1, 2) for name in FIRST]
    assert sorted([*FIRST, *later]) == runs["three epochs"]["saved"]


def test_the_model_saved_last_is_the_one_the_run_ended_with(runs: Runs) -> None:
    assert runs["one epoch"]["last generator equals the run's"] is True
    assert runs["capped"]["last generator equals the run's"] is False  # a step came after it


def test_nothing_is_saved_without_a_folder_for_it(runs: Runs) -> None:
    names = runs["folders"]["names"]
    assert ["capped", "five steps", "one epoch", "three epochs"] == names
