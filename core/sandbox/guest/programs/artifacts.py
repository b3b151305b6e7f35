"""Saved models: written here, and read here whoever wrote them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import cast

import numpy as np

from ..dynamic import Dynamic
from .inputs import Array
from .loaded import Loaded, short
from .models import MODELS, fill, given, predicted
from .offending import offending

FORMATS = (".keras", ".h5", ".weights.h5")
Answer = dict[str, object]


def write(at: Loaded, folder: Path) -> Answer:
    """Saves every model in every format, with the predictions it makes here."""
    found: Answer = {}
    for name, make in MODELS.items():
        model = make(at)
        fill(model)
        x = given(model)
        np.savez(folder / f"{name}.npz", x=x, y=predicted(at, model, x))
        for form in FORMATS:
            path = folder / f"{name}{form}"
            try:
                if form == ".weights.h5":
                    model.save_weights(str(path))
                else:
                    model.save(str(path))
                found[f"{name}{form}"] = ""
            except Exception as error:  # noqa: BLE001 - told, not hidden
                found[f"{name}{form}"] = short(error)
    return found


def read(at: Loaded, folder: Path) -> Answer:
    """Reads what another environment wrote: how far predictions lie apart, or why not."""
    found: Answer = {}
    for name, make in MODELS.items():
        held = np.load(folder / f"{name}.npz")
        for form in FORMATS:
            path = folder / f"{name}{form}"
            if path.exists():
                maker = make if form == ".weights.h5" else None
                found[f"{name}{form}"] = _read(at, path, held["x"], held["y"], maker)
    return found


def _read(
    at: Loaded,
    path: Path,
    x: Array,
    y: Array,
    make: Callable[[Loaded], Dynamic] | None,
) -> Answer:
    def load(file: Path) -> object:
        if make is None:
            return at.keras.models.load_model(str(file))
        model = make(at)
        model.load_weights(str(file))
        return model

    try:
        model = load(path)
    except Exception as error:  # noqa: BLE001 - any failure is an answer
        said = short(error)
        if make is not None:
            return {"error": said, "keys": [], "after": ""}
        with tempfile.TemporaryDirectory() as scratch:
            gone, model, after = offending(path, str(error), load, Path(scratch))
        told: Answer = {"error": said, "keys": gone, "after": after}
        if model is not None:
            told["difference"] = _apart(at, cast(Dynamic, model), x, y)
        return told
    return {"difference": _apart(at, cast(Dynamic, model), x, y)}


def _apart(at: Loaded, model: Dynamic, x: Array, y: Array) -> float | str:
    """The largest difference of the predictions, relative to the largest of them."""
    try:
        mine = predicted(at, model, x)
    except Exception as error:  # noqa: BLE001 - told in place of a number
        return short(error)
    if mine.shape != y.shape:
        return f"predictions of shape {mine.shape}, {y.shape} where it was written"
    return float(np.abs(mine - y).max() / max(float(np.abs(y).max()), 1e-30))


def own(at: Loaded, path: Path, out: Path) -> Answer:
    """A user's file: read, its predictions written, and saved again by this Keras.

    Returns:
        Error and keys as `read` says them; the formats that could be written again.
    """

    def load(file: Path) -> object:
        return at.keras.models.load_model(str(file), compile=False)

    told: Answer = {}
    try:
        loaded = load(path)
    except Exception as error:  # noqa: BLE001 - any failure is an answer
        said = short(error)
        with tempfile.TemporaryDirectory() as scratch:
            gone, loaded, after = offending(path, str(error), load, Path(scratch))
        told = {"error": said, "keys": gone, "after": after}
    if loaded is None:
        return told
    model = cast(Dynamic, loaded)
    try:
        x = given(model)
        np.savez(out / "predictions.npz", x=x, y=predicted(at, model, x))
        told["predicts"] = True
    except Exception as error:  # noqa: BLE001 - told, not hidden
        told["predicts"] = short(error)
    if "error" not in told:
        try:
            model.save(str(out / f"again{path.suffix}"))
            told["again"] = True
        except Exception as error:  # noqa: BLE001 - told, not hidden
            told["again"] = short(error)
    return told


def apart(at: Loaded, path: Path, predictions: Path) -> Answer:
    """Reads a file and compares its predictions with those that were made elsewhere."""
    held = np.load(predictions)
    return _read(at, path, held["x"], held["y"], None)
