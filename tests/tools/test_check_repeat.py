"""The commands that repeat what failed, and nothing else."""

from __future__ import annotations

import shlex

import click
import pytest

from core.check.judging import CheckReport, Result, Status
from core.trace.finding import Finding, FindingCode
from tools.cli.check_repeat import options_given, repeat_commands
from tools.cli.verb_check import command

P, F, E = Status.PASSED, Status.FAILED, Status.ERROR


def _report(*runs: tuple[str, str, Status]) -> CheckReport:
    results = tuple(
        Result(scenario, backend, status, (), 1.0) for scenario, backend, status in runs
    )
    return CheckReport(results, (), 1.0)


def test_sections_that_failed_on_the_same_backends_share_a_command() -> None:
    report = _report(
        ("toy/a", "jax", F), ("toy/a", "torch", P), ("toy/b", "jax", E), ("toy/b", "torch", P),
        ("toy/c~x", "jax", F), ("toy/c~x", "torch", F),
    )  # fmt: skip
    assert [
        "parity check toy/a toy/b --backend jax --seed 3",
        "parity check 'toy/c~x' --backend jax --backend torch --seed 3",
    ] == repeat_commands(report, ["--seed", "3"])


def test_where_no_run_failed_there_is_nothing_to_repeat() -> None:
    assert [] == repeat_commands(_report(("toy/a", "jax", P)), [])
    orphan = Finding(FindingCode.GOLDEN_ORPHAN, "golden/x", "m", "e")
    assert [] == repeat_commands(CheckReport((), (orphan,), 1.0), [])


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("toy --backend jax --json -v", ""),
        ("--seed 12 --threads 2", "--seed 12 --threads 2"),
        ("--data 'my digits.npz' --kernels default", "--data 'my digits.npz' --kernels default"),
        ("--scenarios /a --scenarios /b", "--scenarios /a --scenarios /b"),
        ("toy --full --processor EPYC", "--processor EPYC --full"),
    ],
)
def test_options_are_repeated_as_they_were_given(given: str, kept: str) -> None:
    with click.Context(command) as context:
        command.parse_args(context, shlex.split(given))
        assert shlex.split(kept) == options_given(context)
