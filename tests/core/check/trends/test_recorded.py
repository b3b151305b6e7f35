"""Recorded seeds on disk, and what they are taken for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from attrs import evolve

from core.check.trends.recorded import (
    FORMAT,
    WINDOW,
    Recorded,
    SeedRun,
    path_of,
    read,
    seed_run,
    window_means,
    write,
)
from core.errors import GoldenError
from core.spec import Scenario
from core.spec.experiment import experiment_digest
from core.trace.claims import Claim, ClaimKind
from scenarios.keras_io_tf import SCENARIOS as ADAM
from scenarios.keras_io_tf_zh import SCENARIOS as TRANSLATED
from tests.example_scenarios import CLASSIFIER, CONTINUED
from tests.example_traces import TRACE

RUN = SeedRun(1001, "tensorflow", {"loss": (2.5, 1.25)}, {"val_acc": (0.9,)})
RECORDED = Recorded(
    format=FORMAT,
    command="python -m tools.record_trends",
    recorded="2026-02-03",
    experiment=experiment_digest(CLASSIFIER),
    data_sha256="d1",
    environment={"python": "3.11"},
    runs=(RUN,),
)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, CLASSIFIER, RECORDED)
    assert tmp_path / "trends" / "toy" / "first.json" == path
    assert RECORDED == read(tmp_path, CLASSIFIER)
    assert read(tmp_path, CONTINUED) is None


def test_runs_on_mnist_stand_apart(tmp_path: Path) -> None:
    path = write(tmp_path, CLASSIFIER, RECORDED, mnist=True)
    assert tmp_path / "trends" / "mnist" / "toy" / "first.json" == path
    assert RECORDED == read(tmp_path, CLASSIFIER, mnist=True)
    assert read(tmp_path, CLASSIFIER) is None


def test_the_losses_of_published_steps_are_kept_where_the_run_reached_them() -> None:
    claims = [
        Claim(
            kind=ClaimKind.LOSS,
            section="first",
            line=1,
            name="loss",
            epoch=epoch,
            step=step,
            printed_step=step,
            value=1.0,
            printed="1.0",
        )
        for epoch, step in [(0, 0), (1, 2), (9, 0)]
    ]
    trace = evolve(TRACE, losses={"loss": tuple(range(1, 9))}, steps_per_epoch=4)
    assert {"loss": {"0:0": 1.0, "1:2": 7.0}} == seed_run(trace, claims).published
    assert {} == seed_run(trace).published


def test_seeds_of_another_experiment_are_not_this_ones(tmp_path: Path) -> None:
    write(tmp_path, CLASSIFIER, evolve(RECORDED, experiment="00"))
    assert read(tmp_path, CLASSIFIER) is None


def test_a_translation_has_the_seeds_of_its_original(tmp_path: Path) -> None:
    recorded = evolve(RECORDED, experiment=experiment_digest(ADAM[0]))
    write(tmp_path, ADAM[0], recorded)
    assert recorded == read(tmp_path, TRANSLATED[0])


@pytest.mark.parametrize("change", [{"format": 9}, {"runs": [{"seed": 1}]}, {"more": 1}])
def test_a_damaged_file_says_how_to_mend_it(tmp_path: Path, change: dict[str, object]) -> None:
    path = write(tmp_path, CLASSIFIER, RECORDED)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(GoldenError) as caught:
        read(tmp_path, CLASSIFIER)
    assert str(path_of(tmp_path, CLASSIFIER.id)) == caught.value.where
    assert CLASSIFIER.id in caught.value.remedy


def test_a_last_partial_window_counts() -> None:
    assert (1.0, 2.0, 4.0) == window_means((1.0,) * WINDOW + (2.0,) * WINDOW + (3.0, 5.0))
    assert () == window_means(())


def test_a_run_keeps_its_trend_in_six_digits() -> None:
    losses = {"loss": (1.23456789,) * 3}
    found = seed_run(evolve(TRACE, losses=losses, metrics={"val_acc": (0.98765432, 0.5)}))
    expected = SeedRun(1, "tensorflow", {"loss": (1.23457,)}, {"val_acc": (0.987654, 0.5)})
    assert expected == found


def test_only_backends_that_mean_the_same_share_seeds_each_seed_once() -> None:
    seeds = {"tensorflow": 1001, "jax": 1001, "torch": 1002}
    runs = tuple(evolve(RUN, backend=name, seed=seed) for name, seed in seeds.items())
    recorded = evolve(RECORDED, runs=runs)
    first, gan = ADAM[0], ADAM[4]

    def backends(scenario: Scenario, backend: str) -> list[str]:
        return [run.backend for run in recorded.of_meaning(scenario, backend)]

    assert ["tensorflow", "torch"] == backends(gan, "tensorflow")
    assert ["jax"] == backends(gan, "jax")
    assert [1001, 1002] == [run.seed for run in recorded.of_meaning(first, "torch")]
    assert {1001} == recorded.seeds("jax")
