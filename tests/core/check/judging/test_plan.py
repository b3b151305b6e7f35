"""Which runs a check makes."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve

from core.check.judging import Asked, plan_runs
from core.check.judging.plan import claims_speedup, job_name, published_on
from core.run.backends.arithmetic import Arithmetic
from core.trace.claims import Claim, ClaimKind
from core.trace.finding import Finding, FindingCode, Severity
from core.trace.published import PublishedGuide
from tests.core.check.judging.example_checks import FIRST, SECOND
from tests.core.check.judging.example_checks import catalog_at as catalog
from tests.core.check.judging.example_checks import planned as plan
from tests.example_scenarios import CLASSIFIER, CONTINUED, DRAWING
from tests.example_stations import located

SPEEDUP = Claim(ClaimKind.SPEEDUP, "second", 9, value=10.0, derived_from=(3, 7))
TIME = Claim(ClaimKind.TIME, "first", 3, name="epoch", value=46.4, printed="46.43")
PUBLISHED = PublishedGuide(1, "toy", "A toy guide", None, None, 2024, (TIME, SPEEDUP))
EVERYWHERE = evolve(CLASSIFIER, backends=("tensorflow", "torch"))
BOTH = ("tensorflow", "torch")
WHY = Finding(FindingCode.GOLDEN_MISSING, SECOND, "m", "e")


def test_a_guide_is_run_from_its_stations_and_then_natively(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = plan(catalog(tmp_path), monkeypatch)
    names = ["toy@tensorflow (stations)", "toy@tensorflow (native)"]
    assert names == [job.name for job in made.jobs]
    assert names[1] == job_name("toy", "tensorflow", "native")
    assert ["controlled", "native"] == [job.options.randomness for job in made.jobs]
    for job in made.jobs:
        assert (FIRST, SECOND) == job.scenarios
        assert (1, "digits", "repository", ("mine",)) == (
            job.options.seed, job.data, job.repository, job.folders,
        )  # fmt: skip
        assert (None, None, None) == (job.options.execution, job.options.steps, job.options.epochs)
    stations, native = made.jobs
    assert () == native.stations
    assert [(FIRST, "start", ""), (FIRST, "late", "states/late.npz")] == [
        (start.scenario, start.station.name, start.state) for start in stations.stations[:2]
    ]
    # What continues another starts where that one ended.
    assert "states/start.npz" == stations.stations[2].state


def test_native_runs_are_made_where_the_figures_were_published_and_in_full_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    guide = catalog(tmp_path, EVERYWHERE)

    def native(*, full: bool) -> list[str]:
        made = plan(guide, monkeypatch, here=BOTH, backends=BOTH, full=full)
        assert [*BOTH] == [job.backend for job in made.jobs if job.stations]
        return [job.backend for job in made.jobs if not job.stations]

    assert ["tensorflow"] == native(full=False)
    assert [*BOTH] == native(full=True)


def test_a_section_of_other_backends_is_run_natively_on_its_first() -> None:
    assert "tensorflow" == published_on(EVERYWHERE)
    assert "torch" == published_on(evolve(CLASSIFIER, backends=("torch", "jax")))


def test_what_has_no_reference_is_run_natively_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = plan(
        catalog(tmp_path),
        monkeypatch,
        references={FIRST: located(CLASSIFIER)},
        unknown={SECOND: WHY},
    )
    assert [(FIRST,), (FIRST, SECOND)] == [job.scenarios for job in made.jobs]
    assert [FIRST] == list(made.references)
    assert {SECOND: WHY} == made.unknown


def test_an_emulated_check_takes_one_step_of_what_draws_and_nothing_natively(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    guide = catalog(tmp_path, CLASSIFIER, DRAWING)
    (job,) = plan(guide, monkeypatch, arithmetic=Arithmetic(processor="EPYC")).jobs
    assert "EPYC" == job.arithmetic.processor
    assert [64, 64, 1, 1] == [start.station.steps for start in job.stations]


def test_recording_runs_every_section_controlled_and_natively_on_every_backend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.check.judging.plan.installed", lambda: BOTH)
    asked = Asked(
        catalog(tmp_path, EVERYWHERE), (EVERYWHERE,), BOTH, {}, 1, "digits", Path("r"), ()
    )
    assert [(backend, kind, ()) for backend in BOTH for kind in ("controlled", "native")] == [
        (j.backend, j.options.randomness, j.stations) for j in plan_runs(asked).jobs
    ]


def test_scenarios_run_on_the_backends_where_they_make_sense(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenarios = (EVERYWHERE, CONTINUED)
    made = plan(catalog(tmp_path, *scenarios), monkeypatch, here=BOTH, backends=BOTH)
    ran = {(job.backend, job.scenarios) for job in made.jobs}
    assert {("tensorflow", (FIRST, SECOND)), ("torch", (FIRST,))} == ran
    pairs = [(scenario.id, backend) for scenario, backend in made.wanted]
    assert [(FIRST, "tensorflow"), (FIRST, "torch"), (SECOND, "tensorflow")] == pairs
    assert () == made.skipped


def test_a_backend_that_is_not_installed_is_skipped_with_a_note_that_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = plan(catalog(tmp_path, EVERYWHERE), monkeypatch, backends=BOTH)
    assert {"tensorflow"} == {job.backend for job in made.jobs}
    ((scenario, backend, finding),) = made.skipped
    assert (FIRST, "torch") == (scenario.id, backend)
    assert ("backend-missing", Severity.NOTE) == (finding.code, finding.severity)
    assert "make setup" == finding.remedy
    assert not finding.fails


def test_a_backend_that_was_not_asked_for_is_neither_run_nor_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = plan(catalog(tmp_path, EVERYWHERE), monkeypatch, here=BOTH)
    assert {"tensorflow"} == {job.backend for job in made.jobs}
    assert () == made.skipped


def test_without_any_backend_there_is_nothing_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = plan(catalog(tmp_path), monkeypatch, here=())
    assert ((), ()) == (made.jobs, made.wanted)
    assert 2 == len(made.skipped)


def test_only_what_was_asked_for_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = plan(catalog(tmp_path), monkeypatch, asked=(CONTINUED,))
    assert {(SECOND,)} == {job.scenarios for job in made.jobs}


def test_a_published_speed_up_is_measured_in_the_native_run_of_its_section(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = plan(catalog(tmp_path), monkeypatch, published={"toy": PUBLISHED})
    assert [(), (SECOND,)] == [job.speedup for job in made.jobs]
    assert frozenset({"second"}) == claims_speedup(PUBLISHED)
    assert frozenset() == claims_speedup(None)
