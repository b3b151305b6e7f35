"""Pairs the items of two sequences: in order where order matters, by likeness where it does not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")
Pairs = list[tuple[int | None, int | None]]


def in_order(a: Sequence[A], b: Sequence[B], likeness: Callable[[A, B], float]) -> Pairs:
    """The alignment of two sequences with the largest total likeness.

    Args:
        a: one sequence.
        b: the other.
        likeness: how alike two items are; zero or less keeps them apart.

    Returns:
        Index pairs in order, with None beside what has no partner.
    """
    scores = [[0.0] * (len(b) + 1) for _ in range(len(a) + 1)]
    like = [[likeness(x, y) for y in b] for x in a]
    for i in range(len(a) - 1, -1, -1):
        for j in range(len(b) - 1, -1, -1):
            best = max(scores[i + 1][j], scores[i][j + 1])
            if like[i][j] > 0:
                best = max(best, like[i][j] + scores[i + 1][j + 1])
            scores[i][j] = best
    pairs: Pairs = []
    i = j = 0
    while i < len(a) and j < len(b):
        if like[i][j] > 0 and scores[i][j] == like[i][j] + scores[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif scores[i][j] == scores[i + 1][j]:
            pairs.append((i, None))
            i += 1
        else:
            pairs.append((None, j))
            j += 1
    pairs += [(rest, None) for rest in range(i, len(a))]
    pairs += [(None, rest) for rest in range(j, len(b))]
    return pairs


def moved(pairs: Pairs, a: Sequence[A], b: Sequence[B], likeness: Callable[[A, B], float]) -> Pairs:
    """Pairs again, with items that have no partner in order paired out of order."""
    left = [i for i, j in pairs if j is None and i is not None]
    right = [j for i, j in pairs if i is None and j is not None]
    found: dict[int, int] = {}
    ranked = sorted(
        ((likeness(a[i], b[j]), i, j) for i in left for j in right), key=lambda one: -one[0]
    )
    for score, i, j in ranked:
        if score > 0 and i not in found and j not in found.values():
            found[i] = j
    kept: Pairs = []
    for first, second in pairs:
        if first is not None and second is None and first in found:
            kept.append((first, found[first]))
        elif first is not None or second not in found.values():
            kept.append((first, second))
    return kept
