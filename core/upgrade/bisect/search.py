"""Searching an ordered list of releases for the places where a trace changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from attrs import frozen

Alike = Callable[[int, int], bool]
"""Whether the traces of two releases are of one kind, by position; it runs what it needs."""

Usable = Callable[[int], bool]
"""Whether a release can be had at all: some cannot be combined with the other packages."""


@frozen
class Boundary:
    """Two neighbours that differ, among the releases that can be had.

    Attributes:
        before: position of the last release of one kind.
        after: position of the first one of another kind.
        gap: positions between them that cannot be had.
    """

    before: int
    after: int
    gap: tuple[int, ...] = ()


def boundaries(count: int, alike: Alike, usable: Usable) -> list[Boundary]:
    """Where the kind of trace changes between the first and the last release.

    Halves the range; a half whose ends are of one kind is taken to be of that kind throughout, so
    that k changes take about k · log2(count) releases. A change that is taken back within such a
    half goes unseen.

    Args:
        count: how many releases; the first and the last can be had.
        alike: compares two of them.
        usable: whether one can be had.
    """
    return _between(0, count - 1, alike, usable)


def _between(low: int, high: int, alike: Alike, usable: Usable) -> list[Boundary]:
    if alike(low, high):
        return []
    middle = _middle(low, high, usable)
    if middle is None:
        return [Boundary(low, high, tuple(range(low + 1, high)))]
    return [*_between(low, middle, alike, usable), *_between(middle, high, alike, usable)]


def _middle(low: int, high: int, usable: Usable) -> int | None:
    """The usable release nearest to the middle; None where none is left between."""
    middle = (low + high) / 2
    inner = sorted(range(low + 1, high), key=lambda position: abs(position - middle))
    return next((position for position in inner if usable(position)), None)


def kinds(positions: Sequence[int], alike: Alike) -> list[list[int]]:
    """Positions grouped by kind, in the order in which the kinds first appear."""
    # Compared with the first of each group: a chain of neighbours that are alike could drift apart.
    groups: list[list[int]] = []
    for position in positions:
        for group in groups:
            if alike(group[0], position):
                group.append(position)
                break
        else:
            groups.append([position])
    return groups
