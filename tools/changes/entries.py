"""Changes as entries of a list: what, of which kind, by which evidence, in which guides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import frozen

from core.upgrade.why.api import ApiChange
from core.upgrade.why.meanings.changes import Changed
from core.upgrade.why.names import NameChange, WarningChange
from core.upgrade.why.usage import Usage

KINDS = ("loud", "quiet", "default", "stream", "name", "warning")
"""`loud`: code stops with an error. `quiet`: it means something else. `default`: another value is
written in a signature or configuration. `stream`: other random numbers. `name`, `warning`: other
words, the same numbers."""

_USES: Mapping[str, tuple[str, ...]] = {
    "sigmoid-from-logits": ("losses.BinaryCrossentropy",),
    "softmax-from-logits": ("losses.SparseCategoricalCrossentropy",),
    "saturated-sigmoid": ("losses.BinaryCrossentropy",),
    "loss-reduction": ("losses.BinaryCrossentropy", "losses.SparseCategoricalCrossentropy"),
    "leaky-relu-slope": ("layers.LeakyReLU",),
    "optimizer-defaults": ("optimizers.Adam", "optimizers.SGD", "optimizers.RMSprop"),
    "batch-normalization": ("layers.BatchNormalization",),
    "training-flag": ("Sequential", "Model"),
    "dropout": ("layers.Dropout",),
    "metrics": ("metrics.SparseCategoricalAccuracy",),
    "regularizers": ("layers.ActivityRegularization", "regularizers.L2"),
    "seed, keras.random.normal": ("random.normal",),
}
"""The names that a probe is about; a probe that is not here is about every guide."""


@frozen
class Entry:
    """One change.

    Attributes:
        kind: one of `KINDS`.
        what: the change in a sentence.
        evidence: how it is known.
        guides: the guides that it touches; a quiet change is told even where there is none.
    """

    kind: str
    what: str
    evidence: str
    guides: tuple[str, ...]


def entries(
    usages: Mapping[str, Usage],
    api: Mapping[str, Sequence[ApiChange]],
    meanings: Iterable[Changed],
    names: Iterable[NameChange],
    warnings: WarningChange,
) -> list[Entry]:
    """Every change that touches a guide, and every quiet one, the loud first.

    Args:
        usages: what each guide's code uses.
        api: what changed of that, by guide.
        meanings: calls that mean something else, defaults and draws included.
        names: what is called differently.
        warnings: those of one side only.
    """
    found = [*_api(api), *_meanings(usages, meanings)]
    every = tuple(usages)
    found += [Entry("name", change.words, "both models built", every) for change in names]
    found += [Entry("warning", f"new: {text}", "models built", every) for text in warnings.new]
    found += [Entry("warning", f"lost: {text}", "models built", every) for text in warnings.lost]
    kept = (entry for entry in found if entry.guides or entry.kind == "quiet")
    return sorted(kept, key=lambda entry: KINDS.index(entry.kind))


def _api(api: Mapping[str, Sequence[ApiChange]]) -> Iterator[Entry]:
    guides: dict[ApiChange, list[str]] = {}
    for guide, changes in api.items():
        for change in changes:
            if change.loud or change.kind == "default changed":
                guides.setdefault(change, []).append(guide)
    for change, owners in guides.items():
        kind = "loud" if change.loud else "default"
        yield Entry(kind, change.words, "signatures, read with griffe", tuple(owners))


def _meanings(usages: Mapping[str, Usage], meanings: Iterable[Changed]) -> Iterator[Entry]:
    for change in meanings:
        kind = "stream" if change.stream else "quiet"
        part = f"{change.probe}, {change.setting.partition(':')[0]}"
        names = _USES.get(part, _USES.get(change.probe, ()))
        if change.probe == "defaults":
            part, name, _ = change.setting.split(".", 2)
            kind, names = "default", (f"{part}.{name}",)
        guides = [
            guide
            for guide, usage in usages.items()
            if not names or any(f"keras.{name}" in usage.names for name in names)
        ]
        yield Entry(kind, change.words, f"computed: {change.evidence}", tuple(guides))
