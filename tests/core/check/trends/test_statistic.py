"""The rank statistic: how often it is wrong, and what it sees."""

from __future__ import annotations

import random
from itertools import combinations
from math import comb, inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.check.trends.statistic import (
    FALSE_ALARMS,
    MOST_RUNS,
    RUNS,
    UNUSUAL,
    End,
    Rule,
    Series,
    deviations,
    farthest,
    most_pairs,
    orders,
    pairs,
    probability,
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


@pytest.mark.parametrize(("fresh", "counted"), [(1, 0), (2, 3), (4, 9)])
def test_honest_runs_have_few_pairs_as_rarely_as_stated(fresh: int, counted: int) -> None:
    draw = random.Random(1)
    trials = 2000
    found = [pairs(pool(draw, RECORDED), pool(draw, fresh)) for _ in range(trials)]
    stated = probability(RECORDED, fresh, counted)
    for end in End:
        seen = sum(each[end] <= counted for each in found) / trials
        assert abs(seen - stated) <= 4 * (stated * (1 - stated) / trials) ** 0.5


def test_values_that_many_runs_share_make_alarms_rarer_not_more_frequent() -> None:
    draw = random.Random(2)

    def run() -> Series:
        return [float(draw.randrange(3)) for _ in range(2)]

    found = [pairs([run() for _ in range(5)], [run()]) for _ in range(2000)]
    for end in End:
        assert sum(each[end] == 0 for each in found) / 2000 <= probability(5, 1, 0)


@pytest.mark.parametrize(("shift", "end"), [(30.0, End.ABOVE), (-30.0, End.BELOW)])
def test_no_pair_counts_where_all_lie_beyond_too_good_as_well_as_too_bad(
    shift: float, end: End
) -> None:
    draw = random.Random(3)
    recorded, fresh = pool(draw, RECORDED), pool(draw, 4, shift)
    counted = pairs(recorded, fresh)
    assert [end] == [each for each in End if counted[each] == 0]
    found = farthest(recorded, fresh, end)
    assert found.low < found.middle < found.high
    assert not found.low <= found.value <= found.high
    assert fresh[0][found.index] == found.value


def test_one_window_that_is_off_is_enough() -> None:
    draw = random.Random(4)
    recorded, fresh = pool(draw, RECORDED), pool(draw, 3)
    off = [[*run[:5], run[5] + 400.0, *run[6:]] for run in fresh]
    assert 0 == pairs(recorded, off)[End.ABOVE]
    assert 5 == farthest(recorded, off, End.ABOVE).index


def test_a_run_inside_counts_against_the_others() -> None:
    draw = random.Random(5)
    recorded, fresh = pool(draw, RECORDED), pool(draw, 3, 30.0)
    by_height = sorted(recorded, key=lambda run: pairs(recorded, [run])[End.ABOVE])
    middle = by_height[RECORDED // 2]
    assert 0 < pairs(recorded, [*fresh, middle])[End.ABOVE] < RECORDED


def test_runs_beyond_different_ends_count_against_each_other() -> None:
    draw = random.Random(6)
    counted = pairs(pool(draw, RECORDED), [*pool(draw, 1, 30.0), *pool(draw, 1, -30.0)])
    assert min(counted.values()) >= RECORDED


def test_where_all_recorded_runs_agree_another_value_is_beyond_and_the_same_is_not() -> None:
    recorded: list[Series] = [[0.1014, 0.0]] * 5
    assert {End.ABOVE: 5, End.BELOW: 5} == pairs(recorded, [[0.1014, 0.0]])
    assert 0 == pairs(recorded, [[0.1015, 0.0]])[End.ABOVE]
    assert 0 == pairs(recorded, [[0.1014, -0.1]])[End.BELOW]


runs = st.lists(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3), min_size=2, max_size=7)


@settings(max_examples=100)
@given(runs=runs, data=st.data())
def test_the_order_of_the_runs_does_not_matter(runs: list[Series], data: st.DataObject) -> None:
    """What the proof rests on: a run's deviation depends on the pool as a set."""
    order = data.draw(st.permutations(range(len(runs))))
    shuffled = deviations([runs[i] for i in order])
    assert [deviations(runs)[i] for i in order] == shuffled
    assert all(abs(value) < inf for run in shuffled for value in run)


@pytest.mark.parametrize(("recorded", "fresh"), [(1, 1), (6, 1), (1, 4), (5, 3), (4, 5)])
def test_orders_count_every_choice_of_places(recorded: int, fresh: int) -> None:
    found = [0] * (recorded * fresh + 1)
    for places in combinations(range(recorded + fresh), fresh):
        old = set(range(recorded + fresh)) - set(places)
        found[sum(there > mine for there in old for mine in places)] += 1
    assert tuple(found) == orders(recorded, fresh)


def test_no_pair_is_as_likely_as_one_choice_of_all() -> None:
    assert probability(60, 4, 0) == 1 / comb(64, 4)
    assert 1.0 == probability(60, 4, 240)


@given(recorded=st.integers(1, 40), fresh=st.integers(1, 10), limit=st.floats(1e-9, 0.5))
def test_most_pairs_are_the_most_within_the_limit(recorded: int, fresh: int, limit: float) -> None:
    most = most_pairs(recorded, fresh, limit)
    assert probability(recorded, fresh, most) <= limit * (1 + 1e-9)
    assert probability(recorded, fresh, most + 1) > limit * (1 - 1e-9)


@pytest.mark.parametrize("recorded", [12, 20, 40, 100])
@pytest.mark.parametrize("statistics", [1, 30, 150])
def test_the_whole_check_stays_within_its_limit_and_uses_it(recorded: int, statistics: int) -> None:
    rule = Rule(recorded, FALSE_ALARMS / statistics)
    assert statistics * rule.chance <= FALSE_ALARMS
    assert RUNS <= rule.runs < MOST_RUNS
    assert 0 <= rule.alarming(rule.runs)
    assert rule.runs > RUNS or statistics * rule.chance > FALSE_ALARMS / 4
    assert -1 == rule.repeated(rule.runs)


def test_runs_are_repeated_as_rarely_as_stated() -> None:
    rule = Rule(40, FALSE_ALARMS / 50)
    for fresh in range(1, rule.runs):
        assert probability(40, fresh, rule.repeated(fresh)) <= UNUSUAL / 2 ** (fresh - 1)
        assert rule.alarming(fresh) < rule.repeated(fresh)


def test_fewer_runs_are_enough_where_all_lie_beyond() -> None:
    rule = Rule(40, FALSE_ALARMS / 50)
    first = next(fresh for fresh in range(1, rule.runs + 1) if rule.alarming(fresh) >= 0)
    assert first < rule.runs
    assert probability(40, first, 0) <= rule.share / 2 ** (2 + rule.runs - first)


def test_too_few_recorded_runs_still_see_what_lies_beyond_all_and_the_chance_says_so() -> None:
    rule = Rule(2, FALSE_ALARMS)
    assert (MOST_RUNS, 0) == (rule.runs, rule.alarming(MOST_RUNS))
    assert rule.chance > FALSE_ALARMS
    assert 0 == rule.repeated(1)
