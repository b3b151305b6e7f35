"""How documents are validated."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from attrs import field, frozen

from core.documents.reading import (
    Document,
    GuideCode,
)
from core.documents.validation.declared import Declared
from core.run.data import ImageData
from core.sandbox.host import ExecutionRecord, Limits
from core.trace.finding import Finding

Rules = Callable[[Document, ExecutionRecord], Iterable[Finding]]


@frozen(eq=False)
class Settings:
    """How documents are validated.

    Attributes:
        known: what is known of the guides' code.
        declared: where declared runs come from.
        images: what Keras's MNIST is served from.
        limits: limits of one execution.
        seed: seeds every execution.
        scenario: the guide that documents are taken for; None recognises it by content.
        against: the original that documents are translations of.
        repair: apply known mechanical repairs to a copy, and run it again.
        allow_network: leave the network on.
        rules: further findings from a document and its execution.
        exercise: call functions that a document defines and never calls.
        python: the interpreter that documents run in, with the packages installed there.
    """

    known: tuple[GuideCode, ...]
    declared: Declared
    images: ImageData
    limits: Limits = field(factory=Limits)
    seed: int = 0
    scenario: str | None = None
    against: Path | None = None
    repair: bool = False
    allow_network: bool = False
    rules: tuple[Rules, ...] = ()
    exercise: bool = False
    python: str = sys.executable
