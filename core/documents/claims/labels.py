"""What a number in a log row is, told by the words around it and by the code that printed it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from attrs import frozen

from core.documents.claims.numbers import Number
from core.trace.claims import ClaimKind

_WORD = re.compile(r"[^\W\d_]+")
_TIMES = frozenset({"s", "ms", "us", "µs", "ns", "min", "h"})
_TIME_UNITS = frozenset(
    {"sec", "secs", "second", "seconds", "min", "mins", "minutes", "hours", "milliseconds"}
)
_TIME_WORDS = frozenset({"time", "elapsed", "duration", "took", "seconds"})
_COUNTED = {
    "sample": "samples",
    "batch": "batches",
    "image": "images",
    "example": "examples",
    "step": "steps",
    "epoch": "epochs",
    "parameter": "parameters",
    "layer": "layers",
}
_COUNTED |= {plural: plural for plural in _COUNTED.values()}
_EPOCH = frozenset({"epoch", "epochs"})
_STEP = frozenset({"step", "batch", "iteration", "iter", "minibatch"})
_LOSS = frozenset({"loss", "losses"})
_ACCURACY = frozenset({"acc", "accuracy"})
_PLAYERS = {"discriminator": "d_loss", "disc": "d_loss", "d": "d_loss"}
_PLAYERS |= {"generator": "g_loss", "gen": "g_loss", "g": "g_loss", "adversarial": "g_loss"}
_SPLITS = {"validation": "val", "val": "val", "valid": "val", "test": "test"}
_COMMON_WORDS = frozenset({"training", "train", "value", "values", "mean", "average", "avg"})
_COMMON_WORDS |= {"current", "final", "running", "batch", "epoch", "step", "total", "result"}
_COMMON_WORDS |= {"the", "a", "of", "for", "at", "per", "over", "in", "is", "and", "after"}
_COMMON_WORDS |= {"mini", "one", "float", "numpy", "np"}


@frozen
class Label:
    """What a number is, and of what: `accuracy` of `val_acc`."""

    kind: ClaimKind
    name: str


def labels_of(
    row: str, numbers: Sequence[Number], expressions: Sequence[str | None]
) -> tuple[Label, ...]:
    """A label for each number of a row.

    Args:
        row: the printed row.
        numbers: its numbers in order.
        expressions: for each, the code that computed it, where that is known.
    """
    labels: list[Label] = []
    ends = [0, *(number.end + len(number.unit) for number in numbers)]
    between = [row[end : n.start] for end, n in zip(ends, numbers, strict=False)]
    for position, number in enumerate(numbers):
        after = row[number.end : numbers[position + 1].start if numbers[position + 1 :] else None]
        labels.append(_label(number, between[: position + 1], after, labels, expressions[position]))
    return tuple(labels)


def _label(
    number: Number,
    before: Sequence[str],
    after: str,
    labels: Sequence[Label],
    expression: str | None,
) -> Label:
    own = _words(before[-1])
    if labels and before[-1].strip() in {"/", "of"} and number.whole:
        total = "batches" if labels[-1].name == "batches" else f"{labels[-1].kind}s"
        return Label(ClaimKind.COUNT, total)
    if number.unit in _TIMES or _next_word(after) in _TIME_UNITS:
        return Label(ClaimKind.TIME, "step" if after.startswith(f"{number.unit}/step") else "time")
    if number.whole and after.lstrip(" ")[:1] == "/" and not own:
        return Label(ClaimKind.COUNT, "batches")  # a progress bar: `313/313`
    counted = _COUNTED.get(_next_word(after))
    if number.whole and counted is not None and (not own or own[-1] not in _EPOCH | _STEP):
        return Label(ClaimKind.COUNT, counted)
    for near in (own, _words(expression or "")):
        found = _by_word(number, near, own)
        if found is not None:
            return found
    if not number.whole or (not own and labels):
        for segment in reversed(before[:-1]):
            words = _words(segment)
            if (found := _by_word(number, words, [*words, *own], measures=True)) is not None:
                return found
    return Label(ClaimKind.FIGURE, "_".join(own[-3:]) or expression or "value")


def _by_word(
    number: Number, words: Sequence[str], named: Sequence[str], measures: bool = False
) -> Label | None:
    """The kind told by the nearest word that tells one; `measures` leaves counters out."""
    for position in range(len(words) - 1, -1, -1):
        word = words[position]
        if number.whole and not measures:
            if word in _EPOCH:
                return Label(ClaimKind.EPOCH, "epoch")
            if word in _STEP:
                return Label(ClaimKind.STEP, "step")
        if word in _LOSS:
            return Label(ClaimKind.LOSS, _loss_name(words[:position], named))
        if word in _ACCURACY:
            split = next((_SPLITS[w] for w in words if w in _SPLITS), "train")
            return Label(ClaimKind.ACCURACY, f"{split}_acc")
        if word in _TIME_WORDS and not number.whole:
            return Label(ClaimKind.TIME, "time")
    return None


def _loss_name(before: Sequence[str], named: Sequence[str]) -> str:
    """Which loss: of a player, of a split, of a part, or the loss."""
    for word in reversed(named):
        if word in _PLAYERS:
            return _PLAYERS[word]
    for word in reversed(before):
        if word in _SPLITS:
            return f"{_SPLITS[word]}_loss"
    part = [word for word in before[-2:] if word not in _COMMON_WORDS]
    return "_".join([*part, "loss"])


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _next_word(text: str) -> str:
    """The word right after a number, only blank space between."""
    rest = text.lstrip(" ")
    found = _WORD.match(rest)
    return found.group().lower() if found is not None else ""
