"""Watches `fit` from outside: a callback that every call of it gets beside its own."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import cast

from core.sandbox.guest.dynamic import Dynamic, Function

Logs = Mapping[str, float]


class Watching:
    """What `fit` reported, call by call."""

    def __init__(self) -> None:
        self.calls: list[list[dict[str, float]]] = []
        self.epochs: list[list[dict[str, float]]] = []

    def result(self, job: Mapping[str, object]) -> dict[str, object]:
        """The last call's reports, readings under the names that the trace gives them."""
        wanted = cast(Mapping[str, str], job["metrics"])
        readings = {
            name: [_reading(logs, *place.split()) for logs in self.epochs[-1]]
            for name, place in wanted.items()
        }
        return {"means": self.calls[-1], "metrics": readings}


def _reading(logs: Logs, part: str, number: str) -> float:
    """A metric of an epoch's reports, by its position among those of `train` or of `val`."""
    val = part == "val"
    names = [name for name in logs if name.startswith("val_") == val]
    names = [name for name in names if name not in {"loss", "val_loss"}]
    return logs[names[int(number)]]


def _observer(callback: type, watching: Watching) -> Function:
    """A class of callbacks that keep what is reported after each batch and each epoch."""
    epoch_now = [0]

    def on_epoch_begin(self: object, epoch: int, logs: Logs | None = None) -> None:
        del self, logs
        epoch_now[0] = epoch

    def on_train_batch_end(self: object, batch: int, logs: Logs | None = None) -> None:
        del self, batch
        loss = float((logs or {})["loss"])
        watching.calls[-1].append({"epoch": epoch_now[0], "loss": loss})

    def on_epoch_end(self: object, epoch: int, logs: Logs | None = None) -> None:
        del self, epoch
        watching.epochs[-1].append({name: float(value) for name, value in (logs or {}).items()})

    methods = (on_epoch_begin, on_train_batch_end, on_epoch_end)
    made = type("Observer", (callback,), {method.__name__: method for method in methods})
    return cast(Function, made)


def watch_fit() -> Watching:
    """Gives every call of `fit` a callback that keeps its reports."""
    keras = cast(Dynamic, import_module("keras"))
    watching = Watching()
    observer = _observer(cast(type, keras.callbacks.Callback), watching)
    original = cast(Function, keras.Model.fit)

    def fit(*positional: object, **named: object) -> object:
        watching.calls.append([])
        watching.epochs.append([])
        given = cast("list[object] | None", named.pop("callbacks", None))
        return original(*positional, **named, callbacks=[*(given or []), observer()])

    keras.Model.fit = fit
    return watching
