"""Comparing whole traces."""

from __future__ import annotations

import pytest
from attrs import evolve

from core.check.compare.tolerance import Tolerance
from core.check.compare.traces import compare, compare_structure, compare_trend
from core.trace import LogLine, Trace
from tests.example_traces import TRACE, image

TOLERANCE = Tolerance(numeric_steps=10, numeric_relative=1e-5)


def _places(trace: Trace, golden: Trace = TRACE, tolerance: Tolerance = TOLERANCE) -> list[str]:
    return [f.where.partition("): ")[2] for f in compare(trace, golden, tolerance)]


def _logging(*lines: str) -> Trace:
    return evolve(TRACE, log=tuple(LogLine(line) for line in lines))


def test_findings_name_scenario_backend_randomness_and_field() -> None:
    (finding,) = compare(evolve(TRACE, steps_per_epoch=124), TRACE, TOLERANCE)
    assert "golden-mismatch" == finding.code
    assert "toy/first@tensorflow (controlled): steps_per_epoch" == finding.where
    assert "found 124, expected 125; rule: equal" == finding.evidence
    assert finding.fails


def test_a_dropped_metric_and_an_added_one_are_both_found() -> None:
    dropped = evolve(TRACE, metrics={"train_acc": TRACE.metrics["train_acc"]})
    assert ["metrics.val_acc: number of epochs"] == _places(dropped)
    assert ["metrics.val_acc"] == _places(TRACE, golden=dropped)


def test_a_renamed_loss_is_found_under_both_names() -> None:
    losses = {"loss": TRACE.losses["loss"], "fine": TRACE.losses["penalty"]}
    places = _places(evolve(TRACE, losses=losses))
    assert ["losses.penalty: number of steps", "losses.fine"] == places


def test_a_model_is_compared_row_by_row() -> None:
    model = TRACE.models[0]
    layers = (model.layers[0], evolve(model.layers[1], params=91))
    wider = evolve(TRACE, models=(evolve(model, total_params=6371, layers=layers),))
    assert ["models.model.total_params", "models.model.layers[1]"] == _places(wider)


def test_a_models_missing_rows_are_compared_as_absent() -> None:
    shorter = evolve(TRACE, models=(evolve(TRACE.models[0], layers=TRACE.models[0].layers[:1]),))
    (finding,) = compare(shorter, TRACE, TOLERANCE)
    assert "found None, expected LayerRow(name='predictions'" in finding.evidence


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ("loss at step 0: 100.0000", "loss at step 0: 99.5"),
        ("Time taken: 1.25s", "Time taken: 12.5s"),
        ("loss: 1e-05, acc: 0.5", "loss: 0.3, acc: 0.75"),
        ("loss: nan", "loss: 0.3"),
    ],
)
def test_decimal_numbers_of_a_log_are_compared_where_they_were_measured(
    found: str, expected: str
) -> None:
    assert [] == _places(_logging(found), golden=_logging(expected))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ("Seen so far: 64 samples", "Seen so far: 32 samples"),
        ("loss at step 1: 0.5", "loss at step 0: 0.5"),
        ("loss: 0.5", "penalty: 0.5"),
        ("loss: 0.5 ", "loss: 0.5"),
        ("loss: -", "loss: 0.5"),
        ("ten", "1e1"),
    ],
)
def test_words_and_counts_of_a_log_are_compared_exactly(found: str, expected: str) -> None:
    assert ["log[0]"] == _places(_logging(found), golden=_logging(expected))


def test_only_the_first_line_that_differs_is_reported() -> None:
    assert ["log[1]"] == _places(_logging("a", "c", "d"), golden=_logging("a", "b", "c", "d"))
    assert ["log[2]"] == _places(_logging("a", "b"), golden=_logging("a", "b", "c"))
    assert ["log[2]"] == _places(_logging("a", "b", "c"), golden=_logging("a", "b"))


def test_a_new_warning_has_a_code_of_its_own_and_a_missing_one_is_a_mismatch() -> None:
    more = evolve(TRACE, warnings=(*TRACE.warnings, "UserWarning: more"))
    (finding,) = compare(more, TRACE, TOLERANCE)
    assert ("new-warning", True) == (finding.code, finding.fails)
    assert "'UserWarning: more'" in finding.evidence
    (finding,) = compare(TRACE, more, TOLERANCE)
    assert "golden-mismatch" == finding.code
    assert "expected 'UserWarning: more'" in finding.evidence


@pytest.mark.parametrize(("level", "count"), [(102, 0), (98, 0), (103, 1), (97, 1)])
def test_a_pixel_may_differ_by_the_levels_allowed_up_and_down(level: int, count: int) -> None:
    golden = evolve(TRACE, images=(image("i.png", bytes([0, 100, 255, 9]), 2),))
    trace = evolve(TRACE, images=(image("i.png", bytes([0, level, 255, 9]), 2),))
    assert count == len(compare(trace, golden, TOLERANCE))


def test_an_image_of_another_size_is_found_once() -> None:
    other = evolve(TRACE, images=(image("image_0.png", bytes(range(0, 240, 20)), 4),))
    assert ["images: names and sizes"] == _places(other)


def test_images_are_not_compared_where_no_number_is() -> None:
    trace = evolve(TRACE, images=(image("image_0.png", bytes(12), 3),))
    assert ["images.image_0.png"] == _places(trace)
    assert [] == _places(trace, tolerance=evolve(TOLERANCE, numeric_steps=0))
    assert [] == compare_trend(trace, TRACE, TOLERANCE)


def test_initial_weights_are_compared_where_they_are_controlled_and_fresh() -> None:
    other = evolve(TRACE, initial_weights="00")
    assert ["initial_weights (SHA-256)"] == _places(other)
    assert [] == _places(other, tolerance=evolve(TOLERANCE, exact_start=False))
    native = evolve(TRACE, randomness="native")
    assert [] == _places(evolve(native, initial_weights="00"), golden=native)


@pytest.mark.parametrize(("norm", "count"), [(8.7, 0), (2.3, 0), (8.9, 1), (2.1, 1)])
def test_a_weights_norm_may_grow_and_shrink_within_the_trend(norm: float, count: int) -> None:
    kernel, bias = TRACE.final_weights
    trace = evolve(TRACE, final_weights=(evolve(kernel, norm=norm), bias))
    assert count == len(compare(trace, TRACE, TOLERANCE))


def test_another_seed_may_change_numbers_but_no_structure() -> None:
    losses = {name: tuple(1.2 * v for v in values) for name, values in TRACE.losses.items()}
    metrics = {name: tuple(v - 0.03 for v in values) for name, values in TRACE.metrics.items()}
    trace = evolve(TRACE, losses=losses, metrics=metrics, initial_weights="00", final_weights=())
    trace = evolve(trace, final_weights=tuple(evolve(w, norm=99.0) for w in TRACE.final_weights))
    assert [] == compare_trend(trace, TRACE, TOLERANCE)
    assert 2 + 4 + 1 + 2 == len(compare(trace, TRACE, TOLERANCE))
    smaller = evolve(trace, steps_per_epoch=1)
    assert ["golden-mismatch"] == [f.code for f in compare_trend(smaller, TRACE, TOLERANCE)]


def test_comparing_changes_neither_trace() -> None:
    trace = evolve(TRACE, seed=2)
    before = repr(trace), repr(TRACE)
    compare(trace, TRACE, TOLERANCE)
    list(compare_structure(trace, TRACE))
    assert before == (repr(trace), repr(TRACE))
