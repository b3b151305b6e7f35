"""What `parity diff` says: in sentences, and as the fields of its document."""

from __future__ import annotations

import math

from core.diff.microscope.compare import Comparison
from core.diff.microscope.ledger import Ledger
from core.diff.microscope.qualified import Qualified
from core.diff.microscope.result import Located, Seen, TraceDifference
from core.trace.difference import Difference
from core.trace.encoding import Json, plain
from core.trace.finding import Finding, FindingCode
from tools.cli.printing import say

Sides = tuple[Qualified, Qualified]
MOST_SHOWN = 6


def decision(sides: Sides, found: Comparison) -> str:
    """One sentence about two runs."""
    names = f"{sides[0].text} and {sides[1].text}"
    trace, located = found.trace, found.located
    if located is None:
        if trace.first is None:
            return f"{names}: bit-identical losses over {trace.steps} steps"
        return (
            f"{names}: losses differ from step {trace.first.step} on, by at most "
            f"{trace.largest:.1e} of themselves in {trace.steps} steps"
        )
    place = located.place
    if place is None:
        return f"{names}: every op computes the same bits in {located.steps} steps"
    if located.verdict == "rounding":
        return (
            f"{names}: nothing beyond rounding in {located.steps} steps; the first bits differ at "
            f"{place.words}"
        )
    if located.verdict == "leak":
        return (
            f"{names}: nothing beyond rounding and known precision leaks in {located.steps} steps; "
            f"{' and '.join(place.leaks)} at {place.words}"
        )
    return f"{names} differ beyond rounding at {place.words}"


def print_comparison(sides: Sides, found: Comparison, ledger: Ledger) -> None:
    """The evidence below the sentence."""
    trace, located = found.trace, found.located
    for side, execution in zip(sides, found.executions, strict=True):
        say(f"  {side.text} ran {execution}, {side.precision}")
    first = trace.first
    if first is None:
        say(f"  losses of the free runs: bit-identical over {trace.steps} steps")
    else:
        say(
            f"  losses of the free runs: {first.loss} differs first, at step {first.step}: "
            f"{first.a!r} against {first.b!r}, {first.relative:.1e} of itself; at most "
            f"{trace.largest:.1e} in {trace.steps} steps"
        )
    if located is None:
        return
    if located.unexplained is not None:
        _print_seen("beyond rounding", located.unexplained)
    for seen in located.explained[:MOST_SHOWN]:
        _print_seen(f"by {' and '.join(seen.leaks)}", seen)
    if len(located.explained) > MOST_SHOWN:
        say(f"  by leaks, too: {len(located.explained) - MOST_SHOWN} more tensors")
    if located.first_bits is not None:
        _print_seen("first bits that differ", located.first_bits)
    if located.largest is not None:
        _print_seen("largest difference", located.largest)
    say(f"  of what rounding and leaks account for, at most {located.share:.0%} was there")
    if not located.undisturbed:
        say("  warning: side A's taps changed its losses; report it with this command")
    for leak in ledger.leaks:
        if any(leak.id in seen.leaks for seen in located.explained):
            say(f"  {leak.id}, {leak.size:.1e}: {leak.cause}")


def _print_seen(what: str, seen: Seen) -> None:
    what_else = "leaks and rounding account" if seen.leaks else "rounding accounts"
    allowed = f"; {what_else} for {seen.allowed:.1e}" if seen.allowed else ""
    say(f"  {what}: {seen.words}{allowed}")
    for change in seen.changed:
        say(f"    {change}")
    if seen.note:
        say(f"    {seen.note}")


def trace_fields(trace: TraceDifference) -> Json:
    """The `trace` object."""
    first = first_fields(trace.first)
    return {"steps": trace.steps, "first_difference": first, "largest": plain(trace.largest)}


def first_fields(first: Difference | None) -> Json:
    """The `first_difference` of two runs; None where nothing differs."""
    if first is None:
        return None
    return {
        "loss": first.loss,
        "step": first.step,
        "a": plain(first.a),
        "b": plain(first.b),
        "relative": plain(first.relative),
    }


def located_fields(located: Located) -> dict[str, Json]:
    """The `located` object, and everything else that was seen."""
    return {
        "located": _seen(located.place) if located.place else None,
        "verdict": located.verdict,
        "steps": located.steps,
        "unexplained": _seen(located.unexplained) if located.unexplained else None,
        "explained": [_seen(seen) for seen in located.explained],
        "first_bits": _seen(located.first_bits) if located.first_bits else None,
        "largest": _seen(located.largest) if located.largest else None,
        "share": located.share,
        "undisturbed": located.undisturbed,
    }


def _seen(seen: Seen) -> dict[str, Json]:
    size = seen.difference
    return {
        "op": seen.op,
        "step": seen.step,
        "tensor": seen.tensor,
        "difference": str(size) if size is not None and math.isinf(size) else size,
        "position": seen.position,
        "allowed": plain(seen.allowed),
        "structure": seen.structure,
        "leaks": list(seen.leaks),
        "changed": list(seen.changed),
        "note": seen.note,
    }


def findings(located: Located, ledger: Ledger) -> Json:
    """A note for each leak that was seen."""
    seen = {name: place for place in reversed(located.explained) for name in place.leaks}
    return plain(
        [
            Finding(
                code=FindingCode.PRECISION_LEAK,
                where=f"{seen[leak.id].op} ({seen[leak.id].tensor}), step {seen[leak.id].step}",
                message=f"{leak.kind} on {leak.backend} computes in lower precision: {leak.cause}",
                evidence=f"{seen[leak.id].difference:.1e} here; measured {leak.size:.1e} against "
                f"NumPy ({leak.part})",
            )
            for leak in ledger.leaks
            if leak.id in seen
        ]
    )
