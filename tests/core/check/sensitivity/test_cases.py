"""Which defects are tried."""

from __future__ import annotations

from core.check.sensitivity.cases import cases, sampled
from core.check.sensitivity.verdict import Fate
from core.spec.catalog import Catalog
from core.spec.mutation import mutants
from tests.conftest import REPOSITORY

SECTIONS = Catalog.load(REPOSITORY).select(["keras_io_tf/first_loop", "keras_io_tf/metrics"])
BACKENDS = ("tensorflow", "torch")


def test_every_mutant_is_tried_or_settled_on_every_backend() -> None:
    found = cases(SECTIONS, BACKENDS, None)
    made = [mutants(section) for section in SECTIONS]
    assert 2 * sum(len(one.valid) + len(one.refused) for one in made) == len(found.tried) + len(
        found.settled
    )
    assert {Fate.EQUIVALENT, Fate.REFUSED} == {verdict.fate for verdict in found.settled}
    assert all(verdict.reason for verdict in found.settled)
    assert not any(case.mutant.equivalent for case in found.tried)


def test_a_sample_is_the_same_every_time_and_another_one_on_another_backend() -> None:
    found = cases(SECTIONS, BACKENDS, 5)
    assert 5 * 2 * 2 == len(found.tried)
    assert found == cases(SECTIONS, BACKENDS, 5)
    names = [
        {case.mutant.name for case in found.tried if case.key[:2] == (SECTIONS[0].id, backend)}
        for backend in BACKENDS
    ]
    assert names[0] != names[1]


def test_a_smaller_sample_is_part_of_a_larger_one() -> None:
    small, large = (cases(SECTIONS, BACKENDS, most).tried for most in (3, 8))
    assert {case.key for case in small} < {case.key for case in large}
    assert {case.key for case in small} == sampled(large, 3)
