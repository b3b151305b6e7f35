from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from core.errors import ParityError
from core.upgrade.bisect.bisection import Bisection
from core.upgrade.bisect.hunt import bisect
from core.upgrade.bisect.trial import Trials
from core.upgrade.environments.request import Request, read_spec
from core.upgrade.environments.resolve import Resolved, UnresolvableError
from core.upgrade.rehearsal.run import Run, RunResult
from core.upgrade.rehearsal.verdict import Kind
from tests.core.upgrade.rehearsal.engines import SUBJECTS, World, engine, rehearsal
from tests.core.upgrade.rehearsal.runs import LOSSES, changed, failed, ran

RELEASES = [f"3.{minor}.0" for minor in range(16)]
TENSORFLOWS = ["2.15.0", "2.16.0", "2.17.0", "2.18.0"]


def releases(package: str, first: str, last: str, python: str) -> Sequence[str]:
    del python
    offered = RELEASES if package == "keras" else TENSORFLOWS
    a, b = offered.index(first), offered.index(last)
    return offered[a : b + 1] if a < b else offered[b : a + 1][::-1]


def minor(asked: Resolved, package: str = "keras") -> int:
    return int(asked.lock.versions[package].split(".")[1])


def world(losses: Callable[[Resolved], tuple[float, ...] | RunResult]) -> World:
    def behaviour(asked: Resolved, run: Run) -> RunResult:
        found = losses(asked)
        if isinstance(found, RunResult):
            return found
        steps = run.options.steps or len(found)
        return ran(found[:steps], randomness=run.options.randomness)

    return World(behaviour)


def search(made: World, folder: Path, good: str, bad: str) -> Bisection:
    asked = rehearsal(engine(made, folder), SUBJECTS[:1])
    trials = Trials(asked, SUBJECTS[0], releases)
    return bisect(trials, *(made.resolve(read_spec(spec)) for spec in (good, bad)))


def ends(first: int, last: int) -> tuple[str, str]:
    rest = "tensorflow-cpu==2.16.0"
    return f"keras==3.{first}.0 {rest}", f"keras==3.{last}.0 {rest}"


def test_the_first_release_that_rounds_otherwise_is_named(tmp_path: Path) -> None:
    made = world(lambda asked: LOSSES if minor(asked) < 7 else changed(5, 5e-7))
    found = search(made, tmp_path, *ends(0, 15))
    assert ("keras", "3.7.0", "3.6.0") == (found.package, found.first_changed, found.last_same)
    assert Kind.ROUNDING == found.verdict.kind
    assert found.first_difference is not None
    assert 5 == found.first_difference.step
    assert 16 == found.offered
    assert len(found.tried) <= 6
    assert "keras 3.7.0 is the first release in which toy/first is rounding" in found.decision
    assert () == found.classes


def test_the_first_release_that_breaks_is_named_whatever_rounds_before_it(tmp_path: Path) -> None:
    def losses(asked: Resolved) -> tuple[float, ...] | RunResult:
        if minor(asked) >= 11:
            return failed()
        return LOSSES if minor(asked) < 4 else changed(5, 5e-7)

    found = search(world(losses), tmp_path, *ends(0, 15))
    assert ("3.11.0", "3.10.0") == (found.first_changed, found.last_same)
    assert found.change is not None
    assert Kind.BROKEN == found.change.kind


def test_a_search_may_go_backwards(tmp_path: Path) -> None:
    made = world(lambda asked: LOSSES if minor(asked) < 7 else changed(5, 5e-7))
    found = search(made, tmp_path, *ends(15, 0))
    assert ("3.6.0", "3.7.0") == (found.first_changed, found.last_same)


