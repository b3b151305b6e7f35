import attrs

from core.upgrade.why.names import name_changes, surface_warnings, trace_warnings
from tests.core.upgrade.rehearsal.runs import trace


def test_a_renamed_variable_is_told_with_both_names() -> None:
    (change,) = name_changes(
        {"Adam": {"variables": ["iteration", "m/kernel"]}},
        {"Adam": {"variables": ["iteration", "kernel_momentum"]}},
    )
    assert (("m/kernel",), ("kernel_momentum",)) == (change.before, change.after)
    assert "Adam, variables: 'm/kernel' becomes 'kernel_momentum'" == change.words


def test_the_same_names_are_no_change() -> None:
    seen = {"classifier": {"layers": ["dense: Dense"], "summary": ["Model", "dense"]}}
    assert [] == name_changes(seen, seen)


def test_more_than_one_line_is_counted() -> None:
    (change,) = name_changes(
        {"model": {"summary": ["a", "b", "c"]}}, {"model": {"summary": ["x", "y", "c"]}}
    )
    assert change.words.endswith(", and 1 more")


def test_new_and_lost_warnings_are_told_apart() -> None:
    change = surface_warnings({"warnings": ["a", "b"]}, {"warnings": ["b", "c"]})
    assert (("c",), ("a",)) == (change.new, change.lost)
    assert change


def test_warnings_of_runs_are_compared_without_repeats() -> None:
    base = attrs.evolve(trace(), warnings=("a",))
    mine = attrs.evolve(trace(), warnings=("a", "b", "b"))
    assert ("b",) == trace_warnings(base, mine).new
    assert not trace_warnings(base, base)
