"""`stale-variable`: a loop prints a variable that it never updates.

The name is bound by an earlier loop, or once before this one, and by nothing in the loop that
prints it, so that every line of the log shows the same old value. Where the document ran, the
value was watched; a name that is meant to stay (a size, a rate, a baseline) is no finding.
"""

from __future__ import annotations

from collections.abc import Iterator

from core.documents.rules.look import Look, times
from core.documents.rules.loops import Loop, Printing
from core.sandbox.guest.events import Shown
from core.trace.finding import Finding, FindingCode

_NUMBERS = frozenset(
    {"EagerTensor", "ArrayImpl", "Tensor", "ndarray", "float", "float32", "float64", "float16"}
)
_STAYS: tuple[str, ...] = (
    "init",
    "start",
    "base",
    "first",
    "before",
    "best",
    "old",
    "prev",
    "target",
    "chance",
)
_STAYS += ("untrained", "rate", "lr", "random", "expected", "reference", "min", "max", "thresh")
_MEASURES = ("loss", "acc", "error", "metric", "score", "mse", "mae", "auc", "f1")


def stale_variables(look: Look) -> Iterator[Finding]:
    """Printed variables that their loop never updates."""
    shown = {(one.line, one.name): one for one in look.saw(Shown)}
    reported: set[tuple[str, int]] = set()
    for loop in look.code.loops:
        around = _outermost(look, loop)
        if around.function is not None:
            continue
        for printing in loop.prints:
            for name in sorted(printing.names - around.assigned):
                found = _judged(look, name, printing, around, shown.get((printing.line, name)))
                if found is not None and (name, around.line) not in reported:
                    reported.add((name, around.line))
                    yield found


def _outermost(look: Look, loop: Loop) -> Loop:
    while loop.outer is not None:
        loop = look.code.loops[loop.outer]
    return loop


def _judged(
    look: Look, name: str, printing: Printing, around: Loop, shown: Shown | None
) -> Finding | None:
    earlier = [
        one
        for one in look.code.loops
        if name in one.assigned
        and one.function is None
        and (one.cell, one.end) < (around.cell, around.line)
    ]
    if look.executed:
        if shown is None or shown.kind not in _NUMBERS or shown.distinct != 1:
            return None
        trained = shown.steps[0] < shown.steps[-1] or look.steps(shown.cell) > 0
        stood_still = shown.times > 1 and trained
        if not stood_still or not (earlier or _is_measure(name)):
            return None
        evidence = f"printed {times(shown.times, 'time')} with the one value {shown.values[0]}"
    elif not earlier:
        return None
    else:
        evidence = "read from the code: nothing in this loop assigns it"
    if earlier:
        evidence += f"; it was last assigned by the loop at line {earlier[-1].line}"
    return look.finding(
        FindingCode.STALE_VARIABLE,
        printing.line,
        f"the loop prints `{name}` and never updates it",
        evidence,
    )


def _is_measure(name: str) -> bool:
    """Whether a variable's name says that it is what training changes."""
    low = name.lower()
    return any(word in low for word in _MEASURES) and not any(word in low for word in _STAYS)
