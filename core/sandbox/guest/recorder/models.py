"""The Keras models of a document: what they are made of, how they are called, how they change."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import cast

from .. import events
from ..dynamic import Dynamic
from .channel import Channel
from .identities import Identities
from .ledger import Ledger
from .values import digest_of

_LAYERS = 500


class Models:
    """Every model that was seen, by the order of its appearance."""

    def __init__(self, channel: Channel, ledger: Ledger) -> None:
        self._channel = channel
        self._ledger = ledger
        self._names = Identities("model")
        self._described: dict[str, int] = {}
        self._digests: dict[str, list[str | None]] = {}
        self._calls: dict[tuple[str, str, bool, bool, int | None], int] = {}
        self.kind: type | None = None
        self.outside: Callable[[], AbstractContextManager[object]] = nullcontext

    def name(self, model: object) -> str:
        """The model's short name; a new one's summary is sent and its weights are remembered."""
        name, new = self._names.name(model)
        if new:
            self._describe(name)
        if not self._digests.get(name):
            with self.outside():
                self._digests[name] = self._digest(name)
        return name

    def called(
        self, model: object, training: str, gradient: bool, traced: bool, line: int | None
    ) -> None:
        """A model is called by the document."""
        key = (self.name(model), training, gradient, traced, line)
        self._calls[key] = self._calls.get(key, 0) + 1

    def find(self, values: Iterable[object]) -> None:
        """Looks for models among values, in containers and attributes one level deep."""
        if self.kind is None:
            return
        for value in values:
            inner: list[object] = [value]
            if isinstance(value, list | tuple):
                inner = list(value[:50])
            elif isinstance(value, dict):
                inner = list(value.values())[:50]
            elif not isinstance(value, self.kind) and type(value).__module__ == "__main__":
                inner = list(getattr(value, "__dict__", {}).values())[:50]
            for thing in inner:
                if isinstance(thing, self.kind):
                    self.name(thing)

    def end_cell(self, cell: int) -> None:
        """Sends new summaries, the calls of the cell, and which weights changed in it."""
        for name in self._names.objects:
            self._describe(name)
            self._weights(cell, name)
        for (name, training, gradient, traced, line), times in self._calls.items():
            self._channel.send(
                events.Calls(
                    cell=cell,
                    line=line,
                    model=name,
                    training=training,
                    gradient=gradient,
                    traced=traced,
                    calls=times,
                ),
            )
        self._calls = {}

    def _digest(self, name: str) -> list[str | None]:
        model = cast(Dynamic, self._names.objects[name])
        try:
            return [digest_of(weight) for weight in model.weights]
        except Exception:  # noqa: BLE001 - a model that is not built has no weights yet
            return []

    def _weights(self, cell: int, name: str) -> None:
        model = cast(Dynamic, self._names.objects[name])
        before = self._digests.get(name, [])
        after = self._digests[name] = self._digest(name)
        if not after or before == after:
            return
        trainable = {id(weight) for weight in model.trainable_weights}
        changed: list[str] = []
        unchanged: list[str] = []
        for index, weight in enumerate(model.weights):
            same = len(before) == len(after) and before[index] == after[index]
            if id(weight) in trainable:
                (unchanged if same else changed).append(_path(weight))
        self._channel.send(
            events.Weights(
                cell=cell,
                model=name,
                new=len(before) != len(after),
                changed=tuple(changed),
                unchanged=tuple(unchanged),
                digests=tuple(after),
            ),
        )

    def _describe(self, name: str) -> None:
        """Sends a summary, again where the model has been built or has grown since."""
        model = cast(Dynamic, self._names.objects[name])
        try:
            layers = [_layer(layer) for layer in list(model.layers)[:_LAYERS]]
            built = bool(model.built)
            total = int(model.count_params()) if built else 0
            trainable = sum(_size(weight) for weight in model.trainable_weights)
        except Exception:  # noqa: BLE001 - a model may refuse until it is built
            return
        state = hash((total, trainable, len(layers), built))
        if self._described.get(name) == state:
            return
        self._described[name] = state
        self._channel.send(
            events.ModelSeen(
                cell=self._ledger.cell,
                model=name,
                name=str(model.name),
                kind=type(model).__name__,
                built=built,
                total_params=total,
                trainable_params=trainable,
                layers=tuple(layers),
            ),
        )


def _layer(layer: Dynamic) -> events.LayerSeen:
    activation = getattr(layer, "activation", None)
    return events.LayerSeen(
        name=str(layer.name),
        kind=type(layer).__name__,
        output_shape=_shape(layer),
        params=int(layer.count_params()) if layer.built else 0,
        activation=getattr(activation, "__name__", None),
    )


def _shape(layer: Dynamic) -> events.Shape | tuple[events.Shape, ...] | None:
    """The shape of a layer's output; of several outputs a list of shapes; None if not known."""
    try:
        output: object = layer.output
    except (AttributeError, RuntimeError, ValueError):
        return None
    many = output if isinstance(output, list | tuple) else [output]
    shapes = tuple(
        tuple(None if size is None else int(size) for size in cast("list[int | None]", one.shape))
        for one in cast("list[Dynamic]", many)
    )
    return shapes[0] if len(shapes) == 1 else shapes


def _size(weight: object) -> int:
    size = 1
    for length in cast(Dynamic, weight).shape:
        size *= int(length)
    return size


def _path(weight: object) -> str:
    path = getattr(weight, "path", None)
    return str(path if path is not None else getattr(weight, "name", ""))


def last_activation(model: object) -> str | None:
    """The name of the activation that a model's output went through last."""
    layers = getattr(model, "layers", None) or []
    for layer in reversed(layers):
        if hasattr(layer, "layers"):
            return last_activation(layer)
        kind = type(layer).__name__
        activation = getattr(getattr(layer, "activation", None), "__name__", None)
        if activation or kind in {"Activation", "Softmax", "ReLU", "LeakyReLU"}:
            return activation or kind.lower()
        if kind not in {"Dropout", "Flatten", "Reshape"}:
            return None
    return None
