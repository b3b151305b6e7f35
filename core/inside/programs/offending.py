"""Which key of a saved configuration keeps this Keras from reading it.

Found by trying: the configuration without one key of one class, keys that the message names first.
A key counts when, without it, the file loads, or when the message changes to one about something
else, which is then looked into in turn.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .configs import Fields, keys, read_config, without, write_config
from .loaded import short

_ROUNDS = 5
_MOST = 120  # tries in one round
_NEVER = {"class_name", "config", "layers", "input_layers", "output_layers", "inbound_nodes"}


def offending(
    path: Path, error: str, load: Callable[[Path], object], scratch: Path
) -> tuple[list[str], object, str]:
    """The keys without which a file loads.

    Args:
        path: the file.
        error: what loading it says.
        load: loads a file.
        scratch: a folder to write copies in.

    Returns:
        `Class.key` for each key that had to go, the model (None where none helped), and what the
        last try said.
    """
    config = read_config(path)
    gone: list[str] = []
    for _ in range(_ROUNDS):
        step = _one(path, config, error, load, scratch)
        if step is None:
            return gone, None, error
        name, config, model, error = step
        gone.append(name)
        if model is not None:
            return gone, model, ""
    return gone, None, error


def _one(
    path: Path, config: Fields, error: str, load: Callable[[Path], object], scratch: Path
) -> tuple[str, Fields, object, str] | None:
    """The first key that helps; else the first whose loss changes the message."""
    found = dict.fromkeys(pair for pair in keys(config) if pair[1] not in _NEVER)
    ranked = sorted(found, key=lambda pair: (f"'{pair[1]}'" not in error, pair[1] not in error))
    other: tuple[str, Fields, object, str] | None = None
    for cls, key in ranked[:_MOST]:
        tried = without(config, cls, key)
        assert isinstance(tried, dict)
        copy = scratch / f"tried{path.suffix}"
        write_config(path, copy, tried)
        name = f"{cls}.{key}"
        try:
            return name, tried, load(copy), ""
        except Exception as raised:  # noqa: BLE001 - any message is an answer here
            said = short(raised)
        if other is None and f"'{key}'" in error and f"'{key}'" not in said:
            other = name, tried, None, said
    return other
