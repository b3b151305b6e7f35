"""The committed seeds: an honest processor raises no alarm by them, planted defects do.

`avx512_xeon.json` holds what the native runs with seed 12 on an Intel Xeon with AVX-512 showed of
their trends: window means of the losses of `parity run GUIDE --backend B --seed 12 --json`, and
metrics. `defects.json` is written by `python -m tests.core.check.trends.record_defects`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from core.check.trends.recorded import Kind, Recorded, SeedRun, read
from core.check.trends.statistic import FALSE_ALARMS, RUNS, End, Rule, Series, pairs
from core.spec import Scenario
from core.spec.catalog import Catalog
from core.spec.reading import same_meaning
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
STATISTICS = 150  # more than a whole check judges
FEWEST = 16


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


def alarms(recorded: Sequence[SeedRun], fresh: Sequence[SeedRun]) -> dict[str, list[End]]:
    """What is an alarm by the first of the fresh runs and as many others as it takes."""
    found = {}
    for name in series(fresh[0]):
        rule = Rule(len(recorded), FALSE_ALARMS / STATISTICS)
        old, new = [series(r)[name] for r in recorded], [series(r)[name] for r in fresh]
        for runs in range(1, rule.runs + 1):
            counted = pairs(old, new[:runs])
            found[name] = [end for end in End if counted[end] <= rule.alarming(runs)]
            if found[name] or min(counted.values()) > rule.repeated(runs):
                break
    return {name: ends for name, ends in found.items() if ends}


def pool_of(scenario: Scenario, backend: str) -> tuple[SeedRun, ...]:
    """The recorded runs that judge a backend."""
    return recorded_of(scenario).of_meaning(scenario, backend)


each = pytest.mark.parametrize("scenario", CATALOG.scenarios, ids=lambda scenario: scenario.id)


@each
def test_every_section_has_seeds_for_every_backend_that_means_the_same(scenario: Scenario) -> None:
    for backend in scenario.backends:
        runs = pool_of(scenario, backend)
        if not same_meaning(scenario, backend, "tensorflow"):
            assert () == runs
            continue
        assert len(runs) >= FEWEST
        assert STATISTICS * Rule(len(runs), FALSE_ALARMS / STATISTICS).chance <= FALSE_ALARMS
        lengths = {(name, len(held)) for run in runs for name, held in series(run).items()}
        assert len(series(runs[0])) == len(lengths)


@pytest.mark.parametrize("section", XEON)
def test_the_runs_of_another_processor_raise_no_alarm(section: str) -> None:
    """The repeats are recorded seeds, held out of the pool that they are judged by."""
    (scenario,) = CATALOG.select([section])
    for run in XEON[section]:
        if runs := pool_of(scenario, run.backend):
            assert {} == alarms(runs[: 1 - RUNS], (run, *runs[1 - RUNS :]))


def test_the_accuracy_that_a_constant_called_an_error_is_none() -> None:
    """0.8988, where the golden has 0.9390 and the constant allowed 0.04."""
    (compiled,) = CATALOG.select(["keras_io_tf/compiled"])
    (run,) = [each for each in XEON[compiled.id] if each.backend == "tensorflow"]
    assert 0.8988 == run.metrics["val_acc"][0]
    runs = recorded_of(compiled).of_meaning(compiled, "tensorflow")
    assert {} == alarms(runs[: 1 - RUNS], (run, *runs[1 - RUNS :]))


@each
def test_no_recorded_seed_raises_an_alarm_by_the_others(scenario: Scenario) -> None:
    """Every recorded run as the run of a check; the repeats are seeds that are held out as well."""
    runs = pool_of(scenario, "tensorflow")
    for turn in range(len(runs)):
        turned = [*runs[turn:], *runs[:turn]]
        assert {} == alarms(turned[RUNS:], turned[:RUNS])


CAUGHT = {
    ("keras_io_tf/metrics", "never reset"): 16,
    ("keras_io_tf/metrics", "rate halved"): 6,
    ("keras_io_tf/metrics", "rate doubled"): 0,
    ("multi_backend/metrics", "never reset"): 16,
    ("multi_backend/metrics", "rate halved"): 9,
    ("multi_backend/metrics", "rate doubled"): 12,
}
"""How often of 16 times a planted defect raises an alarm, from each of its seeds on."""


@pytest.mark.parametrize("section", record_defects.SECTIONS)
@pytest.mark.parametrize("defect", record_defects.DEFECTS)
def test_how_often_planted_defects_raise_an_alarm(section: str, defect: str) -> None:
    (scenario,) = CATALOG.select([section])
    broken = record_defects.read()[section][defect]
    runs = recorded_of(scenario).of_meaning(scenario, "tensorflow")
    turns = [[*broken[turn:], *broken[:turn]] for turn in range(len(broken))]
    found = sum(bool(alarms(runs, turned[:RUNS])) for turned in turns)
    assert CAUGHT[section, defect] == found
