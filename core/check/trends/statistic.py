"""The statistic by which a native run is judged, and why a false alarm is as rare as it says.

A *series* is what one run shows of one loss or metric: a value for each window or epoch. Runs of a
section with different seeds are independent draws from one distribution of series. For a pool of
runs, the recorded and the fresh ones together, each value becomes a deviation: its distance from
the pool's median of that window, in units of the pool's median absolute deviation there. A run's
statistic is its smallest and its largest deviation over all windows. Fresh runs lie *beyond* the
upper end where every one's largest deviation exceeds that of every recorded run, and beyond the
lower end where every one's smallest falls below all of theirs.

**Bound.** Let n runs be recorded and k be fresh, and let all n + k be exchangeable. Medians and
deviations are symmetric functions of the pool, so the n + k largest deviations are exchangeable as
well. The fresh runs lie beyond the upper end only where theirs are the k largest of the pool, no
tie with a recorded one allowed. Each of the C(n + k, k) choices of k runs is equally likely to be
that set, and at most one of them is: the probability is at most 1 / C(n + k, k). With the lower end
it is at most 2 / C(n + k, k). No distribution is assumed, and how windows depend on each other does
not matter. An alarm is raised only if k = m + 1 runs, the run of the check and m repeats, lie
beyond one end of the pool of all n + m + 1; that fewer repeats are made where an earlier pool
already has no run beyond can only make alarms rarer. Several statistics are added up (Boole), so
that they may depend on each other too.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from math import comb
from statistics import fmean, median

from attrs import frozen

from core.check.trends.recorded import DIGITS

Series = Sequence[float]
FALSE_ALARMS = 1e-3  # the largest probability of any false alarm in one whole check
MOST_REPEATS = (
    20  # with fewer than ten recorded runs more would be needed; the rate printed says so
)


class End(Enum):
    """The end of the recorded range that runs lie beyond."""

    ABOVE = 1
    BELOW = -1


@frozen
class Farthest:
    """Where a run lies farthest beyond the recorded ones.

    Attributes:
        end: above or below them.
        index: the window or epoch.
        value: the run's value there.
        low, high: the range of the recorded runs there.
    """

    end: End
    index: int
    value: float
    low: float
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


def beyond(recorded: Sequence[Series], fresh: Sequence[Series]) -> tuple[End, ...]:
    """The ends beyond which all fresh runs lie, in the pool of all.

    Args:
        recorded: the series of the recorded runs; at least one.
        fresh: those of the run of the check and of its repeats so far; at least one.
    """
    pool = deviations([*recorded, *fresh])
    old, new = pool[: len(recorded)], pool[len(recorded) :]
    ends = []
    if min(max(run) for run in new) > max(max(run) for run in old):
        ends.append(End.ABOVE)
    if max(min(run) for run in new) < min(min(run) for run in old):
        ends.append(End.BELOW)
    return tuple(ends)


def farthest(recorded: Sequence[Series], fresh: Sequence[Series], end: End) -> Farthest:
    """Where the first of the fresh runs lies farthest beyond an end."""
    run = [end.value * deviation for deviation in deviations([*recorded, *fresh])[len(recorded)]]
    index = run.index(max(run))
    column = [series[index] for series in recorded]
    return Farthest(end, index, fresh[0][index], min(column), max(column))


def chance(recorded: int, repeats: int) -> float:
    """The largest probability that a statistic of an honest run raises an alarm.

    Args:
        recorded: the number of recorded runs, n.
        repeats: the number of repeats after a run outside the range, m.
    """
    return 2 / comb(recorded + repeats + 1, repeats + 1)


def repeats_needed(recorded: int, statistics: int) -> int:
    """The fewest repeats with which this many statistics together stay within `FALSE_ALARMS`.

    Args:
        recorded: the number of recorded runs, n.
        statistics: how many statistics the whole check judges.
    """
    share = FALSE_ALARMS / statistics
    return next((m for m in range(MOST_REPEATS) if chance(recorded, m) <= share), MOST_REPEATS)
