"""Golden files: one JSON document per key, written atomically, read strictly."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from core.check.golden.golden import Golden, Key
from core.check.golden.horizon import Horizon, Sample
from core.errors import GoldenError, UsageError
from core.storage import os_errors_as, write_atomically
from core.trace.decoding import strict_converter, structured, trace_from
from core.trace.encoding import Json, plain

FORMAT = 2
_HEAD = ("reason", "recorded", "command", "version")
_REMEDY = "restore the file from version control, or run `parity record` with a reason"


def dumps(golden: Golden) -> str:
    """The file's text: one field per line, so that a difference reads well."""
    document: dict[str, Json] = {"format": FORMAT}
    for name in (*_HEAD, "horizon", "trace"):
        document[name] = plain(getattr(golden, name))
    return dump_lines(document)


def dump_lines(value: Json) -> str:
    """JSON text with one field per line and lists of numbers on one line."""
    return _lines(value, 0) + "\n"


def _lines(value: Json, depth: int) -> str:
    """JSON with objects spread over lines and lists of plain numbers on one line."""
    pad = " " * (depth + 1)
    if isinstance(value, Mapping) and value:
        inner = (f"{pad}{json.dumps(k)}: {_lines(v, depth + 1)}" for k, v in value.items())
        return "{\n" + ",\n".join(inner) + "\n" + " " * depth + "}"
    if isinstance(value, Sequence) and not isinstance(value, str) and value:
        if isinstance(value[0], Mapping):
            inner = (f"{pad}{json.dumps(item, ensure_ascii=False)}" for item in value)
            return "[\n" + ",\n".join(inner) + "\n" + " " * depth + "]"
        return json.dumps(value, ensure_ascii=False)
    return json.dumps(value, ensure_ascii=False)


def loads(text: str, where: str) -> Golden:
    """A golden from a file's text.

    Raises:
        GoldenError: not JSON, another format number, or a field missing, unknown or mistyped.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise GoldenError(
            f"not a JSON document ({error})",
            where=where,
            expected="one JSON document; this one is damaged or truncated",
            remedy=_REMEDY,
        ) from error
    found = document.get("format") if isinstance(document, dict) else document
    if not isinstance(document, dict) or type(found) is not int or found != FORMAT:
        raise GoldenError(
            f"format = {found!r}",
            where=where,
            expected=f"format {FORMAT}, the one this version reads",
            remedy="use the version of Loop Parity that wrote it, or record it again",
        )
    try:
        return _golden({name: value for name, value in document.items() if name != "format"})
    except ValueError as error:
        raise GoldenError(
            str(error), where=where, expected="the fields of a golden", remedy=_REMEDY
        ) from error


def _golden(fields: Mapping[str, object]) -> Golden:
    """A golden from its fields, strictly; ValueError says which one is wrong."""
    known = (*_HEAD, "horizon", "trace")
    unknown = sorted(fields.keys() - {*known})
    missing = [name for name in known if name not in fields]
    if unknown or missing:
        raise ValueError(f"unknown fields {unknown}, missing fields {missing}")
    head: dict[str, str] = {}
    for name in _HEAD:
        value = fields[name]
        if not isinstance(value, str):
            raise ValueError(f"{name} = {value!r} is no text")
        head[name] = value
    held = fields["horizon"]
    horizon = None if held is None else horizon_from(held)
    return Golden(trace_from(fields["trace"]), **head, horizon=horizon)


_CONVERTER = strict_converter(Sample, Horizon)


def horizon_from(value: object) -> Horizon:
    """A horizon from JSON values.

    Raises:
        ValueError: what is missing, unknown or of the wrong type, with its place.
    """
    return structured(_CONVERTER, value, Horizon)


class Store:
    """A folder of goldens."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, key: Key) -> Path:
        """The file of a key."""
        return self.root / key.file

    def read(self, key: Key) -> Golden | None:
        """The golden of a key, None where there is none.

        Raises:
            GoldenError: the file cannot be read, or holds the golden of another key.
        """
        path = self.path(key)
        where = str(key.file)
        expected = "a readable UTF-8 file"
        with os_errors_as(
            GoldenError, "cannot be read", where=where, expected=expected, remedy=_REMEDY
        ):
            try:
                text = path.read_text(encoding="utf-8")
            except FileNotFoundError:
                return None
        golden = loads(text, where)
        if golden.key != key:
            raise GoldenError(
                f"holds the golden of {golden.key.file}",
                where=where,
                expected="each golden under its own key",
                remedy=_REMEDY,
            )
        return golden

    def write(self, golden: Golden) -> Path:
        """Writes a golden: a reader sees the old file or the new one, never half of one.

        Raises:
            UsageError: the folder cannot be written.
        """
        path = self.path(golden.key)
        with os_errors_as(
            UsageError,
            where=path,
            expected="a folder this user may write",
            remedy="make the golden folder writable, or name another with --scenarios",
        ):
            write_atomically(path, dumps(golden))
        return path

    def all_keys(self) -> Iterator[Key]:
        """The keys of all files in the folder, whether or not they can be read."""
        for path in sorted(self.root.glob("*/*/*.json")):
            parts = path.name.removesuffix(".json").split(".")
            if len(parts) == 4:
                yield Key(path.parent.parent.name, path.parent.name, *parts)
