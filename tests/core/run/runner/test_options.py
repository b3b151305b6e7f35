"""How a scenario is to be run, and what cannot keep its promise."""

from __future__ import annotations

import attrs
import pytest
from attrs import evolve

from core.errors import UsageError
from core.run.runner.options import RunOptions, check_promise, execution_of
from core.spec import Scenario
from tests.core.spec.refusals import NOT_NATURAL, Table, assert_refused, cases, name_of, unlisted
from tests.example_scenarios import CLASSIFIER, DRAWING

NOT_AN_OPTIONAL_COUNT = (0, -1, 1.5, True, "3")
TABLE: Table = (
    (
        RunOptions(),
        {
            "seed": NOT_NATURAL,
            "randomness": ("random", None, "Native"),
            "execution": ("xla", "", "Eager"),
            "precision": ("float16", None),
            "steps": NOT_AN_OPTIONAL_COUNT,
            "epochs": NOT_AN_OPTIONAL_COUNT,
            "nudge": NOT_NATURAL,
        },
    ),
)


@pytest.mark.parametrize(("valid", "field", "value"), cases(TABLE), ids=name_of)
def test_options_refuse_a_wrong_value(
    valid: attrs.AttrsInstance, field: str, value: object
) -> None:
    assert_refused(valid, field, value)


def test_every_option_has_a_wrong_value_in_the_table() -> None:
    assert set() == unlisted(TABLE)


EAGER_DRAWING = evolve(DRAWING, execution="eager")


@pytest.mark.parametrize(
    ("scenario", "asked", "expected"),
    [
        (CLASSIFIER, None, "fused"),
        (CLASSIFIER, "eager", "eager"),
        (CLASSIFIER, "graph", "graph"),
        (DRAWING, None, "graph"),
        (DRAWING, "fused", "fused"),
        (EAGER_DRAWING, None, "eager"),
    ],
)
def test_a_step_that_draws_nothing_is_replayed_fused_unless_asked_otherwise(
    scenario: Scenario, asked: str | None, expected: str
) -> None:
    assert expected == execution_of(scenario, RunOptions(execution=asked))


@pytest.mark.parametrize(
    ("scenario", "execution"),
    [(DRAWING, "eager"), (EAGER_DRAWING, "graph"), (EAGER_DRAWING, "fused")],
)
def test_native_draws_under_another_execution_are_refused(
    scenario: Scenario, execution: str
) -> None:
    with pytest.raises(UsageError) as caught:
        check_promise(scenario, RunOptions(randomness="native", execution=execution))
    assert f"--randomness native with --execution {execution}" == caught.value.what
    assert "toy/drawing" == caught.value.where
    assert f"the guide's own execution ({scenario.execution})" in caught.value.expected
    assert "--randomness controlled" in caught.value.remedy


@pytest.mark.parametrize(
    ("scenario", "randomness", "execution", "used"),
    [
        (DRAWING, "native", None, "graph"),
        (DRAWING, "native", "graph", "graph"),
        (DRAWING, "native", "fused", "fused"),
        (EAGER_DRAWING, "native", "eager", "eager"),
        (DRAWING, "controlled", "eager", "eager"),
        (CLASSIFIER, "native", "graph", "graph"),
    ],
)
def test_a_combination_that_keeps_its_promise_is_accepted(
    scenario: Scenario, randomness: str, execution: str | None, used: str
) -> None:
    options = RunOptions(randomness=randomness, execution=execution)
    check_promise(scenario, options)
    assert used == execution_of(scenario, options)
