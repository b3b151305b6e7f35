"""The parts of a program, as its rows are grouped."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.site.texts import Text

PARTS: Mapping[str, Text] = MappingProxyType(
    {
        "prepare": Text("Preparation", "准备"),
        "earlier": Text("From earlier sections", "来自前面的章节"),
        "setup": Text("Setup", "搭建"),
        "loop": Text("The loop", "循环"),
        "step": Text("The training step", "训练步骤"),
        "log": Text("Logging", "记录"),
        "evaluate": Text("End of the epoch, evaluation", "一轮结束与评估"),
        "after": Text("After training", "训练之后"),
    }
)
FOLDED = frozenset({"prepare", "earlier"})
"""Parts that a page shows folded at first: the loop is what it is about."""

_BY_WORD: Mapping[str, str] = MappingProxyType(
    {
        "imports": "prepare",
        "seed": "prepare",
        "batches": "prepare",
        "setup": "setup",
        "state": "setup",
        "state.back": "after",
        "compile": "loop",
        "loop.epochs": "loop",
        "loop.announce": "loop",
        "loop.batch": "loop",
        "loop.time": "loop",
        "loop.exhausted": "loop",
        "loop.log": "log",
        "loop.closing": "after",
        "on_log": "log",
        "step": "step",
        "step.function": "step",
        "step.state": "step",
        "evaluate": "evaluate",
        "on_epoch_end": "evaluate",
    }
)


def part_of(key: str, current: str) -> str:
    """The part of a row; what belongs to none stays in the one it stands in."""
    if "/" in key:
        return "earlier"
    word = key.partition("[")[0]
    if word in _BY_WORD:
        return _BY_WORD[word]
    head = word.partition(".")[0]
    if head == "state":
        return "setup"
    return current
