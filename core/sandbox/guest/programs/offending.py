"""Which key of a saved configuration keeps this Keras from reading it.

The message names it, or it is found by trying: the file without one key of one class. A key that a
message names counts when, without it, the file loads or another message comes, which is looked into
in turn; one that no message names counts only when the file loads without it. A model's one input
or output that stands there without a list around it, as newer releases write it, is given one.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from .configs import (
    Fields,
    flat_references,
    keys,
    listed_references,
    read_config,
    without,
    write_config,
)
from .loaded import shortened

_ROUNDS = 6
_MOST = 40  # tries where no message names a key
_NEVER = {"class_name", "config", "layers", "input_layers", "output_layers", "inbound_nodes"}
_NAMING = (
    re.compile(r"[Uu]nrecognized keyword arguments?[^:\[{]*:?\s*(?P<keys>\[[^\]]*\]|\{[^}]*\})"),
    re.compile(r"not recognized:?\s*(?P<keys>\[[^\]]*\]|\{[^}]*\})"),
    re.compile(r"unexpected keyword argument '(?P<keys>\w+)'"),
    re.compile(r"[Kk]eyword argument not understood:\s*'?(?P<keys>\w+)"),
    re.compile(r"because its parent (?P<keys>module) \S+ cannot be imported"),
)
_CLASSES = (
    re.compile(r"passed to (?P<name>\w+)"),
    re.compile(r"deserializing class '(?P<name>\w+)'"),
    re.compile(r"deserialize class '(?P<name>\w+)'"),
    re.compile(r"<class '[\w.]*\.(?P<name>\w+)'> could not be deserialized"),
    re.compile(r"(?P<name>\w+)\.__init__\(\)"),
)
Pair = tuple[str, str]
_HELPED: dict[Pair, None] = {}  # in this process: what helped one file helps the next


def named(error: str, config: Fields) -> list[Pair]:
    """The (class, key) pairs of a configuration that a message complains of."""
    held = dict.fromkeys(keys(config))
    classes = [found.group("name") for p in _CLASSES for found in p.finditer(error)]
    pairs: list[Pair] = []
    for key in _keys(error):
        owners = [cls for cls, name in held if name == key]
        told = [cls for cls in classes if cls in owners]
        pairs += [(cls, key) for cls in dict.fromkeys(told or owners)]
    return list(dict.fromkeys(pairs))


def _keys(error: str) -> Iterator[str]:
    for pattern in _NAMING:
        for found in pattern.finditer(error):
            text = found.group("keys")
            if text[0] not in "[{":
                yield text
                continue
            try:
                yield from (str(key) for key in ast.literal_eval(text))
            except (ValueError, SyntaxError):
                yield from re.findall(r"'(\w+)'", text)


def offending(
    path: Path, error: str, load: Callable[[Path], object], scratch: Path
) -> tuple[list[str], object, str]:
    """The keys that keep a file from loading.

    Args:
        path: the file.
        error: what loading it says, at full length.
        load: loads a file.
        scratch: a folder to write copies in.

    Returns:
        `Class.key` for each key, the model (None where it does not load without them), and what
        the last try said.
    """
    config = read_config(path)
    gone: list[Pair] = []

    def attempt(tried: Fields) -> tuple[object, str]:
        copy = scratch / f"tried{path.suffix}"
        write_config(path, copy, tried)
        try:
            return load(copy), ""
        except Exception as raised:  # noqa: BLE001 - any message is an answer here
            return None, str(raised)

    for _ in range(_ROUNDS):
        pairs = [pair for pair in named(error, config) if pair not in gone]
        tried = config
        for pair in pairs:
            tried = _less(tried, pair)
        if not pairs:
            pairs = list(dict.fromkeys(flat_references(config)))
            tried = _fields(listed_references(config))
        if not pairs:
            break
        model, said = attempt(tried)
        if model is None and said == error:
            break  # none of these was in the way
        config, error = tried, said
        gone += pairs
        if model is not None:
            return _told(gone), model, ""
    found = dict.fromkeys(pair for pair in keys(config) if pair[1] not in _NEVER)
    for pair in sorted(found, key=lambda pair: pair not in _HELPED)[:_MOST]:
        model, _ = attempt(_less(config, pair))
        if model is not None:
            _HELPED[pair] = None
            return _told([*gone, pair]), model, ""
    return _told(gone), None, shortened(error)


def _less(config: Fields, pair: Pair) -> Fields:
    return _fields(without(config, *pair))


def _fields(config: object) -> Fields:
    assert isinstance(config, dict)
    return config


def _told(pairs: list[Pair]) -> list[str]:
    return [f"{cls}.{key}" for cls, key in pairs]
