"""Each known repair, by the message that calls for it."""

from __future__ import annotations

import pytest

from core.documents.repair import edited, repair_for
from core.sandbox.guest.events import CellError
from tests.core.sandbox.host.small_documents import cells

UNSUPPORTED = "The following argument(s) are not supported: ['signatures', 'options']"
EXTENSION = "Invalid filepath extension for saving. Please add either a `.keras` extension"


@pytest.mark.parametrize(
    ("message", "source", "expected"),
    [
        (
            "'Mean' object has no attribute 'reset_states'",
            "m.reset_states(); n . reset_states()",
            "m.reset_state(); n . reset_state()",
        ),
        (
            "'Mean' object has no attribute 'reset_state'",
            "m.reset_state()",
            "m.reset_states()",
        ),
        (
            "'Adam' object has no attribute 'apply'",
            "optimizer.apply(grads, model.weights)\nframe.apply(f, g)",
            "optimizer.apply_gradients(zip(grads, model.weights))\nframe.apply(f, g)",
        ),
        (
            "'Adam' object has no attribute 'apply_gradients'",
            "opt.apply_gradients(zip(grads, model.weights))",
            "opt.apply(grads, model.weights)",
        ),
        (
            "Unrecognized keyword arguments passed to LeakyReLU: argument 'alpha'",
            "layers.LeakyReLU(alpha=0.2); layers.AlphaDropout(alpha=1)",
            "layers.LeakyReLU(negative_slope=0.2); layers.AlphaDropout(alpha=1)",
        ),
        (
            "__init__() got an unexpected keyword argument 'negative_slope'",
            "LeakyReLU(negative_slope=0.2)",
            "LeakyReLU(alpha=0.2)",
        ),
        (
            "Argument(s) not recognized: {'lr': 0.1}",
            "Adam(lr=0.1)",
            "Adam(learning_rate=0.1)",
        ),
        (
            UNSUPPORTED,
            "save_model(m, 'p', overwrite=True, save_format=None, signatures=None, options=None)",
            "save_model(m, 'p', overwrite=True)",
        ),
        (EXTENSION, "model.save(f'runs/{epoch}.model')", "model.save(f'runs/{epoch}.keras')"),
        (EXTENSION, "save_model(m, 'folder/')", "save_model(m, 'folder.keras')"),
        (EXTENSION, "path = 'm'\nmodel.save(path)", "path = 'm.keras'\nmodel.save(path)"),
        (EXTENSION, "model.save('m.keras')\nother.save('n')", None),
    ],
)
def test_a_repair(message: str, source: str, expected: str | None) -> None:
    before = cells(source)
    repair = repair_for(before, CellError("Error", message, 1, 1))
    assert repair is not None
    (after,) = edited(before, repair.edits)
    wanted = "model.save('m.keras')\nother.save('n.keras')" if expected is None else expected
    assert wanted == after.source


@pytest.mark.parametrize(
    "message",
    [
        "name 'x' is not defined",
        "'Mean' object has no attribute 'colour'",
        "'Adam' object has no attribute 'apply'",
    ],
)
def test_nothing_is_repaired_that_is_not_known(message: str) -> None:
    before = cells("print(x)")
    assert repair_for(before, CellError("Error", message, 1, 1)) is None


def test_a_repair_reaches_every_cell() -> None:
    before = cells("m.reset_states()", "x = 1", "def f():\n    n.reset_states()")
    error = CellError("AttributeError", "", 1, 1, missing="reset_states")
    repair = repair_for(before, error)
    assert repair is not None
    assert {0, 2} == {edit.cell for edit in repair.edits}


def test_a_call_over_several_rows_keeps_its_rows() -> None:
    source = "save_model(\n  m,\n  'p',\n  options=None\n)\nlast = 1"
    (before,) = cells(source)
    repair = repair_for((before,), CellError("ValueError", UNSUPPORTED, 1, 1))
    assert repair is not None
    (after,) = edited((before,), repair.edits)
    assert "save_model(\n  m,\n  'p'\n\n)\nlast = 1" == after.source
