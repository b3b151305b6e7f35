"""Pins from files: requirements files, pip freezes, and lock files in TOML."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from attrs import frozen
from packaging.requirements import InvalidRequirement, Requirement

from core.errors import UsageError
from core.storage import os_errors_as

_COMMENT = re.compile(r"(^|\s)#.*$")
_PYTHON = re.compile(r"python(?:[-_ ]version)?\s*[=:]*\s*(3\.\d+)", re.IGNORECASE)
_INCLUDES = ("-r", "--requirement", "-c", "--constraint")
_EXPECTED = "a requirements file, a lock or the output of `pip freeze`"
_REMEDY = "check the path; `pip freeze > FILE` writes such a file"
_LARGEST = 4 << 20  # bytes; a freeze of a thousand packages has 30,000


@frozen
class Pins:
    """What a file pins.

    Attributes:
        pins: requirements, in the file's order.
        python: the interpreter that the file says it is for, empty where it says none.
        notes: lines that cannot be taken along.
    """

    pins: tuple[Requirement, ...]
    python: str = ""
    notes: tuple[str, ...] = ()


def read_pins(path: Path) -> Pins:
    """Reads a requirements file, a pip freeze, or a lock (`pylock.toml`, `uv.lock`, `poetry.lock`).

    Raises:
        UsageError: a file that cannot be read or is none of these.
    """
    text = _text(path)
    if path.suffix in {".toml", ".lock"}:
        try:
            return _locked(tomllib.loads(text), path)
        except tomllib.TOMLDecodeError as error:
            if path.suffix == ".toml":
                raise _unusable(path, f"is no TOML ({error})") from error
    return _listed(text, path, seen=(path.resolve(),))


def _text(path: Path) -> str:
    with os_errors_as(
        UsageError,
        "the file cannot be read",
        where=f"SPEC @{path}",
        expected=_EXPECTED,
        remedy=_REMEDY,
    ):
        if path.stat().st_size > _LARGEST:
            raise _unusable(path, f"has {path.stat().st_size:,} bytes")
        return path.read_text(encoding="utf-8-sig")


def _unusable(path: Path, what: str) -> UsageError:
    return UsageError(f"the file {what}", where=f"SPEC @{path}", expected=_EXPECTED, remedy=_REMEDY)


def _locked(document: Mapping[str, object], path: Path) -> Pins:
    packages = document.get("packages", document.get("package"))
    if not isinstance(packages, list):
        raise _unusable(path, "lists no packages")
    pins = []
    for package in packages:
        if isinstance(package, dict) and "version" in package:
            pins.append(Requirement(f"{package['name']}=={package['version']}"))
    wanted = _PYTHON.search(f"python {document.get('requires-python', '')}".replace(">", ""))
    return Pins(tuple(pins), wanted.group(1) if wanted else "")


def _listed(text: str, path: Path, seen: tuple[Path, ...]) -> Pins:
    pins: list[Requirement] = []
    notes: list[str] = []
    python = _PYTHON.search("\n".join(x for x in text.splitlines() if x.lstrip().startswith("#")))
    for line in _logical(text):
        word, _, rest = line.partition(" ")
        if word.partition("=")[0] in _INCLUDES:
            other = (path.parent / (rest or word.partition("=")[2]).strip()).resolve()
            if other not in seen:
                found = _listed(_text(other), other, (*seen, other))
                pins += found.pins
                notes += found.notes
            continue
        if word.startswith("-"):
            if word in {"-e", "--editable"}:
                notes.append(f"{path}: left out {line!r}: not a release")
            continue  # options of the file's own installer
        try:
            pins.append(Requirement(re.split(r"\s+--hash", line)[0].strip()))
        except InvalidRequirement as error:
            raise _unusable(path, f"has a line that is no requirement: {line!r}") from error
    kept = [pin for pin in pins if not (pin.url or "").startswith("file:")]
    notes += [f"{path}: left out {p.name}: built on another machine" for p in pins if p not in kept]
    return Pins(tuple(kept), python.group(1) if python else "", tuple(notes))


def _logical(text: str) -> list[str]:
    """Lines without comments, continued ones joined."""
    joined = re.sub(r"\\\s*\n", " ", text)
    return [x for x in (_COMMENT.sub("", line).strip() for line in joined.splitlines()) if x]
