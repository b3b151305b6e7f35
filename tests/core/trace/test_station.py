"""Runs from stations beside their reference."""

from __future__ import annotations

import pytest
from attrs import evolve

from core.trace.decoding import station_trace_from
from core.trace.encoding import plain
from core.trace.station import StationTrace, first_steps, side_by_side, steps_of
from tests.example_stations import REFERENCE_TRACE, STATION_TRACE, STEPS


@pytest.mark.parametrize("trace", [STATION_TRACE, REFERENCE_TRACE])
def test_what_is_told_of_a_run_is_read(trace: StationTrace) -> None:
    assert trace == station_trace_from(plain(trace))


def test_steps_are_those_of_the_longest_loss() -> None:
    assert STEPS == steps_of(STATION_TRACE)
    assert 3 == steps_of(evolve(STATION_TRACE, losses={"a": (1.0,), "b": (1.0, 2.0, 3.0)}))
    assert 0 == steps_of(evolve(STATION_TRACE, losses={}))


def test_of_a_run_s_first_steps_only_losses_are_known() -> None:
    cut = first_steps(REFERENCE_TRACE, 3)
    assert {"loss": (100.0, 50.0, 100.0 / 3), "penalty": (1.0, 1.001, 1.002)} == cut.losses
    for rest in (cut.metrics, cut.counters, cut.variables, cut.margins):
        assert {} == rest


@pytest.mark.parametrize("asked", [STEPS, STEPS + 1])
def test_a_run_asked_for_all_steps_stands_whole_beside_its_reference(asked: int) -> None:
    pair = (STATION_TRACE, REFERENCE_TRACE)
    assert pair == side_by_side(*pair, asked)
    # One that did not go as far does too: that is what is compared.
    short = first_steps(STATION_TRACE, 40)
    assert (short, REFERENCE_TRACE) == side_by_side(short, REFERENCE_TRACE, asked)


def test_a_run_asked_for_fewer_steps_stands_beside_the_first_of_its_reference() -> None:
    one = first_steps(STATION_TRACE, 1)
    run, reference = side_by_side(one, REFERENCE_TRACE, 1)
    assert one.losses == run.losses == reference.losses
    assert ({}, {}) == (run.variables, reference.variables)


@pytest.mark.parametrize("took", [0, 2])
def test_a_step_too_few_or_too_many_of_those_asked_for_is_not_cut_away(took: int) -> None:
    run, reference = side_by_side(first_steps(STATION_TRACE, took), REFERENCE_TRACE, 1)
    assert (took, 1) == (steps_of(run), steps_of(reference))
