"""A uv that answers from a script and remembers what it was asked."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import define, field

from core.upgrade.environments.uv import Answer


@define
class FakeUv:
    """Answers `pip compile` with `resolution`; everything else succeeds in silence."""

    resolution: Answer
    asked: list[tuple[tuple[str, ...], str]] = field(factory=list)

    def __call__(self, arguments: Sequence[str], text: str) -> Answer:
        self.asked.append((tuple(arguments), text))
        if tuple(arguments[:2]) == ("pip", "compile"):
            return self.resolution
        return Answer(0, "", "")


def locked(*lines: str, err: str = "") -> Answer:
    """A resolution that succeeds."""
    return Answer(0, "\n".join(lines) + "\n", err)
