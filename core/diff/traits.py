"""What a dialect does its own way whatever the spec says: orders, draws, execution, readings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from attrs import frozen

from core.dialects import Dialect
from core.dialects.fit.notes import notes
from core.diff.found import SpecDifference
from core.spec import Scenario, layers, ops
from core.spec.reading import LOGITS, reading
from core.spec.scenario import flat


@frozen
class Trait:
    """Something that dialects differ in, whatever the spec says.

    Attributes:
        what: what it is about.
        kind: as in a spec difference.
        concerns: whether a section shows it.
        values: how each dialect has it; one that is not listed does as TensorFlow.
    """

    what: str
    kind: str
    concerns: Callable[[Scenario], bool]
    values: Mapping[str, str]


def _shuffles(scenario: Scenario) -> bool:
    return scenario.maker(scenario.loop.dataset, ops.OpenDataset).shuffle is not None


def _draws(scenario: Scenario) -> bool:
    return any(isinstance(op, ops.Draw) for op in (*flat(scenario.step), *scenario.on_log))


def _compiled(scenario: Scenario) -> bool:
    return scenario.execution == "graph"


def _eager(scenario: Scenario) -> bool:
    return scenario.execution == "eager"


def _leaky(scenario: Scenario) -> bool:
    called = {op.model for op in flat(scenario.step) if isinstance(op, ops.Call)}
    return any(
        isinstance(layer, layers.LeakyReLU)
        for name in called
        for layer in scenario.model_spec(name).layers
    )


TRAITS = (
    Trait(
        "order of a pass:",
        "data",
        _shuffles,
        MappingProxyType(
            {
                "tensorflow": "shuffled through the dataset's buffer",
                "jax": "a permutation of all samples, by NumPy",
                "torch": "a permutation of all samples, by the loader",
            }
        ),
    ),
    Trait(
        "random numbers:",
        "training",
        _draws,
        MappingProxyType(
            {
                "tensorflow": "TensorFlow's generator, seeded op by op",
                "jax": "a key, split at every draw",
                "torch": "torch's one generator",
            }
        ),
    ),
    Trait(
        "step runs",
        "training",
        _compiled,
        MappingProxyType(
            {
                "tensorflow": "as a graph, by tf.function",
                "jax": "compiled, by jax.jit",
                "torch": "op by op: torch has no graph that Keras uses",
            }
        ),
    ),
    Trait(
        "step runs",
        "training",
        _eager,
        MappingProxyType(
            {
                "tensorflow": "op by op",
                "jax": "compiled, by jax.jit",
            }
        ),
    ),
    Trait(
        "slope of LeakyReLU at exactly 0:",
        "training",
        _leaky,
        MappingProxyType(
            {"tensorflow": "the negative slope", "jax": "1", "torch": "the negative slope"}
        ),
    ),
)


def dialect_differences(scenario: Scenario, a: Dialect, b: Dialect) -> Iterator[SpecDifference]:
    """What two dialects do differently with one section."""
    if a.id == b.id:
        return
    for trait in TRAITS:
        if trait.concerns(scenario):
            one, other = (trait.values.get(d.id, trait.values["tensorflow"]) for d in (a, b))
            if one != other:
                yield SpecDifference(trait.what, one, other, trait.kind)
    readings = [reading(scenario, dialect.backend) for dialect in (a, b)]
    if readings[0] != readings[1]:
        said = ["the logits behind it" if r == LOGITS else "a second sigmoid" for r in readings]
        yield SpecDifference("loss of a sigmoid taken for logits:", said[0], said[1], "training")
    if "fit" in {a.id, b.id}:
        for note in notes(scenario):
            said = [note.fit if d.id == "fit" else note.loop for d in (a, b)]
            what = f"{note.id.replace('-', ' ')}:"
            yield SpecDifference(what, said[0], said[1], "training", told=note.sentence)
