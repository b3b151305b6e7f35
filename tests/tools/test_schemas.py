"""Every document of `--json` has a schema; what other tests of this folder print satisfies it."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from jsonschema import Draft202012Validator

from tests.tools.parity import parity
from tests.tools.schemas import files, problems, schema
from tools.cli.main import GROUPS, cli

WITH_JSON = [
    verb
    for verbs in GROUPS.values()
    for verb in verbs
    if (found := cli.get_command(click.Context(cli), verb)) is not None
    and any("--json" in parameter.opts for parameter in found.params)
]


def parts(value: object) -> Iterator[dict[str, object]]:
    """Every object inside a schema, itself included."""
    if isinstance(value, dict):
        yield value
    for item in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        yield from parts(item)


def test_every_verb_that_prints_a_document_has_a_schema_and_none_besides() -> None:
    assert {*WITH_JSON, "common", "error"} == {path.stem for path in files()}


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_it_is_a_schema_of_the_2020_draft(path: Path) -> None:
    Draft202012Validator.check_schema(schema(path.stem))


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_every_field_is_described_and_every_required_one_defined(path: Path) -> None:
    for part in parts(schema(path.stem)):
        fields = part.get("properties")
        if isinstance(fields, dict):
            bare = [n for n, f in fields.items() if not ({"description", "$ref", "const"} & set(f))]
            assert [] == bare
            required = part.get("required", [])
            assert isinstance(required, list)
            assert set() == set(required) - set(fields)


def test_a_list_of_scenarios_is_as_its_schema_says_and_nothing_less_or_more() -> None:
    document = dict(parity("list", "--json").document())
    assert [] == problems(document)
    assert problems({**document, "surprise": 1})
    assert problems({key: value for key, value in document.items() if key != "version"})
    changed = copy.deepcopy(document)
    scenarios = changed["scenarios"]
    assert isinstance(scenarios, list)
    scenarios[0]["backends"] = "tensorflow"
    assert problems(changed)


def test_the_ledger_of_defects_too() -> None:
    assert parity("list", "--defects", "--json").document()["defects"]


def test_the_stored_horizons_too() -> None:
    assert parity("horizon", "--stored", "keras_io_tf/gan", "--json").document()["horizons"]


def test_the_list_of_defects_to_plant_too() -> None:
    called = parity("sensitivity", "--list", "keras_io_tf/first_loop", "--sample", "2", "--json")
    assert called.document()["defects"]


@pytest.mark.parametrize("verb", WITH_JSON)
def test_a_wrong_use_is_a_document_too(verb: str) -> None:
    called = parity(verb, "--json", "--no-such-option")
    assert 2 == called.code
    error = called.document()["error"]
    assert isinstance(error, dict)
    assert ["what", "where", "expected", "remedy"] == list(error)


def test_numbers_that_json_cannot_say_are_words() -> None:
    number = Draft202012Validator(schema("common")["$defs"]["number"])  # type: ignore[index]
    assert [True, True, False] == [number.is_valid(v) for v in (1.5, json.loads('"nan"'), "one")]
