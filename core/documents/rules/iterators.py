"""`zero-steps`: loops that take no step, because their data are used up or empty.

Where the document ran, every pass over `tf.data` and a `DataLoader` was counted. An iterator of
Python's own (a generator, `zip`, `iter`) and R's are followed through the code: one that a loop has
gone through to its end gives nothing to the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import evolve, frozen

from core.documents.rules.look import Look
from core.documents.rules.loops import Drain
from core.sandbox.guest.events import Epoch, Pass
from core.trace.finding import Finding, FindingCode

_REMEDY = "make a new iterator where each pass begins, or loop over the data set itself"


@frozen
class _Empty:
    """A loop without steps in the code: its line, the line that makes its data, the finding."""

    line: int
    made: int
    finding: Finding


def zero_steps(look: Look) -> Iterator[Finding]:
    """Loops that ran no step."""
    passes = look.saw(Pass)
    empty = [p for p in passes if not p.batches and p.ended == "exhausted" and look.ran(p.cell)]
    known: set[int] = set()
    for loop in _read(look):
        if loop.line in known:
            continue
        # The recorder knows a pass by the line that opened it: of an iterator, where it was made.
        mine = [p for p in empty if p.line in (loop.line, loop.made)]
        known |= {loop.line, loop.made}
        if mine:
            yield evolve(
                loop.finding, evidence=f"{loop.finding.evidence}; {_counted(mine, passes)}"
            )
        else:
            yield loop.finding
    for line in dict.fromkeys(p.line for p in empty if p.line not in known):
        yield _observed(look, [p for p in empty if p.line == line], passes)
    yield from _fitted(look)


def _counted(empty: Sequence[Pass], passes: Sequence[Pass]) -> str:
    count = "1 pass" if len(empty) == 1 else f"{len(empty)} passes"
    full = next((p for p in passes if p.line == empty[0].line and p.batches), None)
    first = f"; the first pass gave {full.batches}" if full else ""
    return f"in the run {count} gave 0 batches{first}"


def _observed(look: Look, empty: Sequence[Pass], passes: Sequence[Pass]) -> Finding:
    if any(p.after_end for p in empty):
        message, remedy = "this loop takes no step: its iterator is used up", _REMEDY
    else:
        message = "this loop takes no step: its data set is empty"
        remedy = "check batch size, `drop_remainder`, `take` and filters of the data set"
    evidence = _counted(empty, passes)
    return look.finding(
        FindingCode.ZERO_STEPS,
        empty[0].line,
        message,
        evidence,
        remedy,
    )


def _fitted(look: Look) -> Iterator[Finding]:
    for epoch in look.saw(Epoch):
        if not epoch.steps and not epoch.cut and epoch.line is not None and look.ran(epoch.cell):
            yield look.finding(
                FindingCode.ZERO_STEPS,
                epoch.line,
                "`fit` takes no step in an epoch: its data are used up",
                f"epoch {epoch.epoch + 1} had 0 steps",
                "give `fit` data that can be gone through again, or `steps_per_epoch`",
            )


def _read(look: Look) -> Iterator[_Empty]:
    """Iterators that the code goes through twice without making them again."""
    loops = look.code.loops
    used_up: dict[tuple[str | None, str], int] = {}
    made: dict[tuple[str | None, str], Drain] = {}
    for drain in look.code.drains:
        key = (drain.function, drain.name)
        if drain.kind == "made":
            made[key] = drain
            used_up.pop(key, None)
        elif drain.kind == "bound":
            made.pop(key, None)
            used_up.pop(key, None)
        elif key in made and key in used_up:
            why = f"the loop at line {used_up[key]} went through it"
            yield _again(look, drain, made[key].line, why)
        elif key in made and drain.kind == "drained":
            used_up[key] = drain.line
            around = [n for n in drain.loops[:-1] if n not in made[key].loops]
            if any(loops[n].passes != 1 and not loops[n].leaves for n in around):
                outer = loops[around[-1]]
                text = f"made at line {made[key].line}, outside the loop at line {outer.line}"
                yield _again(look, drain, made[key].line, text, "after its first pass ")


def _again(look: Look, drain: Drain, made: int, why: str, when: str = "") -> _Empty:
    finding = look.finding(
        FindingCode.ZERO_STEPS,
        drain.line,
        f"{when}this loop takes no step: the iterator `{drain.name}` is used up",
        f"read from the code: {why}, and nothing makes it again",
    )
    return _Empty(drain.line, made, finding)
