"""Reads the site's texts: TOML files, English and Chinese side by side.

A text is `name.en = "…"` and `name.zh = "…"`, or one string where both languages say the same.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from importlib import resources
from typing import TypeVar

import attrs
from cattrs import Converter, transform_error

from core.errors import SpecError
from core.site.texts import Text, same

T = TypeVar("T")
FOLDER = resources.files("core.site.words")
_CONVERTER = Converter(forbid_extra_keys=True)


def _text(value: object, _: type[Text]) -> Text:
    if isinstance(value, str):
        return same(value)
    if not isinstance(value, dict) or value.keys() != {"en", "zh"}:
        raise ValueError("a text has an English and a Chinese half")
    return Text(value["en"], value["zh"])


_CONVERTER.register_structure_hook(Text, _text)


def load(file: str, kind: type[T]) -> T:
    """What a file of texts holds.

    Args:
        file: its path below `core/site/words`.
        kind: a frozen class, or a mapping to one.

    Raises:
        SpecError: a text that is missing, empty or not known, or lacks one of the languages.
    """
    return _structured(file, _read(file), kind)


def table(file: str, kind: type[T], keys: Collection[str] | None = None) -> Mapping[str, T]:
    """A file of texts with one entry for each key, in the file's order.

    Args:
        file: its path below `core/site/words`.
        kind: what an entry holds; its field `key`, where it has one, is the entry's own key.
        keys: what must have an entry, and nothing else may; None leaves it to the file.

    Raises:
        SpecError: as `load`; also an entry too many or too few.
    """
    entries = _read(file)
    if keys is not None and entries.keys() != set(keys):
        odd = ", ".join(sorted(entries.keys() ^ set(keys)))
        raise _error(file, f"missing, or without a use: {odd}")
    if attrs.has(kind) and hasattr(attrs.fields(kind), "key"):
        entries = {key: {"key": key, **_mapping(value)} for key, value in entries.items()}
    return {key: _structured(file, value, kind) for key, value in entries.items()}


def _read(file: str) -> Mapping[str, object]:
    text = FOLDER.joinpath(file).read_text(encoding="utf-8")
    return _mapping(tomllib.loads(text))


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _structured(file: str, value: object, kind: type[T]) -> T:
    try:
        return _CONVERTER.structure(value, kind)
    except Exception as error:  # cattrs raises groups of whatever its classes raise
        raise _error(file, "; ".join(transform_error(error))) from error


def _error(file: str, what: str) -> SpecError:
    return SpecError(
        what,
        where=f"core/site/words/{file}",
        expected="every text in English and Chinese, and none that nothing shows",
        remedy="complete the file",
    )
