"""`silent-loop`: a loop that is to print every so many steps and never gets that far.

First its counters are followed through the code: where it ends before its first print, whatever the
data, that is so for every run. Else, where the document ran without being cut, a loop that stepped
and printed nothing is one, too.
"""

from __future__ import annotations

from collections.abc import Iterator

from core.documents.rules.look import Look
from core.documents.rules.loops import Loop, silence_of
from core.sandbox.guest.events import Coverage, Line
from core.trace.finding import Finding, FindingCode


def silent_loops(look: Look) -> Iterator[Finding]:
    """Loops that can never log."""
    for loop in look.code.loops:
        silence = silence_of(loop)
        if silence is not None and silence.passes > 0:
            counted = "; ".join(
                f"`{name}` goes from {first} to {last}"
                for name, (first, last) in sorted(silence.counters.items())
            )
            evidence = f"read from the code: it ends after {silence.passes} passes"
            yield _finding(look, loop, f"{evidence}; {counted}" if counted else evidence)
        elif _kept_silent(look, loop):
            yield _finding(look, loop, "the run went through the loop and nothing in it printed")


def _finding(look: Look, loop: Loop, evidence: str) -> Finding:
    periodic = next(printing for printing in loop.prints if printing.periodic)
    guard = " and ".join(periodic.guards)
    return look.finding(
        FindingCode.SILENT_LOOP,
        periodic.line,
        f"the loop at line {loop.line} ends before it prints for the first time",
        f"it prints where {guard}; {evidence}",
    )


def _kept_silent(look: Look, loop: Loop) -> bool:
    if not any(printing.periodic for printing in loop.prints):
        return False
    # A function's loop may run in any cell, and be cut there.
    if not look.executed or not all(look.whole(c.index) for c in look.record.cells if c.steps):
        return False
    if not look.ran(loop.cell):
        return False
    entered = any(loop.first in one.lines for one in look.saw(Coverage))
    printed = {line.line for line in look.saw(Line)}
    return entered and not any(
        printing.line <= line <= printing.end
        for printing in loop.prints
        for line in printed
        if line is not None
    )
