"""Names that can be seen: layers, weights, optimizer variables, summary text, warnings."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from core.trace import Trace

Answer = Mapping[str, object]
_PARTS = ("layers", "weights", "variables", "summary")


@frozen
class NameChange:
    """Something that is called or written differently.

    Attributes:
        owner: the model or optimizer.
        part: `layers`, `weights`, `variables`, `summary`.
        before: lines that are only in the baseline.
        after: lines that are only in the candidate.
    """

    owner: str
    part: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def words(self) -> str:
        """The first pair."""
        one, other = (lines[0] if lines else "nothing" for lines in (self.before, self.after))
        more = max(len(self.before), len(self.after)) - 1
        tail = f", and {more} more" if more > 0 else ""
        return f"{self.owner}, {self.part}: {one!r} becomes {other!r}{tail}"


@frozen
class WarningChange:
    """Warnings of one environment only.

    Attributes:
        new: only in the candidate.
        lost: only in the baseline.
    """

    new: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.new or self.lost)


def name_changes(baseline: Answer, candidate: Answer) -> list[NameChange]:
    """What is called differently, from what `core.sandbox.guest.programs.surface` saw in both."""
    found: list[NameChange] = []
    for owner, seen in baseline.items():
        other = candidate.get(owner)
        if isinstance(seen, Mapping) and isinstance(other, Mapping):
            for part in _PARTS:
                found += _changed(owner, part, _lines(seen.get(part)), _lines(other.get(part)))
    return found


def _changed(
    owner: str, part: str, before: Sequence[str], after: Sequence[str]
) -> Iterator[NameChange]:
    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
    changed = [code for code in matcher.get_opcodes() if code[0] != "equal"]
    one = tuple(line for _, i, j, _, _ in changed for line in before[i:j])
    other = tuple(line for _, _, _, i, j in changed for line in after[i:j])
    if one or other:
        yield NameChange(owner, part, one, other)


def _lines(value: object) -> list[str]:
    return [str(line).rstrip() for line in value] if isinstance(value, list) else []


def surface_warnings(baseline: Answer, candidate: Answer) -> WarningChange:
    """Warnings that importing and building raise in one of them only."""
    return _warnings(_lines(baseline.get("warnings")), _lines(candidate.get("warnings")))


def trace_warnings(baseline: Trace, candidate: Trace) -> WarningChange:
    """Warnings that a run raises in one of them only."""
    return _warnings(baseline.warnings, candidate.warnings)


def _warnings(before: Sequence[str], after: Sequence[str]) -> WarningChange:
    return WarningChange(
        tuple(text for text in dict.fromkeys(after) if text not in before),
        tuple(text for text in dict.fromkeys(before) if text not in after),
    )
