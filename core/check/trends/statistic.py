"""The statistic by which a native run is judged, and why a false alarm is as rare as it says.

A *series* is what one run shows of one loss or metric: a value for each window or epoch. Runs of a
section with different seeds are independent draws from one distribution of series. For a pool of
runs, the recorded and the fresh ones together, each value becomes a deviation: its distance from
the pool's median of that window, in units of the pool's median absolute deviation there. A run's
statistic is its smallest and its largest deviation over all windows.

Fresh runs are compared with recorded ones by Wilcoxon's rank sum, counted as Mann and Whitney do:
of all pairs of a recorded and a fresh run, those in which the fresh one does *not* lie farther out.
For the upper end a pair counts where the recorded run's largest deviation reaches the fresh one's,
for the lower end where its smallest does. No pair counts where every fresh run lies beyond all
recorded ones; half of the pairs do, on average, where nothing is wrong.

A section is run again, with one fresh seed after the other, while the fresh runs so far lie so far
out (`Rule.repeated`) and not yet far enough for an alarm (`Rule.alarming`), `Rule.runs` in all at
the most.

**Bound.** Let n runs be recorded and k be fresh, and let all n + k be exchangeable. Medians and
deviations are symmetric functions of the pool, so the n + k largest deviations are exchangeable as
well: each of the C(n + k, k) choices of the places that the fresh runs take among all, ordered by
them, is equally likely. In how many choices u pairs count is a number that depends on n and k alone
(`orders`), so the probability of at most u is known, whatever the distribution of series and
however windows depend on each other. Ties count as pairs, which can only make alarms rarer. Of the
share of a statistic each end gets a half, and of that the last number of runs a half, the one
before it a quarter and so on: all numbers of runs at which an alarm may be raised together stay
within it (Boole). That runs are not repeated, because they lie not far enough out, can only make
alarms rarer too. Several statistics are added up, so that they may depend on each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from functools import cache
from math import comb
from statistics import fmean, median

from attrs import frozen

from core.check.trends.recorded import DIGITS

Series = Sequence[float]
FALSE_ALARMS = 1e-3  # the largest probability of any false alarm in one whole check
RUNS = 10  # a run and nine repeats: enough for a shift of two or three standard deviations
MOST_RUNS = 21  # with fewer than ten recorded runs more would be needed; the rate printed says so
UNUSUAL = 0.05  # a run as far out as one in twenty is repeated, and repeats half as readily each


class End(Enum):
    """The end of the recorded range that runs lie beyond."""

    ABOVE = 1
    BELOW = -1


@frozen
class Farthest:
    """Where fresh runs lie farthest beyond the recorded ones.

    Attributes:
        index: the window or epoch.
        value: the first fresh run's value there.
        low, middle, high: the range and the median of the recorded runs there.
    """

    index: int
    value: float
    low: float
    middle: float
    high: float


def _scale(deviations: Sequence[float], middle: float) -> float:
    """The median absolute deviation; where most runs agree exactly, the mean one.

    At the least a unit of the last digit that is kept of the median: smaller differences are not
    there to be seen. At a median of 0 that is the smallest number kept at all.
    """
    last_digit = max(10.0**-DIGITS * abs(middle), 10.0**-DIGITS)
    return max(median(deviations) or fmean(deviations), last_digit)


def deviations(pool: Sequence[Series]) -> list[list[float]]:
    """Each run's deviation in each window from the pool's median, in the pool's own units.

    Args:
        pool: one series per run, all of one length.
    """
    columns: list[list[float]] = []
    for column in zip(*pool, strict=True):
        middle = median(column)
        scale = _scale([abs(value - middle) for value in column], middle)
        columns.append([(value - middle) / scale for value in column])
    return [list(row) for row in zip(*columns, strict=True)]


def pairs(recorded: Sequence[Series], fresh: Sequence[Series]) -> Mapping[End, int]:
    """In how many pairs of a recorded and a fresh run the fresh one lies not farther out.

    Args:
        recorded: the series of the recorded runs; at least one.
        fresh: those of the run of the check and of its repeats so far; at least one.
    """
    pool = deviations([*recorded, *fresh])
    found = {}
    for end in End:
        reach = [max(end.value * deviation for deviation in run) for run in pool]
        old, new = reach[: len(recorded)], reach[len(recorded) :]
        found[end] = sum(there >= mine for there in old for mine in new)
    return found


def farthest(recorded: Sequence[Series], fresh: Sequence[Series], end: End) -> Farthest:
    """Where the fresh runs lie farthest beyond an end, by their median."""
    new = deviations([*recorded, *fresh])[len(recorded) :]
    reach = [median(end.value * run[index] for run in new) for index in range(len(new[0]))]
    index = reach.index(max(reach))
    column = [series[index] for series in recorded]
    return Farthest(index, fresh[0][index], min(column), median(column), max(column))


@cache
def orders(recorded: int, fresh: int) -> tuple[int, ...]:
    """How many orders of recorded and fresh runs have no pair that counts, how many one, and so on.

    They are the coefficients of the Gaussian binomial, the product over i = 1..k of
    (1 - q^(n + i)) / (1 - q^i): multiplied out and divided term by term.

    Args:
        recorded: the number of recorded runs, n.
        fresh: the number of fresh runs, k.
    """
    found = [1] + [0] * (recorded * fresh)
    for factor in range(1, fresh + 1):
        for power in reversed(range(recorded + factor, len(found))):
            found[power] -= found[power - recorded - factor]
        for power in range(factor, len(found)):
            found[power] += found[power - factor]
    return tuple(found)


def probability(recorded: int, fresh: int, counted: int) -> float:
    """How likely honest runs are to have at most so many pairs that count, at one end."""
    return sum(orders(recorded, fresh)[: counted + 1]) / comb(recorded + fresh, fresh)


@cache
def most_pairs(recorded: int, fresh: int, limit: float) -> int:
    """The most pairs of which honest runs have no more with a probability of at most `limit`.

    -1 where even no pair at all is likelier than that.
    """
    counted, left = -1, limit * comb(recorded + fresh, fresh)
    for number in orders(recorded, fresh):
        left -= number
        if left < 0:
            break
        counted += 1
    return counted


@frozen
class Rule:
    """When a run is repeated, and when it is an alarm.

    Attributes:
        recorded: the number of recorded runs that it is judged by.
        share: the largest probability with which it may be a false alarm.
    """

    recorded: int
    share: float

    @property
    def runs(self) -> int:
        """How many runs decide, the repeats included: `RUNS`, or as many as the share demands."""
        wanted = range(RUNS, MOST_RUNS)
        return next((k for k in wanted if 4 / comb(self.recorded + k, k) <= self.share), MOST_RUNS)

    def alarming(self, fresh: int) -> int:
        """The most pairs with which so many fresh runs are an alarm; -1 where none are.

        With too few recorded runs for the share, all fresh runs beyond all of them are one.
        """
        spent = self.share / 2 ** (2 + self.runs - fresh)
        return max(most_pairs(self.recorded, fresh, spent), 0 if fresh == self.runs else -1)

    def repeated(self, fresh: int) -> int:
        """The most pairs with which so many fresh runs are repeated; -1 where none are."""
        if fresh == self.runs:
            return -1
        return max(0, most_pairs(self.recorded, fresh, UNUSUAL / 2 ** (fresh - 1)))

    @property
    def chance(self) -> float:
        """The largest probability that an honest run raises an alarm, at either end."""
        return 2 * sum(
            probability(self.recorded, fresh, self.alarming(fresh))
            for fresh in range(1, self.runs + 1)
        )
