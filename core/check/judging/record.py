"""Recording goldens: what changes, in words, before anything is written."""

from __future__ import annotations

import attrs
from attrs import frozen

from core.check.compare.traces import compare, compare_trend
from core.check.golden.golden import Golden
from core.check.golden.horizon import Horizon
from core.trace import LogLine, Trace
from core.trace.difference import first_difference
from core.trace.finding import Finding


@frozen
class Change:
    """How a new trace differs from the recorded one.

    Attributes:
        kind: `new`, `unchanged` (bit-identical but for times) or `changed`.
        summary: the difference in one line.
        findings: what a check would report.
    """

    kind: str
    summary: str
    findings: tuple[Finding, ...] = ()


def without_times(trace: Trace) -> Trace:
    """The trace without what differs from run to run: seconds and timed log lines."""
    log = tuple(LogLine("", timed=True) if line.timed else line for line in trace.log)
    return attrs.evolve(trace, seconds=0.0, log=log, environment={})


def _first_difference(trace: Trace, golden: Trace) -> str:
    parts = []
    for name, expected in golden.losses.items():
        found = trace.losses.get(name, ())
        if len(found) != len(expected):
            parts.append(f"{name}: {len(found)} steps, were {len(expected)}")
        shared = min(len(found), len(expected))
        first = first_difference(found[:shared], expected[:shared], name)
        if first is not None:
            parts.append(
                f"{name}: first differs at step {first.step} "
                f"({first.b!r} → {first.a!r}), largest {first.largest:.1e} relative"
            )
    added = [name for name in trace.losses if name not in golden.losses]
    added += [name for name in trace.metrics if name not in golden.metrics]
    parts.extend(f"{name}: new" for name in added)
    for name, expected in golden.metrics.items():
        if trace.metrics.get(name) != expected:
            parts.append(f"{name}: {expected} → {trace.metrics.get(name)}")
    return "; ".join(parts) or "losses and metrics equal, other fields differ"


def change(trace: Trace, golden: Golden | None, horizon: Horizon | None) -> Change:
    """The change that recording a trace with a horizon would make."""
    if golden is None:
        return Change("new", f"{trace.steps} steps")
    recorded = golden.trace
    if without_times(trace) == without_times(recorded):
        if horizon == golden.horizon:
            return Change("unchanged", "bit-identical")
        return Change("changed", "bit-identical; another horizon")
    if golden.horizon is None:
        findings = compare_trend(trace, recorded)
    else:
        findings = compare(trace, recorded, golden.horizon)
    return Change("changed", _first_difference(trace, recorded), tuple(findings))
