"""`logits-ambiguity`: a loss that takes the model's output for what it is not.

A sigmoid or softmax output with `from_logits=True` has two readings: TensorFlow goes back to the
logits before the activation where it can see them, JAX and torch take the probabilities for logits.
And numbers that are no probabilities cannot be read as such.
"""

from __future__ import annotations

from collections.abc import Iterator

from core.documents.rules.look import Look
from core.sandbox.guest.events import Fit, LossSeen
from core.trace.finding import Finding, FindingCode, Severity

_SQUASHING = frozenset({"sigmoid", "softmax"})
_OPS = frozenset({"Sigmoid", "Softmax"})
_CROSSENTROPY = "crossentropy"
_SLACK = 1e-3  # rounding of a probability


def logits_ambiguity(look: Look) -> Iterator[Finding]:
    """Losses and outputs that do not fit."""
    done: set[tuple[int | None, str]] = set()
    for loss in look.saw(LossSeen):
        key = (loss.line, loss.loss)
        if key in done or _CROSSENTROPY not in loss.kind.lower():
            continue
        squashed = loss.activation in _SQUASHING or loss.made_by in _OPS
        if loss.from_logits and squashed:
            done.add(key)
            kept = loss.logits_kept or loss.made_by in _OPS
            yield _twice(look, loss.line, loss.kind, loss.activation or "sigmoid", kept=kept)
        elif loss.from_logits is False and not squashed and _no_probabilities(loss):
            done.add(key)
            yield look.finding(
                FindingCode.LOGITS_AMBIGUITY,
                loss.line,
                f"{loss.kind} takes logits for probabilities",
                f"the predictions lie between {loss.lowest:.4g} and {loss.highest:.4g}, and "
                "`from_logits` is False",
                "give the loss `from_logits=True`, or end the model in a sigmoid or softmax",
                Severity.ERROR,
            )
    yield from _fitted(look)


def _fitted(look: Look) -> Iterator[Finding]:
    """Losses that `fit` computes."""
    for line, loss, from_logits, activation in dict.fromkeys(
        (fit.line, fit.loss, fit.from_logits, fit.activation) for fit in look.saw(Fit)
    ):
        if loss is None or _CROSSENTROPY not in loss.lower():
            continue
        if from_logits and activation in _SQUASHING:
            yield _twice(look, line, loss, activation, kept=look.backend == "tensorflow")
        elif from_logits is False and activation in ("linear", "relu", "leakyrelu", "tanh"):
            yield look.finding(
                FindingCode.LOGITS_AMBIGUITY,
                line,
                f"{loss} takes the model's raw output for probabilities",
                f"the output's last activation is {activation}, and `from_logits` is False",
                "give the loss `from_logits=True`, or end the model in a sigmoid or softmax",
                Severity.ERROR,
            )


def _twice(look: Look, line: int | None, loss: str, activation: str, *, kept: bool) -> Finding:
    if kept:
        reading = (
            f"TensorFlow went back to the logits before the {activation}; JAX and torch, or a "
            "cast on the way, would have applied it twice"
        )
    else:
        reading = f"the {activation} was applied twice: the loss took probabilities for logits"
    return look.finding(
        FindingCode.LOGITS_AMBIGUITY,
        line,
        f"the model ends in a {activation} and {loss} has `from_logits=True`",
        f"reading used in this run: {reading}",
        f"leave out the {activation}, or `from_logits=True`",
    )


def _no_probabilities(loss: LossSeen) -> bool:
    if loss.lowest is None or loss.highest is None:
        return False
    return loss.lowest < -_SLACK or loss.highest > 1 + _SLACK
