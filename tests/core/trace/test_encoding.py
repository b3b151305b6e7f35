"""Traces as JSON values."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping

import attrs
import pytest
from attrs import evolve
from hypothesis import given

from core.trace import LogLine, Trace
from core.trace.decoding import trace_from
from core.trace.encoding import plain, public_trace
from tests.example_traces import TRACE, any_numbers, traces


@given(traces())
def test_a_trace_comes_back_from_json_as_it_went(trace: Trace) -> None:
    assert trace == trace_from(json.loads(json.dumps(plain(trace))))


@given(traces(any_numbers))
def test_what_is_written_is_json_without_extensions_whatever_the_numbers(trace: Trace) -> None:
    text = json.dumps(plain(trace), allow_nan=False)
    assert plain(trace) == plain(trace_from(json.loads(text)))


@pytest.mark.parametrize(
    ("number", "word"), [(math.nan, "nan"), (math.inf, "inf"), (-math.inf, "-inf")]
)
def test_numbers_that_json_lacks_are_words(number: float, word: str) -> None:
    trace = evolve(TRACE, losses={"loss": (1.0, number)})
    encoded = plain(trace)
    assert isinstance(encoded, Mapping)
    assert {"loss": [1.0, word]} == encoded["losses"]
    back = trace_from(encoded).losses["loss"][1]
    assert repr(number) == repr(back)


def test_numbers_are_written_unrounded() -> None:
    third = 1 / 3
    trace = evolve(TRACE, losses={"loss": (third, 5e-324, 0.1 + 0.2)})
    back = trace_from(json.loads(json.dumps(plain(trace))))
    assert (third, 5e-324, 0.1 + 0.2) == back.losses["loss"]


@pytest.mark.parametrize("value", [{1, 2}, object(), 1j])
def test_a_value_that_json_cannot_hold_is_refused_by_its_type(value: object) -> None:
    with pytest.raises(TypeError, match=f"{type(value).__name__} is no JSON value"):
        plain({"deep": [value]})


def test_the_public_trace_prints_its_log_and_leaves_out_what_the_document_says_elsewhere() -> None:
    shown = public_trace(TRACE)
    assert [line.text for line in TRACE.log] == shown["log"]
    left_out = {"scenario", "backend", "seed", "data_name", "data_sha256", "environment"}
    assert {each.name for each in attrs.fields(Trace)} - left_out == shown.keys()


@dataclasses.dataclass(frozen=True)
class Seen:
    """As the guest's events are."""

    line: int
    trace: tuple[str, ...] = ()


def test_a_dataclass_is_written_as_an_attrs_value_is() -> None:
    assert {"line": 2, "trace": ["a"]} == plain(Seen(2, ("a",)))


def test_a_flag_stays_a_flag() -> None:
    encoded = plain(LogLine("x", timed=True))
    assert {"text": "x", "timed": True} == encoded
