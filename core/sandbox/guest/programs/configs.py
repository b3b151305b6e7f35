"""The configuration inside a saved model: read, and written without some of its keys."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

CONFIG = "config.json"
TRAINING = "training_config"
REFERENCES = ("input_layers", "output_layers")
Fields = dict[str, object]


class _File(Protocol):
    attrs: dict[str, object]


@contextmanager
def _hdf5(path: Path, mode: str) -> Iterator[_File]:
    with cast(AbstractContextManager[_File], import_module("h5py").File(path, mode)) as file:
        yield file


def read_config(path: Path) -> Fields:
    """The configuration of a `.keras` or `.h5` file; empty where it holds none.

    What an `.h5` file says of training beside its model stands under `training_config`.
    """
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                return _fields(archive.read(CONFIG))
        with _hdf5(path, "r") as file:
            found = _fields(file.attrs.get("model_config"))
            training = _fields(file.attrs.get(TRAINING))
    except (OSError, KeyError):
        return {}
    return found | {TRAINING: training} if found and training else found


def _fields(text: object) -> Fields:
    found = json.loads(text) if isinstance(text, str | bytes) else {}
    return found if isinstance(found, dict) else {}


def write_config(source: Path, target: Path, config: Fields) -> None:
    """A copy of a saved model with another configuration."""
    if not zipfile.is_zipfile(source):
        shutil.copyfile(source, target)
        model = {key: value for key, value in config.items() if key != TRAINING}
        with _hdf5(target, "a") as file:
            file.attrs["model_config"] = json.dumps(model)
            file.attrs.pop(TRAINING, None)
            if TRAINING in config:
                file.attrs[TRAINING] = json.dumps(config[TRAINING])
        return
    text = json.dumps(config)
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for item in old.infolist():
            new.writestr(item, text if item.filename == CONFIG else old.read(item.filename))


def flat_references(config: object) -> Iterator[tuple[str, str]]:
    """The (class, key) pairs that name a model's one input or output without a list around it."""
    for name, key, value in _entries(config):
        if key in REFERENCES and _flat(value):
            yield name, key


def listed_references(config: object) -> object:
    """The configuration with a list around each of those, as every Keras reads them."""
    if isinstance(config, list):
        return [listed_references(item) for item in config]
    if not isinstance(config, dict):
        return config
    return {
        key: [value] if key in REFERENCES and _flat(value) else listed_references(value)
        for key, value in config.items()
    }


def _flat(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], str)


def keys(config: object) -> Iterator[tuple[str, str]]:
    """Every (class, key) of a configuration, without repeats within one object."""
    for name, key, _ in _entries(config):
        yield name, key


def _entries(config: object, owner: str = "model") -> Iterator[tuple[str, str, object]]:
    """Every class, key and value; what stands under `config` belongs to the class beside it."""
    if isinstance(config, list):
        for item in config:
            yield from _entries(item, owner)
    if not isinstance(config, dict):
        return
    name = str(config.get("class_name", owner))
    for key, value in config.items():
        if key == "config" and isinstance(value, dict):
            yield from ((name, inside, held) for inside, held in value.items())
            for held in value.values():
                yield from _entries(held, name)
        else:
            if key != "config":
                yield name, key, value
            yield from _entries(value, name)


def without(config: object, cls: str, key: str, owner: str = "model") -> object:
    """The configuration without a key of a class, wherever it stands."""
    if isinstance(config, list):
        return [without(item, cls, key, owner) for item in config]
    if not isinstance(config, dict):
        return config
    name = str(config.get("class_name", owner))
    kept: Fields = {}
    for field, value in config.items():
        if name == cls and field == key and field not in ("class_name", "config"):
            continue
        if field == "config" and isinstance(value, dict):
            kept[field] = {
                inside: without(held, cls, key, name)
                for inside, held in value.items()
                if not (name == cls and inside == key)
            }
        else:
            kept[field] = without(value, cls, key, name)
    return kept
