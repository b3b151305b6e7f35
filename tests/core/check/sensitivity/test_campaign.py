"""A campaign over runs that are made up: what is run, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import attrs
import pytest

from core.check.horizon.envelope import Envelope
from core.check.horizon.pooled import SectionHorizon
from core.check.reference.reference import AtStation, Located
from core.check.sensitivity.campaign import EQUAL, Campaign, Setting
from core.check.sensitivity.cases import Case, cases
from core.check.sensitivity.judging import Judges
from core.check.sensitivity.verdict import Fate, Level, Verdict
from core.errors import ParityError
from core.run.runner.station import Station
from core.run.worker import Failure, Job, Outcome
from core.spec.catalog import Catalog
from core.trace.station import StationTrace
from tests.conftest import REPOSITORY
from tests.example_traces import TRACE

CATALOG = Catalog.load(REPOSITORY)
(SECTION,) = CATALOG.select(["dcgan_article/dcgan~logits"])  # no seeds are recorded of it
STATION = Station("start", 0, 0, 3)
SOUND = StationTrace(SECTION.id, "jax", "start", 12, "d1", {"loss": (3.0, 2.0, 1.0)}, {}, {}, {})
NATIVE = attrs.evolve(TRACE, scenario=SECTION.id, backend="jax", randomness="native")
HORIZON = SectionHorizon(
    1, "", "", "", "d1", {"start": Envelope(losses={"loss": (1e-6, 1e-6, 1e-6)})}, ()
)
LOCATED = Located((AtStation(STATION, {"jax": SOUND, "tensorflow": SOUND}),), Path())
TRIED = cases([SECTION], ["jax"], 4).tried
NUMBER, STRUCTURE, BROKEN, SAME = (case.mutant.name for case in TRIED)


def _outcome(job: Job) -> Outcome:
    if job.stations:
        if job.mutant == BROKEN:
            error = ParityError("shapes differ", where="x", expected="y", remedy="z")
            return Outcome(job, failure=Failure(SECTION.id, "ValueError", error))
        losses = (3.0, 2.0, 1.1) if job.mutant == NUMBER else (3.0, 2.0, 1.0)
        return Outcome(job, stations=[attrs.evolve(SOUND, losses={"loss": losses})])
    steps = 7 if job.mutant == STRUCTURE else NATIVE.steps_per_epoch
    return Outcome(job, traces={SECTION.id: attrs.evolve(NATIVE, steps_per_epoch=steps)})


class _Pool:
    """Answers jobs at once, and keeps what was asked."""

    def __init__(self) -> None:
        self.asked: list[Job] = []

    def run(self, jobs: Sequence[Job], on_done: Callable[[Outcome], None] | None) -> list[Outcome]:
        """The outcomes of all."""
        outcomes = [_outcome(job) for job in jobs]
        self.asked += jobs
        if on_done:
            for outcome in outcomes:
                on_done(outcome)
        return outcomes


@pytest.fixture(scope="module")
def campaign() -> tuple[dict[str, Verdict], list[Job]]:
    pool = _Pool()
    told: list[Verdict] = []
    judges = Judges(CATALOG, {SECTION.id: LOCATED}, {SECTION.id: HORIZON})
    setting = Setting(12, "digits", str(REPOSITORY))
    Campaign(setting, judges, pool.run, told.append).try_all(TRIED)
    assert len(told) == len({verdict.key for verdict in told}) == len(TRIED)
    return {verdict.key[2]: verdict for verdict in told}, pool.asked


def _native(jobs: list[Job]) -> list[str]:
    return [job.mutant for job in jobs if job.options.randomness == "native"]


def test_what_a_station_catches_is_not_run_natively(
    campaign: tuple[dict[str, Verdict], list[Job]],
) -> None:
    verdicts, asked = campaign
    assert (Fate.CAUGHT, Level.NUMBER) == (verdicts[NUMBER].fate, verdicts[NUMBER].level)
    assert "losses.loss[2]" in verdicts[NUMBER].reason
    assert NUMBER not in _native(asked)


def test_what_raises_is_refused(campaign: tuple[dict[str, Verdict], list[Job]]) -> None:
    verdicts, asked = campaign
    assert Fate.REFUSED is verdicts[BROKEN].fate
    assert "shapes differ" in verdicts[BROKEN].reason
    assert BROKEN not in _native(asked)


def test_what_no_station_catches_runs_natively_beside_the_sound_section(
    campaign: tuple[dict[str, Verdict], list[Job]],
) -> None:
    verdicts, asked = campaign
    assert {"", STRUCTURE, SAME} == set(_native(asked))
    assert (Fate.CAUGHT, Level.STRUCTURE) == (verdicts[STRUCTURE].fate, verdicts[STRUCTURE].level)
    assert (Fate.EQUIVALENT, EQUAL) == (verdicts[SAME].fate, verdicts[SAME].reason)


def test_other_tools_are_asked_about_supervised_sections_alone(
    campaign: tuple[dict[str, Verdict], list[Job]],
) -> None:
    assert {None} == {verdict.alternatives for verdict in campaign[0].values()}


def test_cases_name_what_they_try() -> None:
    case: Case = TRIED[0]
    assert (SECTION.id, "jax", NUMBER) == case.key
