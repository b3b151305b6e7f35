"""Guides, loops and scenarios: their rules and what they work out."""

from __future__ import annotations

import attrs
import pytest
from attrs import evolve

from core.errors import SpecError
from core.spec import PHASES, Guide, Loop, flat, layers, ops
from core.spec.kinds import Kind
from core.spec.parts import ModelSpec
from core.spec.translation import translated
from tests.core.spec.refusals import (
    NOT_A_COUNT,
    NOT_A_FLAG,
    NOT_A_NAME,
    NOT_A_TEXT,
    NOT_DISTINCT_NAMES,
    Table,
    assert_refused,
    cases,
    name_of,
    unlisted,
)
from tests.example_scenarios import CLASSIFIER, CONTINUED, DRAWING, GUIDE, MODEL

NOT_AN_IDENTIFIER = ("", "Upper", "a/b", "a~", "a~b~c", 3, None)
NOT_OPS = ([*CLASSIFIER.step], ("op",), None)
NOT_LOGS = ([ops.Log("x")], ("x",), None)
LOOP = Loop(dataset="set", batch=("x", "y"), epochs=1, log_every=10)
TABLE: Table = (
    (
        GUIDE,
        {
            "id": NOT_AN_IDENTIFIER,
            "title": NOT_A_TEXT,
            "year": NOT_A_COUNT,
            "language": ("fr", None),
        },
    ),
    (
        LOOP,
        {
            "dataset": NOT_A_NAME,
            "batch": (("x", "y", "z"), *NOT_DISTINCT_NAMES),
            "epochs": NOT_A_COUNT,
            "log_every": NOT_A_COUNT,
            "first_epoch": (2, -1, True, 1.0, None),
            "first_step": (2, -1, False, 0.0, None),
            "break_above": (-1, 1.5, True),
            "announce": NOT_LOGS,
            "closing": NOT_LOGS,
            "cap": (0, -1, 1.5, True),
            "exhausted": NOT_A_FLAG,
        },
    ),
    (
        CLASSIFIER,
        {
            "guide": ("toy", None),
            "section": NOT_AN_IDENTIFIER,
            "title": NOT_A_TEXT,
            "setup": NOT_OPS,
            "step": NOT_OPS,
            "loop": (None, "loop"),
            "execution": ("fused", "xla", None),
            "evaluate": NOT_OPS,
            "on_log": NOT_OPS,
            "on_epoch_end": NOT_OPS,
            "after": ([CLASSIFIER], ("toy/first",), None),
            "backends": ((), ("tensorflow", "mxnet")),
            "lineage": NOT_A_TEXT,
        },
    ),
)


@pytest.mark.parametrize(("valid", "field", "value"), cases(TABLE), ids=name_of)
def test_guide_loop_and_scenario_refuse_a_wrong_value(
    valid: attrs.AttrsInstance, field: str, value: object
) -> None:
    assert_refused(valid, field, value)


def test_every_field_of_guide_loop_and_scenario_has_a_wrong_value_in_the_table() -> None:
    assert set() == unlisted(TABLE)


def test_a_scenario_is_addressed_by_guide_and_section_unless_it_shares_a_lineage() -> None:
    assert "toy/first" == CLASSIFIER.id
    assert "toy/first" == CLASSIFIER.stream
    translated = evolve(CLASSIFIER, guide=Guide("toy_zh", "玩具", 2024, "zh"), lineage="toy/first")
    assert ("toy_zh/first", "toy/first") == (translated.id, translated.stream)


@pytest.mark.parametrize("phase", PHASES)
def test_phase_gives_the_ops_of_a_phase_by_its_name(phase: str) -> None:
    assert getattr(CLASSIFIER, phase) == CLASSIFIER.phase(phase)
    assert CLASSIFIER.phase(phase)


def test_flat_gives_the_body_of_a_scope_before_the_scope_itself() -> None:
    kinds = [type(op) for op in flat(CLASSIFIER.step)]
    assert [ops.Call, ops.Loss, ops.GradScope] == kinds[:3]
    assert ops.Return is kinds[-1]
    assert len(CLASSIFIER.step) + 2 == len(kinds)


def test_names_of_a_continued_section_keep_spec_and_dataset() -> None:
    assert MODEL == CONTINUED.model_spec("model")
    assert ops.OpenDataset("val_set", source="val", batch=32) == CONTINUED.maker(
        "val_set", ops.OpenDataset
    )
    assert Kind.OPTIMIZER is CONTINUED.setup_names["optimizer"]


