"""What a run printed against what it computed: a line must say the number that its name stands for.

Nothing is compared with another run here: the section's own templates are filled in with the run's
own losses and metrics.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from string import Formatter

from core.check.compare.against import GOLDEN
from core.run.runner import printing
from core.spec import Scenario, ops
from core.trace import Trace
from core.trace.finding import Finding

NUMBER = r"[-+0-9.einfa]+"


def printed_otherwise(scenario: Scenario, trace: Trace) -> Iterator[Finding]:
    """The first template whose lines do not say what the run computed.

    Templates that name anything but a step's number, losses and metrics are left out: times, say.
    So are lines that are not there at all, which is for the comparison with the golden to find.

    Args:
        scenario: the section.
        trace: a whole run of it.
    """
    printed = [line.text for line in trace.log]
    wanted: dict[str, list[str]] = {}
    for op, numbers in _lines(scenario, trace):
        texts = [line.text for line in printing.lines(op, numbers)]
        for template, text in zip(op.template.split("\n"), texts, strict=True):
            wanted.setdefault(template, []).append(text)
    for template, expected in wanted.items():
        pattern = re.compile("".join(_pattern(part) for part in Formatter().parse(template)))
        found = [text for text in printed if pattern.fullmatch(text)]
        wrong = [pair for pair in zip_longest(found, expected) if pair[0] != pair[1]]
        if found and wrong:
            yield GOLDEN.differs(
                trace.scenario,
                f"{trace.backend} ({trace.randomness}): log",
                "a line does not say what was computed",
                f"found {wrong[0][0]!r}, computed {wrong[0][1]!r}; rule: equal",
            )
            return  # other lines are usually wrong for the same reason


def _pattern(part: tuple[str, str | None, str | None, str | None]) -> str:
    """A part of a template as a pattern: its words, and a number where one is filled in."""
    literal, name, _, _ = part
    return re.escape(literal) + ("" if name is None else NUMBER)


def _lines(scenario: Scenario, trace: Trace) -> Iterator[tuple[ops.Log, Mapping[str, float]]]:
    """Templates with the numbers that fill them in, as often as they are printed."""
    for op in scenario.on_epoch_end:
        if isinstance(op, ops.Log) and (names := _names(op)) and names <= trace.metrics.keys():
            for epoch in range(min(len(trace.metrics[name]) for name in names)):
                yield op, {name: trace.metrics[name][epoch] for name in names}
    steps = trace.steps_per_epoch
    for op in scenario.on_log:
        losses = _names(op) - {"step"} if isinstance(op, ops.Log) else set()
        if isinstance(op, ops.Log) and losses and losses <= trace.losses.keys():
            for index in range(trace.steps):
                step = index % max(steps, 1)
                if scenario.loop.logs(step):
                    numbers = {name: trace.losses[name][index] for name in losses}
                    yield op, {**numbers, "step": scenario.loop.number(step)}


def _names(op: ops.Log) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(op.template) if name}
