"""What two models do differently, layer by layer."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from core.diff.pairing import in_order
from core.diff.words import PHRASES, plain
from core.spec import layers
from core.spec.parts import ModelSpec

Said = tuple[str, str, str]
NOTHING = "nothing"


def model_differences(a: ModelSpec, b: ModelSpec) -> Iterator[Said]:
    """Every difference as (what, how in the first, how in the second)."""
    for name in ("style", "name"):
        one, other = getattr(a, name), getattr(b, name)
        if one != other:
            yield PHRASES[(ModelSpec, name)].what, plain(one), plain(other)
    for attribute in attrs.fields(type(a.input)):
        one, other = getattr(a.input, attribute.name), getattr(b.input, attribute.name)
        if one != other:
            yield f"input {attribute.name}:", plain(one), plain(other)
    for i, j in in_order(a.layers, b.layers, likeness):
        if i is None or j is None:
            there = a.layers[i] if i is not None else b.layers[j or 0]
            said = layer_in_words(there)
            yield "layer:", said if j is None else NOTHING, said if i is None else NOTHING
        else:
            yield from _layer(a.layers[i], b.layers[j], j)


def likeness(a: layers.Layer, b: layers.Layer) -> float:
    """How alike two layers are: none of different kinds."""
    if type(a) is not type(b):
        return 0.0
    same = [getattr(a, f.name) == getattr(b, f.name) for f in attrs.fields(type(a))]
    return 1.0 + same.count(True)


def _layer(a: layers.Layer, b: layers.Layer, position: int) -> Iterator[Said]:
    if isinstance(a, layers.ActivityRegularization) and isinstance(
        b, layers.ActivityRegularization
    ):
        said = [f"{layer.factor:g}·{layer.reduction}" for layer in (a, b)]
        if said[0] != said[1]:
            yield "activity loss", said[0], said[1]
        a = attrs.evolve(a, factor=b.factor, reduction=b.reduction)
    kind = type(b).__name__
    for attribute in attrs.fields(type(b)):
        one, other = getattr(a, attribute.name), getattr(b, attribute.name)
        if one == other:
            continue
        phrase = PHRASES.get((type(b), attribute.name))
        what = phrase.what if phrase else attribute.name.replace("_", " ")
        words = [
            ("automatic" if value is None else plain(value))
            if attribute.name == "name"
            else plain(value)
            for value in (one, other)
        ]
        yield f"layer {position + 1}, {kind}, {what}", words[0], words[1]


def layer_in_words(layer: layers.Layer) -> str:
    """A layer with what is not usual about it."""
    if isinstance(layer, layers.ActivityRegularization):
        return f"activity loss {layer.factor:g}·{layer.reduction}"
    given = [
        f"{f.name.replace('_', ' ')} {plain(getattr(layer, f.name))}"
        for f in attrs.fields(type(layer))
        if f.default is attrs.NOTHING or getattr(layer, f.name) != f.default
        if f.name != "kernel_initializer"
    ]
    return f"{type(layer).__name__} ({', '.join(given)})" if given else type(layer).__name__