def test_an_unknown_model_or_dataset_is_refused() -> None:
    with pytest.raises(SpecError, match="a name made by BuildModel"):
        CLASSIFIER.model_spec("optimizer")
    with pytest.raises(SpecError, match="a name made by OpenDataset"):
        CLASSIFIER.maker("pool", ops.OpenDataset)


def test_the_origin_of_a_name_is_the_section_and_op_that_made_it_through_any_chain() -> None:
    third = evolve(CONTINUED, section="third", setup=(ops.Continue(CONTINUED, CONTINUED_NAMES),))
    own, made = CLASSIFIER.origin("model"), third.origin("model")
    assert own.section is CLASSIFIER
    assert isinstance(own.op, ops.BuildModel)
    assert own.section is made.section
    assert own.op is made.op
    with pytest.raises(SpecError, match="a name that this setup makes"):
        third.origin("prediction")


def test_in_a_translation_what_is_continued_was_made_by_the_translations_section() -> None:
    guide = Guide("toy_zh", "Toy", 2026, language="zh")
    first = translated(CLASSIFIER, guide, "first")
    second = translated(CONTINUED, guide, "second", (first,))
    made = second.origin("optimizer")
    assert made.section is first
    assert made.op is CLASSIFIER.origin("optimizer").op


def test_a_section_trains_those_first_whose_model_or_optimizer_it_takes() -> None:
    third = evolve(CONTINUED, section="third", setup=(ops.Continue(CONTINUED, CONTINUED_NAMES),))
    assert () == CLASSIFIER.trains_first
    assert (CLASSIFIER,) == CONTINUED.trains_first
    assert (CLASSIFIER, CONTINUED) == third.trains_first
    assert (CONTINUED,) == third.continues


CONTINUED_NAMES = tuple(CONTINUED.setup_names)


def test_a_section_that_takes_only_data_trains_nothing_first() -> None:
    data = ("loss_fn", "train_set", "val_set")
    op = next(op for op in CLASSIFIER.setup if isinstance(op, ops.MakeMetric))
    optimizer = next(op for op in CLASSIFIER.setup if isinstance(op, ops.MakeOptimizer))
    fresh = evolve(
        CLASSIFIER,
        section="fresh",
        setup=(ops.Continue(CLASSIFIER, data), ops.BuildModel("model", MODEL), optimizer, op),
    )
    assert () == fresh.trains_first
    assert (CLASSIFIER,) == fresh.continues


def test_a_step_draws_where_it_has_a_draw_or_calls_a_model_with_dropout() -> None:
    dropping = ModelSpec(layers.Input((784,)), (layers.Dropout(0.2), layers.Dense(10)))
    setup = (ops.BuildModel("model", dropping), *CLASSIFIER.setup[1:])
    assert not CLASSIFIER.step_draws
    assert DRAWING.step_draws
    assert evolve(CLASSIFIER, setup=setup).step_draws


@pytest.mark.parametrize(
    ("first_step", "expected"), [(0, [0, 10, 20]), (1, [9, 19, 29])], ids=["from 0", "from 1"]
)
def test_a_loop_logs_where_the_guides_own_number_is_a_multiple(
    first_step: int, expected: list[int]
) -> None:
    loop = evolve(LOOP, first_step=first_step)
    assert expected == [index for index in range(30) if loop.logs(index)]
    assert 5 + first_step == loop.number(5)


@pytest.mark.parametrize("first_step", [0, 1])
@pytest.mark.parametrize("break_above", [0, 1, 10, 200])
@pytest.mark.parametrize("batches", [1, 11, 12, 13, 100])
def test_an_epoch_ends_after_the_first_step_whose_number_is_above_the_break(
    first_step: int, break_above: int, batches: int
) -> None:
    taken = 0
    for index in range(batches):
        taken += 1
        if index + first_step > break_above:
            break
    loop = evolve(LOOP, first_step=first_step, break_above=break_above)
    assert taken == loop.steps(batches)


def test_a_loop_without_a_break_takes_every_batch_and_an_exhausted_one_none() -> None:
    assert 123 == LOOP.steps(123)
    assert 0 == evolve(LOOP, exhausted=True, break_above=10).steps(123)


def test_a_repr_names_related_scenarios_and_does_not_print_them_whole() -> None:
    assert "after=['toy/first']" in repr(CONTINUED)
    assert "section='toy/first'" in repr(CONTINUED.setup[0])
