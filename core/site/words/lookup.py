"""Finds what explains a row of code: the op behind an id, or a word of the loop."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.site.columns import base
from core.site.words.explanation import EXPLANATIONS, Explanation
from core.spec import PHASES, Scenario, ops
from core.spec.kinds import Op

_ID = re.compile(r"(?:(?P<section>[^/]+)/)?(?P<phase>[a-z_.]+)\[(?P<path>[0-9.]+)\]")
_WORDS = {"loop.closing": "loop.announce"}


def op_of(key: str, scenario: Scenario) -> Op | None:
    """The op that an id names, in this section or an earlier one; None for a word."""
    found = _ID.fullmatch(base(key))
    if found is None or found["phase"] not in PHASES:
        return None
    section = next((s for s in _sections(scenario) if s.section == found["section"]), scenario)
    path = [int(part) for part in found["path"].split(".")]
    sequence = section.phase(found["phase"])
    if path[0] >= len(sequence):
        return None
    op = sequence[path[0]]
    if len(path) > 1 and isinstance(op, ops.GradScope) and path[1] < len(op.body):
        return op.body[path[1]]
    return op


def _sections(scenario: Scenario) -> Iterator[Scenario]:
    for earlier in (*scenario.after, *scenario.continues):
        yield earlier
        yield from _sections(earlier)


def explanation(key: str, scenario: Scenario) -> Explanation | None:
    """What explains an id or word; None where nothing does."""
    op = op_of(key, scenario)
    if op is not None:
        return EXPLANATIONS.get(type(op).__name__)
    word = re.sub(r"\[.*", "", key.rpartition("/")[2])
    word = _WORDS.get(word, word)
    for candidate in (word, word.rpartition(".")[2], word.partition(".")[0]):
        if candidate in EXPLANATIONS:
            return EXPLANATIONS[candidate]
    return None


def places(scenario: Scenario) -> Iterator[tuple[str, Op]]:
    """Every op of a section with its id."""
    for phase in PHASES:
        for index, op in enumerate(scenario.phase(phase)):
            yield f"{phase}[{index}]", op
            if isinstance(op, ops.GradScope):
                for inner, nested in enumerate(op.body):
                    yield f"{phase}[{index}.{inner}]", nested
