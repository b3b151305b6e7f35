"""The rank statistic: how often it is wrong, and what it sees."""

from __future__ import annotations

import random
from math import comb, inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.check.trends.statistic import (
    FALSE_ALARMS,
    MOST_REPEATS,
    End,
    Series,
    beyond,
    chance,
    deviations,
    farthest,
    repeats_needed,
)

WINDOWS, RECORDED = 8, 12


def series(draw: random.Random, shift: float = 0.0) -> Series:
    """A run whose windows depend on each other, scatter differently and have heavy tails."""
    common = draw.gauss(0, 1)
    return [
        2.0 / (1 + w) + (1 + w) * 0.1 * (common + draw.gauss(0, 1) ** 3 + shift)
        for w in range(WINDOWS)
    ]


def pool(draw: random.Random, count: int, shift: float = 0.0) -> list[Series]:
    """Runs of one distribution."""
    return [series(draw, shift) for _ in range(count)]


@pytest.mark.parametrize(("repeats", "trials"), [(0, 3000), (1, 3000)])
def test_honest_runs_lie_beyond_an_end_as_rarely_as_stated(repeats: int, trials: int) -> None:
    draw = random.Random(1)
    alarms = sum(bool(beyond(pool(draw, RECORDED), pool(draw, repeats + 1))) for _ in range(trials))
    stated = chance(RECORDED, repeats)
    deviation = (stated * (1 - stated) / trials) ** 0.5
    assert alarms / trials <= stated + 4 * deviation
    assert alarms  # the bound is not met by never raising an alarm


def test_values_that_many_runs_share_make_alarms_rarer_not_more_frequent() -> None:
    draw = random.Random(2)

    def run() -> Series:
        return [float(draw.randrange(3)) for _ in range(2)]

    alarms = sum(bool(beyond([run() for _ in range(5)], [run()])) for _ in range(2000))
    assert alarms / 2000 <= chance(5, 0)


@pytest.mark.parametrize(("shift", "end"), [(30.0, End.ABOVE), (-30.0, End.BELOW)])
def test_shifted_runs_lie_beyond_their_end_too_good_as_well_as_too_bad(
    shift: float, end: End
) -> None:
    draw = random.Random(3)
    recorded, fresh = pool(draw, RECORDED), pool(draw, 4, shift)
    assert (end,) == beyond(recorded, fresh)
    found = farthest(recorded, fresh, end)
    assert not found.low <= found.value <= found.high
    assert fresh[0][found.index] == found.value


def test_one_window_that_is_off_is_enough() -> None:
    draw = random.Random(4)
    recorded, fresh = pool(draw, RECORDED), pool(draw, 3)
    off = [[*run[:5], run[5] + 400.0, *run[6:]] for run in fresh]
    assert End.ABOVE in beyond(recorded, off)
    assert 5 == farthest(recorded, off, End.ABOVE).index


def test_one_run_inside_clears_the_others() -> None:
    draw = random.Random(5)
    recorded, fresh = pool(draw, RECORDED), pool(draw, 3, 30.0)
    assert () == beyond(recorded, [*fresh, recorded[0]])


def test_runs_beyond_different_ends_are_no_alarm() -> None:
    draw = random.Random(6)
    recorded = pool(draw, RECORDED)
    assert () == beyond(recorded, [*pool(draw, 1, 30.0), *pool(draw, 1, -30.0)])


def test_where_all_recorded_runs_agree_another_value_is_beyond_and_the_same_is_not() -> None:
    recorded: list[Series] = [[0.1014, 0.0]] * 5
    assert () == beyond(recorded, [[0.1014, 0.0]])
    assert (End.ABOVE,) == beyond(recorded, [[0.1015, 0.0]])
    assert (End.BELOW,) == beyond(recorded, [[0.1014, -0.1]])


runs = st.lists(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3), min_size=2, max_size=7)


@settings(max_examples=100)
@given(runs=runs, data=st.data())
def test_the_order_of_the_runs_does_not_matter(runs: list[Series], data: st.DataObject) -> None:
    """What the proof rests on: a run's deviation depends on the pool as a set."""
    order = data.draw(st.permutations(range(len(runs))))
    shuffled = deviations([runs[i] for i in order])
    assert [deviations(runs)[i] for i in order] == shuffled
    assert all(abs(value) < inf for run in shuffled for value in run)


def test_the_chance_counts_the_sets_that_could_lie_outside() -> None:
    assert 2 / 61 == chance(60, 0)
    assert 2 / comb(64, 4) == chance(60, 3)


@pytest.mark.parametrize("recorded", [12, 20, 60])
@pytest.mark.parametrize("statistics", [1, 30, 150])
def test_the_fewest_repeats_that_keep_the_whole_check_within_its_limit(
    recorded: int, statistics: int
) -> None:
    repeats = repeats_needed(recorded, statistics)
    assert statistics * chance(recorded, repeats) <= FALSE_ALARMS
    assert repeats < MOST_REPEATS
    assert statistics * chance(recorded, repeats - 1) > FALSE_ALARMS
