"""What the fields of specs are called in a sentence, and how their values read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import attrs
from attrs import frozen

from core.spec import layers, parts
from core.spec.kinds import Op
from core.spec.ops import log, setup, step

Value = Callable[[object], str]


def plain(value: object) -> str:
    """A value as a reader would write it."""
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case float():
            return f"{value:g}"
        case str():
            return value
        case tuple():
            return ", ".join(map(plain, value)) or "none"
        case step.Batch():
            return "the batch size"
        case step.BatchOf():
            return f"the samples in {value.tensor}"
        case log.Log():
            return printed(value.template)
    kind = type(value)
    if attrs.has(kind):
        given = [f"{_field(f.name)} {plain(getattr(value, f.name))}" for f in attrs.fields(kind)]
        return " ".join([_field(kind.__name__), f"({', '.join(given)})" if given else ""]).strip()
    return str(value)


def _field(name: str) -> str:
    return name.replace("_", " ")


def printed(template: object) -> str:
    """A line as it is printed, in quotes that show blanks and line ends."""
    return '"' + str(template).replace("\\", "\\\\").replace("\n", "\\n") + '"'


def training(value: object) -> str:
    """The argument of a call."""
    return "no training argument" if value is None else f"training={value}"


def from_number(value: object) -> str:
    """Where counting begins."""
    return f"{value}"


def set_aside(op: setup.SplitData) -> str:
    """Which samples are set aside."""
    if op.how == "last":
        return f"the last {op.reserve:,}"
    return f"{op.reserve:,} at random, by R's sample.int"


def shuffled(value: object) -> str:
    """How an order is drawn."""
    return "none" if value is None else f"through a buffer of {value:,}"


def pixel_type(value: object) -> str:
    """What numbers images are."""
    return {"uint8": "uint8", "int32": "int32", "float32": "float32, scaled"}[str(value)]


def layout(value: object) -> str:
    """The shape of one image."""
    return {"flat": "784 in a row", "image": "28 × 28 × 1"}[str(value)]


def reading(value: object) -> str:
    """What a loss takes its predictions for."""
    return "logits" if value else "probabilities"


@frozen
class Phrase:
    """A field in words.

    Attributes:
        what: what the field says.
        value: how its values read.
        kind: what a difference of it touches: `data`, `model`, `training`, `loop` or `printed`.
    """

    what: str
    value: Value = plain
    kind: str = ""


PHRASES: Mapping[tuple[type, str], Phrase] = MappingProxyType(
    {
        (setup.LoadImages, "parts"): Phrase("images of:"),
        (setup.LoadImages, "layout"): Phrase("shape of an image:", layout),
        (setup.LoadImages, "dtype"): Phrase("pixels and labels:", pixel_type),
        (setup.LoadImages, "offset"): Phrase("subtracted from pixels:"),
        (setup.LoadImages, "divisor"): Phrase("pixels divided by:"),
        (setup.OpenDataset, "batch"): Phrase("batch size"),
        (setup.OpenDataset, "shuffle"): Phrase("shuffle:", shuffled),
        (setup.SeedFramework, "seed"): Phrase("seed of the framework's own generator"),
        (step.Call, "training"): Phrase("called with", training),
        (step.Draw, "distribution"): Phrase("drawn from"),
        (step.Draw, "shape"): Phrase("shape drawn:"),
        (step.Fill, "value"): Phrase("filled with"),
        (step.Fill, "shape"): Phrase("shape filled:"),
        (step.Affine, "scale"): Phrase("scaled by"),
        (log.Log, "template"): Phrase("prints:", printed, "printed"),
        (log.SaveImage, "file"): Phrase("saves an image as:", printed, "printed"),
        (log.Sheet, "file"): Phrase("saves a sheet as:", printed, "printed"),
        (log.SaveModel, "file"): Phrase("saves a model as:", printed, "printed"),
        (layers.RandomNormal, "shared"): Phrase("initializer instance shared:"),
        (layers.ActivityRegularization, "registered"): Phrase("registered for saving:"),
        (parts.ModelSpec, "style"): Phrase("model built as"),
        (parts.ModelSpec, "name"): Phrase("name of the model:"),
        (parts.SparseCategoricalCrossentropy, "from_logits"): Phrase("loss taken of", reading),
        (parts.BinaryCrossentropy, "from_logits"): Phrase("loss taken of", reading),
    }
)

LOOP: Mapping[str, Phrase] = MappingProxyType(
    {
        "epochs": Phrase("epochs"),
        "log_every": Phrase("logs every … steps"),
        "first_epoch": Phrase("epochs numbered from", from_number),
        "first_step": Phrase("steps numbered from", from_number),
        "cap": Phrase("a run takes at most … steps"),
        "exhausted": Phrase("goes over an iterator that is used up:"),
    }
)

LOOP_PLACES: Mapping[str, str] = MappingProxyType(
    {
        "epochs": "loop.epochs",
        "log_every": "loop.log",
        "first_epoch": "loop.epochs",
        "first_step": "loop.batch",
        "exhausted": "loop.exhausted",
    }
)
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "setup": "model",
        "step": "training",
        "evaluate": "evaluation",
        "on_log": "printed",
        "on_epoch_end": "evaluation",
    }
)
PHASE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "setup": "set up",
        "step": "in a step",
        "evaluate": "in an evaluation step",
        "on_log": "where it logs",
        "on_epoch_end": "as an epoch ends",
    }
)
EXECUTIONS: Mapping[str, str] = MappingProxyType(
    {"eager": "op by op", "graph": "compiled into a graph"}
)
DATA = (setup.LoadImages, setup.SplitData, setup.OpenDataset)


def described(op: Op) -> str:
    """An op that one side has and the other has not."""
    if isinstance(op, log.Log):
        return f"prints {printed(op.template)}"
    names = ", ".join(name for name, _ in (*op.makes(), *op.uses()))
    return f"{op.words} ({names})" if names else op.words
