from __future__ import annotations

import json
import math

import pytest

from core.sandbox.guest import events
from core.sandbox.guest.events import (
    CellError,
    CellResult,
    CellStatus,
    Cut,
    Epoch,
    Event,
    Exited,
    LayerSeen,
    Line,
    MalformedEventError,
    ModelSeen,
    Started,
    Updates,
    decoded,
    encoded,
)

TWO = LayerSeen("b", "Two", ((1,), (2,)), 0, "relu")
LINE = Line(0, None, "stdout", 'a "quoted"\nline', 3, after_cut=False)


@pytest.mark.parametrize(
    "event",
    [
        LINE,
        Updates(1, 9, "adam-1", None, 2, (1, 2), ((0.5,), (None, 0.25))),
        ModelSeen(
            0, "model-1", "m", "Sequential", True, 5, 4,
            (LayerSeen("a", "Dense", (None, 2), 5, None), TWO),
        ),
        Epoch(0, 3, "model-1", 0, {"loss": 0.5, "both": (0.1, None), "none": None}, 4, 1.5, False),
        CellResult(
            2, 7, CellStatus.CASCADE, 0.5, CellError("KeyError", "x", 8, 7, "x", ("d.md:8",)), 1,
            Cut("fit", 8, 40, None, "steps"), "note", 3, 4, 5,
        ),
        Started("3.11.7", None, {"numpy": "2.0"}, 1.0, ("jax cannot be imported",)),
        Exited(-11, 0),
    ],
    ids=lambda event: event.event,
)  # fmt: skip
def test_an_event_is_the_same_on_both_sides(event: Event) -> None:
    line = encoded(event)
    assert "\n" not in line
    assert event == decoded(line) == decoded(line.encode())


def test_every_kind_has_a_name_of_its_own() -> None:
    kinds = [kind for name in events.__all__ if hasattr(kind := getattr(events, name), "event")]
    names = [kind.event for kind in kinds]
    assert 30 <= len(names) == len(set(names))


def test_numbers_that_are_not_finite_travel_too() -> None:
    event = decoded(encoded(Updates(0, 1, "o", None, None, (1,), ((math.nan,), (math.inf,)))))
    assert isinstance(event, Updates)
    assert math.isnan(event.losses[0][0] or 0.0)
    assert math.inf == event.losses[1][0]


def test_a_field_with_a_default_may_be_left_out_and_no_other() -> None:
    told = {"event": "cell-end", "index": 0, "line": 1, "status": "ok"}
    assert CellResult(0, 1, CellStatus.OK) == decoded(json.dumps(told))
    del told["status"]
    with pytest.raises(MalformedEventError, match="cell-end without status"):
        decoded(json.dumps(told))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"event": "cell"}, "no event is called 'cell'"),
        ({"event": ["line"]}, "no event is called a list"),
        ({"event": None}, "no event is called None"),
        ({"more": 1}, "line has no more"),
        ({"cell": "0"}, "line.cell: expected int, found '0'"),
        ({"cell": True}, "line.cell: expected int, found True"),
        ({"cell": 0.0}, "line.cell: expected int, found 0.0"),
        ({"cell": None}, "line.cell: expected int, found None"),
        ({"line": "7"}, "line.line: expected int or NoneType, found '7'"),
        ({"text": {"a": 1}}, "line.text: expected str, found an object"),
        ({"after_cut": 1}, "line.after_cut: expected bool, found 1"),
    ],
)
def test_what_an_event_does_not_declare_is_refused(change: dict[str, object], why: str) -> None:
    told = json.loads(encoded(LINE)) | change
    with pytest.raises(MalformedEventError) as raised:
        decoded(json.dumps(told))
    assert why == str(raised.value)


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("updates", "losses", [[0.5], 0.5]),
        ("updates", "losses", [["0.5"]]),
        ("updates", "steps", {"0": 1}),
        ("cell-end", "status", "fine"),
        ("cell-end", "error", {"kind": "E", "message": "m", "line": 1}),
        ("cell-end", "seconds", 10**400),
        ("epoch", "logs", {"loss": "0.5"}),
        ("carried", "breaks", [[1, 2, 3]]),
    ],
)
def test_values_inside_a_field_are_checked_too(kind: str, field: str, value: object) -> None:
    whole: dict[str, dict[str, object]] = {
        "updates": {
            "cell": 0, "line": 1, "optimizer": "o", "function": None, "pass_number": None,
            "steps": [1], "losses": [[0.5]],
        },
        "cell-end": {"index": 0, "line": 1, "status": "ok"},
        "epoch": {
            "cell": 0, "line": 1, "model": "m", "epoch": 0, "logs": {}, "steps": 1, "seconds": 1,
            "cut": False,
        },
        "carried": {
            "cell": 0, "function": "f", "calls": 1, "outputs": 1, "always": 1, "never": 0,
            "breaks": [[1, None]], "stale": 0, "restarts": [],
        },
    }  # fmt: skip
    told = {"event": kind, **whole[kind]}
    assert kind == decoded(json.dumps(told)).event
    with pytest.raises(MalformedEventError, match=f"{kind}.{field}"):
        decoded(json.dumps(told | {field: value}))


@pytest.mark.parametrize(
    "line", [b"", b"{", b"\xff\xfe", b"1", b"[]", b"null", b"[" * 100_000, b"9" * 5_000]
)
def test_a_line_that_is_no_event_is_refused_however_it_is_broken(line: bytes) -> None:
    with pytest.raises(MalformedEventError):
        decoded(line)


def test_what_cannot_be_told_is_an_error_of_the_recorder() -> None:
    with pytest.raises(TypeError, match="cannot be told"):
        encoded(Started("3", None, {}, 1.0, (object(),)))  # type: ignore[arg-type]
