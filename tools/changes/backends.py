"""What a call means on each backend of one environment, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from core.upgrade.why.meanings.changes import Answer, changes, meanings


@frozen
class Apart:
    """A call that does not mean the same on every backend.

    Attributes:
        probe: the probe.
        setting: the mode, type or object it was looked at in.
        words: what it means, by backend; a backend that has no such setting is left out.
    """

    probe: str
    setting: str
    words: Mapping[str, str]


def apart(answers: Mapping[str, Answer]) -> list[Apart]:
    """The calls whose meaning depends on the backend; random streams always do and are left out.

    Args:
        answers: what the probes say, by backend; the first one is compared with the others.
    """
    found = {backend: meanings(answer) for backend, answer in answers.items()}
    first, *others = answers
    keys = dict.fromkeys(
        (change.probe, change.setting)
        for other in others
        for change in changes(answers[first], answers[other])
        if not change.stream and (change.probe, change.setting) in found[other]
    )
    return [
        Apart(*key, {backend: held[key].words for backend, held in found.items() if key in held})
        for key in keys
    ]


def table(rows: Sequence[Apart], backends: Sequence[str]) -> Iterator[str]:
    """The calls as a Markdown table, a column for each backend."""
    yield f"| call | {' | '.join(backends)} |"
    yield "|---|" + "---|" * len(backends)
    for row in rows:
        cells = " | ".join(row.words.get(backend, "–") for backend in backends)
        yield f"| {row.probe}, {row.setting} | {cells} |"
