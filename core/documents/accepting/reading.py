"""Reads the file that names accepted findings.

    accept:
      - code: zero-steps
        document: "guides/*.md"
        section: speeding-up
        reason: the published figures were made this way; a new edition is under review
        expires: 2027-01-31

`code`, `document`, `reason` and `expires` have to be there; `line` or `section` narrow it down.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import yaml
from attrs import frozen

from core.errors import UsageError
from core.storage import os_errors_as

_NEEDED = ("code", "document", "reason", "expires")
_KNOWN = (*_NEEDED, "line", "section")
_REMEDY = "mend the file of accepted findings"
_SHAPE = "a mapping with the one key `accept`, a list of entries with " + ", ".join(_NEEDED)


@frozen
class Entry:
    """One accepted finding of some documents.

    Attributes:
        code: the finding's code.
        document: a pattern of paths, matched from the right: `guides/*.md`.
        reason: why it is accepted.
        expires: the last day on which it is.
        line: the document's line; None for any.
        section: a section's id or title; None for any.
        where: the file and line that say so.
    """

    code: str
    document: str
    reason: str
    expires: date
    line: int | None
    section: str | None
    where: str


def read_accept_file(path: Path) -> tuple[Entry, ...]:
    """Read the entries of a file.

    Raises:
        UsageError: the file cannot be read, or an entry breaks a rule; the error names its line.
    """
    try:
        with os_errors_as(
            UsageError, "cannot be read", where=path, expected="a YAML file", remedy=_REMEDY
        ):
            text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark is not None else str(path)
        problem = str(getattr(error, "problem", None) or error)
        raise _wrong(where, f"is no YAML: {problem}", "a YAML file") from None
    if node is None:
        return ()
    entries = content.get("accept") if isinstance(content, dict) else None
    if not isinstance(content, dict) or set(content) != {"accept"} or not isinstance(entries, list):
        raise _wrong(str(path), "has another shape", _SHAPE)
    lines = _lines(node)
    return tuple(
        _entry(entry, f"{path}:{line}") for entry, line in zip(entries, lines, strict=True)
    )


def _lines(node: yaml.Node) -> list[int]:
    """The line of each entry."""
    assert isinstance(node, yaml.MappingNode)
    (_, sequence) = node.value[0]
    return [item.start_mark.line + 1 for item in sequence.value]


def _entry(entry: object, where: str) -> Entry:
    if not isinstance(entry, Mapping):
        raise _wrong(where, f"{entry!r} is no entry", "a mapping with " + ", ".join(_NEEDED))
    missing = [name for name in _NEEDED if entry.get(name) in (None, "")]
    if missing:
        raise _wrong(
            where, f"{', '.join(missing)} missing", "every entry has " + ", ".join(_NEEDED)
        )
    unknown = [str(name) for name in entry if name not in _KNOWN]
    if unknown:
        raise _wrong(where, f"unknown field {', '.join(unknown)}", "one of " + ", ".join(_KNOWN))
    line, section = entry.get("line"), entry.get("section")
    if line is not None and (not isinstance(line, int) or isinstance(line, bool) or line < 1):
        raise _wrong(where, f"line {line!r}", "a line of the document, from 1")
    return Entry(
        code=_text(entry, "code", where),
        document=_text(entry, "document", where),
        reason=_text(entry, "reason", where),
        expires=_day(entry["expires"], where),
        line=line,
        section=None if section is None else _text(entry, "section", where),
        where=where,
    )


def _text(entry: Mapping[object, object], name: str, where: str) -> str:
    value = entry[name]
    if not isinstance(value, str) or not value.strip():
        raise _wrong(where, f"{name} {value!r}", "a text that is not empty")
    return value.strip()


def _day(value: object, where: str) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise _wrong(where, f"expires {str(value)!r}", "a day such as 2027-01-31") from None


def _wrong(where: str, what: str, expected: str) -> UsageError:
    return UsageError(what, where=where, expected=expected, remedy=_REMEDY)