def test_more_than_two_kinds_are_listed_and_no_culprit_is_named(tmp_path: Path) -> None:
    def losses(asked: Resolved) -> tuple[float, ...]:
        if minor(asked) < 4:
            return LOSSES
        return changed(5, 5e-7) if minor(asked) < 9 else changed(2, 7e-7)

    found = search(world(losses), tmp_path, *ends(0, 15))
    assert "" == found.first_changed
    assert ["identical", "rounding", "rounding"] == [kind.verdict for kind in found.classes]
    spans = [(kind.releases[0], kind.releases[-1]) for kind in found.classes]
    assert [("3.0.0", "3.3.0"), ("3.4.0", "3.8.0"), ("3.9.0", "3.15.0")] == spans
    assert "3 kinds of trace" in found.decision


def test_two_ways_to_break_are_two_kinds(tmp_path: Path) -> None:
    def losses(asked: Resolved) -> tuple[float, ...] | RunResult:
        if minor(asked) < 4:
            return LOSSES
        return failed("A: gone") if minor(asked) < 9 else failed("B: gone, too")

    found = search(world(losses), tmp_path, *ends(0, 15))
    assert ["identical", "broken", "broken"] == [kind.verdict for kind in found.classes]


class Partly(World):
    """A world in which two releases cannot be combined with the rest."""

    def resolve(self, request: Request) -> Resolved:
        """The lock, or an error."""
        if request.requirements["keras"] in {"keras==3.7.0", "keras==3.8.0"}:
            raise UnresolvableError("no such pair", where="", expected="", remedy="")
        return super().resolve(request)


def test_releases_that_cannot_be_combined_are_stepped_over_and_named(tmp_path: Path) -> None:
    made = world(lambda asked: LOSSES if minor(asked) < 8 else changed(5, 5e-7))
    found = search(Partly(made.behaviour), tmp_path, *ends(0, 15))
    assert ("3.9.0", "3.6.0") == (found.first_changed, found.last_same)
    assert ("3.7.0", "3.8.0") == found.gap
    assert "cannot be combined" in found.decision


def test_where_several_packages_change_a_cross_tells_which_one_did_it(tmp_path: Path) -> None:
    made = world(lambda asked: LOSSES if minor(asked, "tensorflow-cpu") < 17 else changed(5, 5e-7))
    good, bad = "keras==3.0.0 tensorflow-cpu==2.15.0", "keras==3.5.0 tensorflow-cpu==2.18.0"
    found = search(made, tmp_path, good, bad)
    assert "tensorflow-cpu" == found.package
    assert ("2.17.0", "2.16.0") == (found.first_changed, found.last_same)
    assert [(("keras",), "identical"), (("tensorflow-cpu",), "rounding")] == [
        (row.changed, row.verdict) for row in found.crossed
    ]


def test_a_change_that_needs_both_packages_names_none(tmp_path: Path) -> None:
    def losses(asked: Resolved) -> tuple[float, ...]:
        both = minor(asked) >= 3 and minor(asked, "tensorflow-cpu") >= 17
        return changed(5, 5e-7) if both else LOSSES

    good, bad = "keras==3.0.0 tensorflow-cpu==2.15.0", "keras==3.5.0 tensorflow-cpu==2.18.0"
    found = search(world(losses), tmp_path, good, bad)
    assert ("", "") == (found.package, found.first_changed)
    assert 4 == len(found.crossed)
    assert "no single package" in found.decision


def test_ends_that_are_the_same_need_no_search(tmp_path: Path) -> None:
    made = world(lambda asked: LOSSES)  # noqa: ARG005
    found = search(made, tmp_path, *ends(0, 15))
    assert Kind.IDENTICAL == found.verdict.kind
    assert () == found.tried
    assert "nothing changes" in found.decision


def test_a_bad_end_that_cannot_be_had_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ParityError, match="no version of impossible"):
        search(
            world(lambda asked: LOSSES),  # noqa: ARG005
            tmp_path,
            "keras==3.0.0 tensorflow-cpu==2.16.0",
            "keras==3.1.0 tensorflow-cpu==2.16.0 impossible==1",
        )
