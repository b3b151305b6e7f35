"""Liveness rules: defects that neither an error nor a wrong figure shows.

Each rule looks at a document, at what its execution showed and at what its loops say, and knows no
document by name. `liveness(document, record)` applies all of them; for a document that was only
read, `record` is `NOTHING_RAN`, and the rules that need no run still judge it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from core.documents.reading import Document
from core.documents.rules.carried_state import state_not_carried
from core.documents.rules.deprecated import deprecated_api
from core.documents.rules.functions import never_called, optimizer_rebound, unused_functions
from core.documents.rules.initial_values import seed_without_effect, shared_initializers
from core.documents.rules.iterators import zero_steps
from core.documents.rules.logits import logits_ambiguity
from core.documents.rules.look import NOTHING_RAN, Look
from core.documents.rules.silent_loops import silent_loops
from core.documents.rules.stale_outputs import stale_outputs
from core.documents.rules.stale_variables import stale_variables
from core.documents.rules.training_flag import training_flag_missing
from core.documents.rules.weights import weights_unchanged
from core.sandbox.host import ExecutionRecord
from core.trace.finding import Finding

__all__ = ["NOTHING_RAN", "RULES", "Rule", "liveness", "to_exercise"]

Rule = Callable[[Look], Iterable[Finding]]

RULES: tuple[Rule, ...] = (
    zero_steps,
    never_called,
    optimizer_rebound,
    stale_variables,
    stale_outputs,
    silent_loops,
    weights_unchanged,
    training_flag_missing,
    state_not_carried,
    logits_ambiguity,
    deprecated_api,
    shared_initializers,
    seed_without_effect,
)


def liveness(document: Document, record: ExecutionRecord) -> tuple[Finding, ...]:
    """What all rules find, in the order of the rules."""
    look = Look(document, record)
    return tuple(dict.fromkeys(finding for rule in RULES for finding in rule(look)))


def to_exercise(document: Document, record: ExecutionRecord) -> tuple[tuple[int, str], ...]:
    """Cell and name of each function that a document defines and never calls."""
    unused = unused_functions(Look(document, record))
    return tuple((function.cell, function.name) for function in unused)
