from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from core.upgrade.bisect.search import Boundary, boundaries, kinds


class Releases:
    """Releases whose traces are letters; it counts which of them were run."""

    def __init__(self, traces: str, impossible: frozenset[int] = frozenset()) -> None:
        self.traces = traces
        self.impossible = impossible
        self.ran: set[int] = set()

    def usable(self, position: int) -> bool:
        return position not in self.impossible

    def alike(self, a: int, b: int) -> bool:
        self.ran |= {a, b}
        return self.traces[a] == self.traces[b]

    def search(self) -> list[Boundary]:
        return boundaries(len(self.traces), self.alike, self.usable)


@given(st.integers(1, 200), st.integers(1, 200))
def test_one_change_is_found_in_the_logarithm_of_the_releases(same: int, changed: int) -> None:
    releases = Releases("a" * same + "b" * changed)
    assert [Boundary(same - 1, same)] == releases.search()
    assert len(releases.ran) <= 2 + math.ceil(math.log2(same + changed))


@given(st.lists(st.integers(1, 30), min_size=3, max_size=4))
def test_every_kind_that_stays_to_the_end_is_found(lengths: list[int]) -> None:
    traces = "".join(letter * count for letter, count in zip("abcd", lengths, strict=False))
    found = Releases(traces).search()
    ends = [sum(lengths[: i + 1]) for i in range(len(lengths) - 1)]
    assert [Boundary(end - 1, end) for end in ends] == found


@given(st.integers(1, 40), st.integers(1, 40), st.sets(st.integers(1, 78)))
def test_releases_that_cannot_be_had_are_stepped_over(
    same: int, changed: int, impossible: set[int]
) -> None:
    count = same + changed
    out = frozenset(p for p in impossible if 0 < p < count - 1)
    releases = Releases("a" * same + "b" * changed, out)
    (found,) = releases.search()
    assert not releases.ran & out
    assert "a" == releases.traces[found.before]
    assert "b" == releases.traces[found.after]
    assert tuple(range(found.before + 1, found.after)) == found.gap
    assert set(found.gap) <= out


def test_no_change_runs_the_ends_alone() -> None:
    releases = Releases("aaaa")
    assert [] == releases.search()
    assert {0, 3} == releases.ran


def test_kinds_are_grouped_in_the_order_of_their_first_release() -> None:
    releases = Releases("aabbac")
    assert [[0, 1, 4], [2, 3], [5]] == kinds(range(6), releases.alike)
