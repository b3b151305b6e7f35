from __future__ import annotations

from core.diff.pairing import in_order, moved


def equal(a: str, b: str) -> float:
    return float(a == b)


def test_the_longest_run_in_common_is_paired() -> None:
    assert [(0, 0), (1, None), (2, 1), (None, 2)] == in_order("abc", "acd", equal)


def test_what_has_no_likeness_stays_alone() -> None:
    assert [(0, None), (None, 0)] == in_order("a", "b", equal)


def test_what_stands_elsewhere_is_paired_out_of_order() -> None:
    pairs = in_order("ab", "ba", equal)
    assert {(0, 1), (1, 0)} == set(moved(pairs, "ab", "ba", equal))


def test_the_likeliest_partner_wins() -> None:
    likeness = {("a", "x"): 1.0, ("a", "y"): 2.0}
    pairs = in_order("a", "xy", lambda one, other: likeness[one, other])
    assert [(None, 0), (0, 1)] == pairs
