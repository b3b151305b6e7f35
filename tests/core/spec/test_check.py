"""What must be true of a scenario as a whole."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from attrs import evolve

from core.errors import SpecError
from core.spec import Scenario, ops
from core.spec.kinds import Op
from core.spec.parts import BinaryCrossentropy
from tests.example_scenarios import (
    APPLY,
    CLASSIFIER,
    CONTINUED,
    DRAWING,
    FORWARD,
    GRADIENTS,
    LOG,
    RETURN,
)

C = CLASSIFIER
ACCURACY = C.step[3]


def _step(*sequence: Op) -> Callable[[], Scenario]:
    return lambda: evolve(C, step=sequence)


def _setup(*sequence: Op) -> Callable[[], Scenario]:
    return lambda: evolve(C, setup=(*C.setup, *sequence))


def _end(*sequence: Op) -> Callable[[], Scenario]:
    return lambda: evolve(C, on_epoch_end=(*C.on_epoch_end, *sequence))


def _log(*sequence: Op) -> Callable[[], Scenario]:
    return lambda: evolve(C, on_log=sequence)


def _evaluate(*sequence: Op) -> Callable[[], Scenario]:
    return lambda: evolve(C, evaluate=sequence)


def _body(*sequence: Op) -> Callable[[], Scenario]:
    scope = ops.GradScope(("tape",), body=sequence)
    return lambda: evolve(C, step=(scope, GRADIENTS, APPLY, RETURN))


CALL = FORWARD.body[0]
REFUSED: dict[str, tuple[Callable[[], Scenario], str, str]] = {
    "setup: unknown arrays": (
        _setup(ops.OpenDataset("more", source="nothing", batch=1)),
        "setup[8] OpenDataset",
        "uses 'nothing', which no op has made",
    ),
    "step: unknown model": (
        _body(ops.Call("logits", model="modell", x="x"), FORWARD.body[1]),
        "step[0.0] Call",
        "uses 'modell', which no op has made",
    ),
    "step: used before it is made": (
        _body(*reversed(FORWARD.body)),
        "step[0.0] Loss",
        "uses 'logits', which no op has made",
    ),
    "step: shaped by an unknown tensor": (
        _step(ops.Fill("f", 0.0, shape=(ops.BatchOf("z"), 1)), *C.step),
        "step[0] Fill",
        "uses 'z', which no op has made",
    ),
    "step: returns what no op made": (
        _step(FORWARD, ops.Return(("losses",))),
        "step[1] Return",
        "uses 'losses', which no op has made",
    ),
    "step: gradients before their scope": (
        _step(GRADIENTS, FORWARD, APPLY, RETURN),
        "step[0] Gradients",
        "uses 'tape', which no op has made",
    ),
    "evaluate: sees no training batch": (
        _evaluate(ops.Call("val_logits", model="model", x="x")),
        "evaluate[0] Call",
        "uses 'x', which no op has made",
    ),
    "on_log: sees no tensor that is not returned": (
        _log(ops.SaveImage("logits", file="i.png")),
        "on_log[0] SaveImage",
        "uses 'logits', which no op has made",
    ),
    "on_log: unknown name": (
        _log(LOG, ops.Log("{lost:.4f}")),
        "on_log[1] Log",
        "uses 'lost', which no op has made",
    ),
    "on_epoch_end: number read later": (
        lambda: evolve(C, on_epoch_end=tuple(reversed(C.on_epoch_end))),
        "on_epoch_end[0] Log",
        "uses 'train_acc', which no op has made",
    ),
    "announce: unknown name": (
        lambda: evolve(C, loop=evolve(C.loop, announce=(ops.Log("{train_acc}"),))),
        "on_epoch_end[0] Log",
        "uses 'train_acc', which no op has made",
    ),
    "closing: unknown name": (
        lambda: evolve(C, loop=evolve(C.loop, closing=(ops.Log("{loss}"),))),
        "on_epoch_end[0] Log",
        "uses 'loss', which no op has made",
    ),
    "step: an optimizer called as a model": (
        _step(ops.Call("o", model="optimizer", x="x"), *C.step),
        "step[0] Call",
        "uses 'optimizer' as model, but it is optimizer",
    ),
    "step: a model as a tensor": (
        _step(ops.Call("o", model="model", x="model"), *C.step),
        "step[0] Call",
        "uses 'model' as tensor, but it is model",
    ),
    "step: a loss function as a loss": (
        _step(ops.AddTracked("o", loss="loss_fn", model="model"), *C.step),
        "step[0] AddTracked",
        "uses 'loss_fn' as tensor, but it is loss function",
    ),
    "on_epoch_end: arrays as a dataset": (
        _end(ops.Validate("val", batch=("x_val", "y_val"))),
        "on_epoch_end[6] Validate",
        "uses 'val' as dataset, but it is arrays",
    ),
    "setup: made twice": (
        _setup(ops.MakeLoss("model", BinaryCrossentropy())),
        "setup[8] MakeLoss",
        "makes 'model', which exists already as model",
    ),
    "step: made twice": (
        _step(FORWARD, CALL, RETURN),
        "step[1] Call",
        "makes 'logits', which exists already as tensor",
    ),
    "step: made in the setup": (
        _step(ops.Draw("pool", ops.Normal(), shape=(1,)), *C.step),
        "step[0] Draw",
        "makes 'pool', which exists already as arrays",
    ),
    "step: a batch's name made again": (
        _step(ops.Draw("y", ops.Normal(), shape=(1,)), *C.step),
        "step[0] Draw",
        "makes 'y', which exists already as tensor",
    ),
    "on_epoch_end: read twice": (
        _end(ops.ReadMetric("val_acc", metric="accuracy")),
        "on_epoch_end[6] ReadMetric",
        "makes 'val_acc', which exists already as number",
    ),
    "setup: a step's op": (_setup(CALL), "setup[8] Call", "op = Call("),
    "step: a setup's op": (_step(C.setup[0], *C.step), "step[0] BuildModel", "op = BuildModel("),
    "step: a print": (_step(LOG, *C.step), "step[0] Log", "op = Log("),
    "scope: a metric's reading": (
        _body(ops.ReadMetric("n", metric="accuracy")),
        "step[0.0] ReadMetric",
        "op = ReadMetric(",
    ),
    "evaluate: an update": (_evaluate(*C.step), "evaluate[0] GradScope", "op = GradScope("),
    "on_log: a metric's update": (_log(ACCURACY), "on_log[0] UpdateMetric", "op = UpdateMetric("),
    "on_epoch_end: a model's call": (_end(CALL), "on_epoch_end[6] Call", "op = Call("),
    "on_log: image file over an unknown number": (
        lambda: evolve(DRAWING, on_log=(ops.SaveImage("verdicts", file="{loss}.png"),)),
        "on_log[0] SaveImage",
        "file = '{loss}.png'",
    ),
    "on_log: sheet file over an unknown number": (
        lambda: evolve(DRAWING, on_log=(ops.Sheet("verdicts", file="{seconds}.png"),)),
        "on_log[0] Sheet",
        "file = '{seconds}.png'",
    ),
    "on_log: a time, which only epochs have": (
        _log(ops.Log("{seconds}")),
        "on_log[0] Log",
        "template = '{seconds}'",
    ),
    "on_epoch_end: a step's number": (
        _end(ops.Log("{step}")),
        "on_epoch_end[6] Log",
        "template = '{step}'",
    ),
    "a gradient of a loss computed outside its tape's scope": (
        lambda: evolve(
            C,
            step=(
                FORWARD,
                ops.Loss("outside", "loss_fn", "y", "logits"),
                evolve(GRADIENTS, loss="outside"),
                RETURN,
            ),
        ),
        "step Gradients 'grads'",
        "loss = 'outside'",
    ),
    "on_epoch_end: model file over an unknown number": (
        _end(ops.SaveModel("model", file="{val_acc}.keras")),
        "on_epoch_end[6] SaveModel",
        "file = '{val_acc}.keras'",
    ),
    "no Return": (_step(*C.step[:-1]), "step", "Return at positions [] of 4 ops"),
    "an empty step": (_step(), "step", "Return at positions [] of 0 ops"),
    "Return in the middle": (
        _step(FORWARD, RETURN, GRADIENTS),
        "step",
        "Return at positions [1] of 3 ops",
    ),
    "two Returns": (
        _step(FORWARD, RETURN, RETURN),
        "step",
        "Return at positions [1, 2] of 3 ops",
    ),
    "gradients after the update they miss": (
        _step(
            FORWARD,
            GRADIENTS,
            APPLY,
            ops.Gradients("late", tape="tape", loss="loss", model="model"),
            RETURN,
        ),
        "step Gradients 'late'",
        "differentiates with regard to 'model' after an update changed it",
    ),
    "evaluate that no Validate runs": (
        lambda: evolve(C, on_epoch_end=()),
        "evaluate",
        "evaluate has 2 ops, on_epoch_end has 0 Validate",
    ),
    "Validate without evaluate": (
        _evaluate(),
        "evaluate",
        "evaluate has 0 ops, on_epoch_end has 1 Validate",
    ),
    "unknown dataset": (
        lambda: evolve(C, loop=evolve(C.loop, dataset="training")),
        "loop.dataset",
        "dataset = 'training'",
    ),
    "arrays as the loop's dataset": (
        lambda: evolve(C, loop=evolve(C.loop, dataset="train")),
        "loop.dataset",
        "dataset = 'train'",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_scenario_that_cannot_run_is_refused_with_place_value_rule_and_remedy(
    case: str,
) -> None:
    build, place, what = REFUSED[case]
    with pytest.raises(SpecError) as caught:
        build()
    assert re.fullmatch(rf"toy/\w+: {re.escape(place)}", caught.value.where)
    assert what in caught.value.what
    assert caught.value.expected
    assert caught.value.remedy


def test_an_unknown_name_is_answered_with_the_names_of_its_kind() -> None:
    with pytest.raises(SpecError) as caught:
        _step(ops.Call("o", model="modell", x="x"), *C.step)()
    assert "a model made before this op; made so far: model" == caught.value.expected


def test_a_batch_without_labels_has_no_labels() -> None:
    with pytest.raises(SpecError, match="uses 'y', which no op has made"):
        evolve(C, loop=evolve(C.loop, batch=("x",)))


def test_a_step_may_update_one_model_and_then_differentiate_another_scope() -> None:
    second = ops.GradScope(
        ("tape2",),
        body=(
            ops.Call("logits2", model="model", x="x"),
            ops.Loss("loss2", loss="loss_fn", target="y", prediction="logits2"),
        ),
    )
    again = (
        ops.Gradients("grads2", tape="tape2", loss="loss2", model="model"),
        ops.Apply("optimizer", gradients="grads2", model="model"),
        ops.UpdateMetric("accuracy", target="y", prediction="logits2"),
        ops.Return(("loss", "loss2")),
    )
    accepted = evolve(C, step=(FORWARD, GRADIENTS, APPLY, second, *again))
    assert ("loss", "loss2") == accepted.returned.losses


def test_a_continuing_scenario_uses_what_the_earlier_one_made() -> None:
    assert set(CONTINUED.setup_names) < set(CLASSIFIER.setup_names)
    names = tuple(name for name in CONTINUED.setup_names if name != "accuracy")
    with pytest.raises(SpecError, match="uses 'accuracy', which no op has made"):
        evolve(CONTINUED, setup=(ops.Continue(CLASSIFIER, names=names),))
