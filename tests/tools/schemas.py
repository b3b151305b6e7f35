"""The schemas of the JSON documents, and a check that tolerates no field they do not describe."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from tests.conftest import REPOSITORY

FOLDER = REPOSITORY / "tools" / "cli" / "schemas"
# What a whole document is made of: its fields stand beside those of the other parts.
_PARTS = {"head", "wrong_use", "run", "document"}


def schema(name: str) -> dict[str, object]:
    """A schema by its file's name without the suffix."""
    found = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def _closed(part: object, *, mixed: bool) -> object:
    """A schema in which no object has a field that is not described."""
    if isinstance(part, list):
        return [_closed(item, mixed=False) for item in part]
    if not isinstance(part, dict):
        return part
    found: dict[object, object] = {}
    for key, value in part.items():
        if key in {"properties", "$defs"} and isinstance(value, dict):
            parts = _PARTS if key == "$defs" else set()
            found[key] = {n: _closed(v, mixed=n in parts) for n, v in value.items()}
        else:
            found[key] = _closed(value, mixed=False)
    if "properties" in part and not mixed:
        found["unevaluatedProperties"] = False
    return found


@cache
def validator(name: str) -> Draft202012Validator:
    """Checks documents of a verb, without tolerance for fields that are not described."""
    common = DRAFT202012.create_resource(_closed(schema("common"), mixed=False))
    whole = schema(name)
    alternatives = whole.get("anyOf", [])
    assert isinstance(alternatives, list)
    # The fields of an alternative stand beside those of the head: only the whole is closed.
    opened = [{key: _opened(key, value) for key, value in one.items()} for one in alternatives]
    strict = {**whole, **({"anyOf": opened} if opened else {}), "unevaluatedProperties": False}
    registry: Registry[object] = Registry().with_resource("common.json", common)
    return Draft202012Validator(strict, registry=registry)


def _opened(key: str, value: object) -> object:
    if key == "properties" and isinstance(value, dict):
        return {name: _closed(part, mixed=False) for name, part in value.items()}
    return value


def problems(document: Mapping[str, object]) -> list[str]:
    """What of a document its verb's schema does not say; empty where all is well.

    Args:
        document: what a verb printed under `--json`.
    """
    verb = str(document.get("verb"))
    name = verb if (FOLDER / f"{verb}.json").exists() else "error"
    return [
        f"{name}: {'.'.join(map(str, error.absolute_path))}: {error.message[-300:]}"
        for outer in validator(name).iter_errors(document)
        for error in (outer, *(outer.context or ()))
    ]


def files() -> list[Path]:
    """The schemas' files."""
    return sorted(FOLDER.glob("*.json"))
