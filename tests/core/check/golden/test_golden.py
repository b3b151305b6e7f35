"""Goldens: what they are kept under."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve

from core.check.golden.golden import Key, key_of
from tests.core.spec.refusals import NOT_A_TEXT, assert_refused
from tests.example_traces import GOLDEN, TRACE

KEY = Key("toy", "first", "tensorflow", "controlled", "fused", "float32")


def test_a_golden_is_kept_under_what_its_trace_was_run_with() -> None:
    assert KEY == key_of(TRACE)
    assert KEY == GOLDEN.key
    assert "toy/first" == KEY.scenario
    assert Path("toy/first/tensorflow.controlled.fused.float32.json") == KEY.file


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("scenario", "toy/second"),
        ("scenario", "other/first"),
        ("backend", "jax"),
        ("randomness", "native"),
        ("execution", "graph"),
        ("precision", "float64"),
    ],
)
def test_each_part_of_a_key_has_a_file_of_its_own(field: str, value: str) -> None:
    other = {
        "scenario": evolve(TRACE, scenario=value),
        "backend": evolve(TRACE, backend=value),
        "randomness": evolve(TRACE, randomness=value),
        "execution": evolve(TRACE, execution=value),
        "precision": evolve(TRACE, precision=value),
    }[field]
    assert KEY != key_of(other)
    assert KEY.file != key_of(other).file


def test_a_variant_of_a_section_has_a_folder_of_its_own() -> None:
    variant = key_of(evolve(TRACE, scenario="toy/first~intended"))
    assert "first~intended" == variant.section
    assert Path("toy/first~intended") == variant.file.parent


def test_seed_and_data_are_no_part_of_the_key() -> None:
    assert KEY == key_of(evolve(TRACE, seed=9, data_name="mnist", data_sha256="00"))


@pytest.mark.parametrize("value", NOT_A_TEXT)
@pytest.mark.parametrize("field", ["reason", "recorded", "command", "version"])
def test_a_golden_says_in_words_how_it_was_recorded(field: str, value: object) -> None:
    assert_refused(GOLDEN, field, value)
