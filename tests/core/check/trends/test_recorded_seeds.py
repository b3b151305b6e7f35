"""The committed seeds: an honest processor raises no alarm by them, planted defects do.

`avx512_xeon.json` holds what the native runs with seed 12 on an Intel Xeon with AVX-512 showed of
their trends: window means of the losses of `parity run GUIDE --backend B --seed 12 --json`, and
metrics. `defects.json` is written by `python -m tests.core.check.trends.record_defects`.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.check.trends.recorded import Kind, Recorded, SeedRun, read
from core.check.trends.statistic import FALSE_ALARMS, End, Series, beyond, chance, repeats_needed
from core.spec import Scenario
from core.spec.catalog import Catalog
from core.trace.decoding import strict_converter, structured
from tests.conftest import REPOSITORY
from tests.core.check.trends import record_defects

CATALOG = Catalog.load(REPOSITORY)
CONVERTER = strict_converter(SeedRun)
XEON = {
    section: [structured(CONVERTER, each, SeedRun) for each in held]
    for section, held in json.loads(
        Path(__file__).with_name("avx512_xeon.json").read_text(encoding="utf-8")
    ).items()
}
SUPERVISED = ("first_loop", "metrics", "compiled", "compiled~intended", "tracked_losses")
STATISTICS = 150  # more than a whole check judges
FEWEST = 20


def recorded_of(scenario: Scenario) -> Recorded:
    """The section's recorded seeds."""
    found = read(CATALOG.entry(scenario).golden, scenario)
    assert found is not None
    return found


def series(run: SeedRun) -> dict[str, Series]:
    """What is judged of a run."""
    return {
        f"{kind.value}.{name}": held for kind in Kind for name, held in run.series(kind).items()
    }


def ends(recorded: tuple[SeedRun, ...], fresh: tuple[SeedRun, ...]) -> dict[str, tuple[End, ...]]:
    """The ends beyond which fresh runs lie, by loss and metric."""
    return {
        name: beyond([series(r)[name] for r in recorded], [series(r)[name] for r in fresh])
        for name in series(fresh[0])
    }


def selected(*sections: str) -> list[Scenario]:
    """The sections that are recorded, supervised ones unless named."""
    return [s for s in CATALOG.scenarios if s.section in (sections or SUPERVISED)]


@pytest.mark.parametrize("scenario", selected(), ids=lambda scenario: scenario.id)
def test_every_supervised_section_has_seeds_for_every_backend(scenario: Scenario) -> None:
    for backend in scenario.backends:
        runs = recorded_of(scenario).of_meaning(scenario, backend)
        assert len(runs) >= FEWEST
        assert STATISTICS * chance(len(runs), repeats_needed(len(runs), STATISTICS)) <= FALSE_ALARMS
        lengths = {(name, len(held)) for run in runs for name, held in series(run).items()}
        assert len(series(runs[0])) == len(lengths)


@pytest.mark.parametrize("section", [s for s in XEON if s.rpartition("/")[2] in SUPERVISED])
def test_the_runs_of_another_processor_raise_no_alarm(section: str) -> None:
    """The repeats are recorded seeds, held out of the pool that they are judged by."""
    (scenario,) = CATALOG.select([section])
    for run in XEON[section]:
        runs = recorded_of(scenario).of_meaning(scenario, run.backend)
        repeats = repeats_needed(len(runs), STATISTICS)
        found = ends(runs[:-repeats], (run, *runs[-repeats:]))
        assert {()} == set(found.values())


def test_the_accuracy_that_a_constant_called_an_error_is_none() -> None:
    """0.8988, where the golden has 0.9390 and the constant allowed 0.04."""
    (compiled,) = selected("compiled")[:1]
    assert "keras_io_tf/compiled" == compiled.id
    (run,) = [each for each in XEON[compiled.id] if each.backend == "tensorflow"]
    assert 0.8988 == run.metrics["val_acc"][0]
    runs = recorded_of(compiled).of_meaning(compiled, "tensorflow")
    assert () == ends(runs[:-1], (run, runs[-1]))["metrics.val_acc"]


CAUGHT = {
    ("keras_io_tf/metrics", "never reset"),
    ("multi_backend/metrics", "rate doubled"),
}
"""Planted defects that the trend shows; the others lie inside what seeds do (docs/trends.md)."""


@pytest.mark.parametrize("section", record_defects.SECTIONS)
@pytest.mark.parametrize("defect", record_defects.DEFECTS)
def test_which_planted_defects_raise_an_alarm(section: str, defect: str) -> None:
    (scenario,) = CATALOG.select([section])
    broken = record_defects.read()[section][defect]
    runs = recorded_of(scenario).of_meaning(scenario, "tensorflow")
    repeats = repeats_needed(len(runs), STATISTICS)
    assert repeats < len(broken)
    alarmed = any(ends(runs, broken[: repeats + 1]).values())
    assert ((section, defect) in CAUGHT) == alarmed
