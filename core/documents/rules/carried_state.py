"""`state-not-carried`: a pure training step whose new state is thrown away.

In a JAX loop weights, optimizer state and metrics are values: a step takes them and returns new
ones. The recorder follows every array that a step returns into the step's next call.
"""

from __future__ import annotations

from collections.abc import Iterator

from core.documents.rules.look import Look, times
from core.sandbox.guest.events import (
    Carried,
    CompiledCalls,
    FunctionSeen,
    Gradients,
    Updates,
)
from core.trace.finding import Finding, FindingCode, Severity


def state_not_carried(look: Look) -> Iterator[Finding]:
    """Steps that are given old arrays although the call before returned new ones."""
    lines = _lines(look)
    epochs = {
        loop.cell for loop in look.code.loops if any("epoch" in name for name in loop.counters)
    }
    compiled = {(one.cell, one.function): one.trains for one in look.saw(CompiledCalls)}
    for one in look.saw(Carried):
        line = lines.get((one.cell, one.function))
        if not compiled.get((one.cell, one.function), True):
            continue
        # One array beside a carried state may be a prediction in the shape of its labels.
        if one.stale and (one.stale > 1 or not one.always):
            yield look.finding(
                FindingCode.STATE_NOT_CARRIED,
                line,
                f"what `{one.function}` returns is not given to its next call",
                f"{times(one.stale, 'array')} of the {one.outputs} it returns came back in none "
                f"of {times(one.calls + 1, 'call')}; each call was given the same old ones",
            )
        elif one.restarts and one.cell in epochs:
            step = one.restarts[0][0]
            yield look.finding(
                FindingCode.STATE_NOT_CARRIED,
                line,
                f"`{one.function}` is given the state of the beginning again",
                f"{times(len(one.restarts), 'time')}, first at training step {step}: the arrays "
                "of its first call, not those that the call before returned",
                "make the first state once, before the loop over epochs",
                Severity.WARNING,
            )


def _lines(look: Look) -> dict[tuple[int, str], int]:
    """Where a function is defined or its updates stand, by the cell they ran in."""
    defined = {one.name: one.line for one in look.saw(FunctionSeen)}
    found: dict[tuple[int, str], int] = {}
    places = [(one.cell, one.function, one.line) for one in look.saw(CompiledCalls)]
    places += [(one.cell, one.optimizer, one.line) for one in look.saw(Updates)]
    places += [(one.cell, one.function, one.line) for one in look.saw(Gradients) if one.function]
    for cell, function, line in places:
        if line:
            found.setdefault((cell, function), defined.get(function, line))
    return found
