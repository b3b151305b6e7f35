"""What other tools' rules would see: the same run judged as they judge it, with their defaults.

Each rule is given its best case: the run that it compares with was made on the same machine with
the same seed, times in printed lines are masked, and thresholds are the tightest that no recorded
seed breaks.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from attrs import frozen

from core.check.trends.recorded import SeedRun, window_means
from core.trace import Trace

_NUMBER = re.compile(r"[+-]?\d+(?:\.(?P<behind>\d*))?(?:[eE](?P<exponent>[+-]?\d+))?|nan|inf")
FINAL = 1  # the last window of losses: what a run ends at


@frozen
class Judged:
    """What a rule is given.

    Attributes:
        found: the native run in question.
        expected: the sound native run that was recorded.
        seeds: sound runs with other seeds; none where none are recorded.
    """

    found: Trace
    expected: Trace
    seeds: Sequence[SeedRun] = ()

    @property
    def lines(self) -> tuple[list[str], list[str]]:
        """The printed lines of both, times masked."""
        return printed_lines(self.found), printed_lines(self.expected)


def printed_lines(trace: Trace) -> list[str]:
    """What a run prints, the numbers masked in lines with a wall-clock time."""
    return [_NUMBER.sub("#", line.text) if line.timed else line.text for line in trace.log]


Rule = Callable[[Judged], bool]
"""Whether a rule calls a run wrong."""
Close = Callable[[str, str], bool]
"""Whether a printed number is close to the one that was expected, both as printed."""


def exact_output(judged: Judged) -> bool:
    """Every printed line equal: nbval, without its `--nbval-lax`."""
    found, expected = judged.lines
    return found != expected


def printed(close: Close) -> Rule:
    """Words equal and printed numbers close, line by line."""

    def rule(judged: Judged) -> bool:
        found, expected = judged.lines
        return len(found) != len(expected) or not all(
            _same(mine, wanted, close) for mine, wanted in zip(found, expected, strict=True)
        )

    return rule


def _same(found: str, expected: str, close: Close) -> bool:
    mine = [match[0] for match in _NUMBER.finditer(found)]
    wanted = [match[0] for match in _NUMBER.finditer(expected)]
    if _NUMBER.sub("", found) != _NUMBER.sub("", expected) or len(mine) != len(wanted):
        return False
    return all(close(a, b) for a, b in zip(mine, wanted, strict=True))


def within(rtol: float, atol: float) -> Close:
    """`numpy.isclose`: |found - expected| at most atol + rtol · |expected|; whole numbers equal."""

    def close(found: str, expected: str) -> bool:
        if _whole(found) and _whole(expected):
            return found == expected
        return _isclose(float(found), float(expected), rtol, atol)

    return close


def as_written(found: str, expected: str) -> bool:
    """Within one unit of the last digit that is written, as `+NUMBER` of pytest; counts equal."""
    if _whole(expected):
        return found == expected
    match = _NUMBER.fullmatch(expected)
    assert match is not None
    digits = len(match["behind"] or "") - int(match["exponent"] or 0)
    return _isclose(float(found), float(expected), 0.0, 10.0**-digits)


def _whole(number: str) -> bool:
    return number.lstrip("+-").isdigit()


def _isclose(found: float, expected: float, rtol: float, atol: float) -> bool:
    if math.isnan(expected):
        return math.isnan(found)
    return abs(found - expected) <= atol + rtol * abs(expected)


def columns(judged: Judged) -> bool:
    """pytest-regressions: columns of printed numbers, each as long as recorded and `isclose`.

    It goes through the columns that were obtained: what was recorded besides is not missed.
    """
    mine, wanted = (dict(_columns(lines)) for lines in judged.lines)
    for name, values in mine.items():
        recorded = wanted.get(name)
        if recorded is None or len(recorded) != len(values):
            return True
        pairs = zip(values, recorded, strict=True)
        if not all(_isclose(a, b, 1e-5, 1e-8) for a, b in pairs):
            return True
    return False


def _columns(lines: Sequence[str]) -> Iterator[tuple[str, list[float]]]:
    found: dict[str, list[float]] = {}
    for line in lines:
        name = _NUMBER.sub("#", line)
        for index, match in enumerate(_NUMBER.finditer(line)):
            found.setdefault(f"{name} {index}", []).append(float(match[0]))
    yield from found.items()


def _ends(run: SeedRun) -> tuple[float, bool] | None:
    """What a run ends at, and whether more is better: its last metric, else its first loss."""
    metrics = [values for values in run.metrics.values() if values]
    if metrics:
        return metrics[-1][-1], True
    losses = [values for values in run.losses.values() if values]
    return (losses[0][-FINAL], False) if losses else None


def _as_seed_run(trace: Trace) -> SeedRun:
    means = {name: window_means(values) for name, values in trace.losses.items()}
    return SeedRun(trace.seed, trace.backend, means, trace.metrics)


def final_threshold(judged: Judged) -> bool:
    """`assert accuracy > threshold` at the end, the threshold the worst that a seed gave."""
    mine = _ends(_as_seed_run(judged.found))
    seeds = [end for run in judged.seeds if (end := _ends(run)) is not None]
    if not seeds:
        return False
    if mine is None or mine[1] != seeds[0][1] or math.isnan(mine[0]):
        return True
    values = [value for value, _ in seeds]
    return mine[0] < min(values) if mine[1] else mine[0] > max(values)


def converges(judged: Judged) -> bool:
    """A target is reached in time: the loss that every seed reached, by when the last one did."""
    for name in judged.expected.losses:
        seeds = [run.losses[name] for run in judged.seeds if run.losses.get(name)]
        if not seeds:
            continue
        target = max(min(values) for values in seeds)
        latest = max(_reached(values, target) for values in seeds)
        mine = window_means(judged.found.losses.get(name, ()))
        if not any(value <= target for value in mine[: latest + 1]):
            return True
    return False


def _reached(values: Sequence[float], target: float) -> int:
    return next(index for index, value in enumerate(values) if value <= target)


@frozen
class Alternative:
    """Another tool's rule.

    Attributes:
        source: whose rule it is, and where its limits come from.
        catches: whether it calls a run wrong.
    """

    source: str
    catches: Rule


ALTERNATIVES: Mapping[str, Alternative] = MappingProxyType(
    {
        "exact output": Alternative("nbval", exact_output),
        "printed digits": Alternative("pytest's doctest option +NUMBER", printed(as_written)),
        "rtol 1e-5": Alternative(
            "pytest-doctestplus's FLOAT_CMP: rtol 1e-05, atol 1e-08 (output_checker.py)",
            printed(within(1e-5, 1e-8)),
        ),
        "rtol 1e-2": Alternative(
            "scipy_doctest's DTConfig: rtol 0.01, atol 1e-08", printed(within(1e-2, 1e-8))
        ),
        "columns": Alternative(
            "pytest-regressions's num_regression: numpy.isclose, rtol 1e-05, atol 1e-08", columns
        ),
        "final threshold": Alternative("a test's own assertion", final_threshold),
        "convergence": Alternative("MLPerf training: the target is reached", converges),
    }
)
"""The rules by name, the strictest first."""
