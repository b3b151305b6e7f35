"""Seeded defects: each differs from a sound loop in one place, and was measured."""

from __future__ import annotations

import pytest

from core.errors import UsageError
from core.site.breaking.lesson import Lesson
from core.site.breaking.measured import read
from core.site.breaking.seeded import BASE, Seeded, seeded, sound
from core.site.pages.breaking import breaking_page
from core.spec import PHASES, flat, ops
from core.spec.catalog import Catalog
from tests.conftest import REPOSITORY

CATALOG = Catalog.load(REPOSITORY)
(SECTION,) = CATALOG.select([BASE])
ALL = {one.id: one for one in seeded(SECTION)}
SOUND = ("sound", "sound-dropout")
BROKEN = [one for name, one in ALL.items() if name not in SOUND]


def test_the_sound_loop_is_the_section_on_its_own() -> None:
    alone = sound(SECTION)
    assert () == alone.after
    assert not any(isinstance(op, ops.Continue) for op in alone.setup)
    assert (SECTION.step, SECTION.on_epoch_end) == (alone.step, alone.on_epoch_end)
    assert SECTION.stream == alone.stream


def test_a_section_that_goes_on_with_a_model_cannot_stand_alone() -> None:
    (compiled,) = CATALOG.select(["keras_io_tf/compiled"])
    with pytest.raises(UsageError, match="model"):
        sound(compiled)


@pytest.mark.parametrize("one", BROKEN, ids=lambda one: one.id)
def test_a_defect_changes_the_spec_in_one_phase_or_the_data(one: Seeded) -> None:
    phases = [p for p in PHASES if one.sound.phase(p) != one.scenario.phase(p)]
    more = {"wrong-model": ["setup", "step"]}.get(one.id)
    if one.data != "mixed":
        assert [] == phases
    elif more is not None:
        assert more == phases
    else:
        assert 1 == len(phases)


def test_the_loop_without_an_update_has_no_op_that_updates() -> None:
    kinds = [type(op) for op in flat(ALL["no-apply"].scenario.step)]
    assert ops.Apply not in kinds


@pytest.mark.parametrize("name", ALL)
def test_every_defect_was_measured(name: str) -> None:
    found = read()
    assert 3 * found.steps_per_epoch == 25 * len(found.curves[name].losses)
    assert {"train_acc", "val_acc"} == found.curves[name].metrics.keys()


def test_nothing_was_measured_that_is_no_longer_seeded() -> None:
    assert ALL.keys() == read().curves.keys()


@pytest.mark.parametrize(
    ("name", "metric"),
    [
        ("never-reset", "train_acc"),
        ("one-metric", "val_acc"),
        ("on-training-data", "val_acc"),
    ],
)
def test_a_defect_of_the_report_leaves_the_training_as_it_was(name: str, metric: str) -> None:
    curves = read().curves
    assert curves["sound"].losses == curves[name].losses
    assert curves["sound"].metrics[metric] != curves[name].metrics[metric]


def test_the_lessons_say_what_was_measured() -> None:
    curves = read().curves
    assert curves["no-apply"].losses[-1] > 0.8 * curves["no-apply"].losses[0]
    assert curves["no-apply"].losses == curves["wrong-model"].losses
    assert 2.25 < curves["rate-times-100"].losses[-1] < 2.4
    assert 2.25 < curves["probabilities"].losses[-1] < 2.35
    assert curves["squashed"].losses == curves["sound"].losses
    assert curves["scaled"].first < 3 < 100 < curves["sound"].first
    assert curves["rate-over-100"].losses[-1] > 5 * curves["sound"].losses[-1]
    assert curves["rate-times-10"].losses[-1] > 1.5 * curves["sound"].losses[-1]
    assert [0.0] * 3 == list(curves["one-metric"].metrics["val_acc"])
    assert curves["no-training-flag"].losses[-1] < curves["sound-dropout"].losses[-1]
    drop = curves["sound"].metrics["val_acc"][-1] - curves["sorted-data"].metrics["val_acc"][-1]
    assert drop > 0.1
    assert (
        abs(curves["no-shuffle"].metrics["val_acc"][-1] - curves["sound"].metrics["val_acc"][-1])
        < 0.05
    )


def test_the_page_shows_each_defect_with_the_statements_that_make_it() -> None:
    page = breaking_page(CATALOG)
    assert page is not None
    shown = {one.seeded.id: one for one in page.values["shown"]}  # type: ignore[attr-defined]
    assert {one.id for one in BROKEN} == shown.keys()
    before, after = shown["rate-times-10"].changes[0]
    assert ("1e-3" in before[0], "0.01" in after[0]) == (True, True)
    assert () == shown["sorted-data"].changes
    assert [] == [name for name, one in shown.items() if not one.changes and name != "sorted-data"]


def test_a_catalog_without_the_section_has_no_such_page() -> None:
    other = Catalog(tuple(e for e in CATALOG.guides if e.guide.id == "r_style"))
    assert None is breaking_page(other)


def test_every_lesson_shows_a_loss_or_a_reading() -> None:
    lessons: list[Lesson] = [one.lesson for one in BROKEN]
    assert {"loss", "train_acc", "val_acc"} == {lesson.shows for lesson in lessons}
