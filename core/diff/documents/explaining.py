"""What a document's loop does differently from a section's own program, in one sentence each."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping

from attrs import frozen

from core.dialects import Program
from core.diff.found import NOTHING, SpecDifference
from core.diff.pairing import in_order
from core.documents import facts
from core.documents.facts import MetricUse, Said
from core.documents.facts.parts import Parts, parts
from core.documents.facts.source import Loop

_INFERENCE = {facts.NO_FLAG, "training=False"}  # in a loop, Keras takes no argument for inference


@frozen
class Question:
    """Something that both programs are asked, whose answers are compared as they stand."""

    what: str
    kind: str
    ask: Callable[[Parts], Said | None]


def _batch(one: Parts) -> Said | None:
    return facts.batch_size(facts.dataset(one, one.batches), one)


def _shuffle(one: Parts) -> Said | None:
    return facts.shuffle(facts.dataset(one, one.batches), one)


QUESTIONS = (
    Question("validation:", "data", facts.set_aside),
    Question("pixels divided by:", "data", facts.divided),
    Question("batch size", "data", _batch),
    Question("shuffle:", "data", _shuffle),
    Question("step runs", "training", facts.compiled),
    Question("epochs", "loop", facts.epochs),
    Question("logs every … steps", "printed", facts.logged_every),
)


class Explainer:
    """Compares a document's loop with a printed program of the section.

    Args:
        loop: the document.
        theirs: the other program's parts.
        by_line: ids of the other program's ops, by its lines.
    """

    def __init__(self, loop: Loop, theirs: Parts, by_line: Mapping[int, str]) -> None:
        self.loop = loop
        self.ours = parts(loop.tree)
        self.theirs = theirs
        self._by_line = by_line

    def run(self) -> tuple[SpecDifference, ...]:
        """Everything that differs, what changes numbers first."""
        found = [
            *self._listed("layers:", "model", facts.layers),
            *self._listed("optimizer", "training", lambda p: facts.objects(p, facts.OPTIMIZERS)),
            *self._listed("loss", "training", facts.losses),
            *self._flags(),
            *self._averages(),
            *self._tracked(),
            *self._applied(),
        ]
        if self._uncalled:
            told = f"{self._uncalled} is defined and never called: nothing is trained."
            found.append(SpecDifference("step called:", "never", "yes", "training", told=told))
        else:
            found += self._answers()
            if not self.ours.fits:  # fit updates, reads and resets metrics itself
                found += self._metrics()
        order = ("data", "model", "training", "evaluation", "loop", "printed")
        return tuple(sorted(found, key=lambda one: order.index(one.kind)))

    @property
    def _uncalled(self) -> str:
        """The name of the document's step, where nothing calls it and the section's is called."""
        uncalled = bool(self.ours.step) and self.ours.batches is None and not self.ours.fits
        if uncalled and self.theirs.batches is not None and self.ours.function is not None:
            return self.ours.function.name
        return ""

    def _difference(
        self,
        what: str,
        kind: str,
        ours: Said | None,
        theirs: Said | None,
        told: str = "",
    ) -> SpecDifference:
        place = self._op(theirs) if theirs is not None else ""
        a = ours.text if ours is not None else NOTHING
        b = theirs.text if theirs is not None else NOTHING
        return SpecDifference(what, a, b, kind, (self._own(ours), place), (), told)

    def _op(self, said: Said) -> str:
        return self._by_line.get(getattr(said.node, "lineno", 0), "")

    def _own(self, said: Said | None) -> str:
        if said is None or said.node is None:
            return ""
        return f"line {self.loop.line(said.node)}"

    def _answers(self) -> Iterator[SpecDifference]:
        for question in QUESTIONS:
            ours, theirs = question.ask(self.ours), question.ask(self.theirs)
            if ours is None and not self.ours.step and question.what == "step runs":
                continue
            if (ours.text if ours else None) != (theirs.text if theirs else None):
                if question.kind == "printed" and None in (ours, theirs):
                    continue
                yield self._difference(question.what, question.kind, ours, theirs)

    def _listed(
        self, what: str, kind: str, ask: Callable[[Parts], list[Said]]
    ) -> Iterator[SpecDifference]:
        """Objects of a kind, paired in order."""
        ours, theirs = ask(self.ours), ask(self.theirs)

        def likeness(a: Said, b: Said) -> float:
            same_kind = a.text.partition("(")[0] == b.text.partition("(")[0]
            return 2.0 * (a.text == b.text) + float(same_kind) + 0.1

        for i, j in in_order(ours, theirs, likeness):
            one = None if i is None else ours[i]
            other = None if j is None else theirs[j]
            if one != other:
                yield self._difference(what, kind, one, other)

    def _flags(self) -> Iterator[SpecDifference]:
        ours = facts.flags(self.ours.step, facts.models(self.ours))
        theirs = facts.flags(self.theirs.step, facts.models(self.theirs))
        for one, other in zip(ours, theirs, strict=False):
            if one.text != other.text and {one.text, other.text} != _INFERENCE:
                told = self._missing_flag(one) if one.text in _INFERENCE else ""
                yield self._difference("called with", "training", one, other, told)
        ours = facts.flags(self.ours.evaluation, facts.models(self.ours))
        theirs = facts.flags(self.theirs.evaluation, facts.models(self.theirs))
        for one, other in zip(ours, theirs, strict=False):
            if one.text == "training=True" and other.text in _INFERENCE:
                told = (
                    f"Line {self.loop.line(one.node or self.ours.tree)} validates with "
                    f"training=True, so that {self._modes()}."
                )
                yield self._difference("validated with", "evaluation", one, other, told)

    def _missing_flag(self, one: Said) -> str:
        line = self.loop.line(one.node or self.ours.tree)
        says = "training=False" if one.text != facts.NO_FLAG else "no training=True"
        return f"Line {line} trains with {says}, so that {self._modes(training=False)}."

    def _modes(self, *, training: bool = True) -> str:
        kinds = facts.modes(self.ours)
        if not kinds:
            return (
                "layers which tell training from inference would take it for "
                f"{'training' if training else 'inference'}; this model has none, and no number "
                "changes"
            )
        does = "work" if len(kinds) > 1 else "works"
        mode = "in training" if training else "in inference, where dropout drops nothing and "
        if not training:
            mode += "batches are normalised by moving averages that never move"
            if "BatchNormalization" not in kinds:
                mode = "in inference and drops nothing"
        return f"{' and '.join(kinds)} {does} as {mode}"

    def _averages(self) -> Iterator[SpecDifference]:
        ours, theirs = facts.averages(self.ours), facts.averages(self.theirs)
        alone = facts.unreduced(self.ours)
        extra = ours[len(theirs) + int(alone) :]
        for said in extra:
            line = self.loop.line(said.node or self.ours.tree)
            if said.text.startswith("/ "):
                what = said.text.removeprefix("/ ")
                told = (
                    f"Line {line} averages the loss twice: the loss function has averaged over the "
                    f"batch, and dividing by {what} again makes every gradient that many times "
                    "smaller."
                )
            else:
                told = (
                    f"Line {line} averages the loss twice: the loss function has averaged over the "
                    f"batch, and {said.text} of that one number changes nothing."
                )
            yield self._difference("loss averaged", "training", said, None, told)
        if alone and not ours:
            told = (
                "The loss function is told to average nothing, and the loop does not average "
                "either, so that gradients are those of the sum over the batch."
            )
            yield SpecDifference("loss averaged", NOTHING, "once", "training", told=told)

    def _tracked(self) -> Iterator[SpecDifference]:
        ours, theirs = facts.tracked(self.ours), facts.tracked(self.theirs)
        if (ours is None) != (theirs is None) and self.ours.step:
            yield self._difference("losses that the model tracks:", "training", ours, theirs)

    def _applied(self) -> Iterator[SpecDifference]:
        if self.ours.step and facts.applied(self.ours) is None:
            told = "No step applies its gradients, so that nothing is trained."
            yield SpecDifference("gradients applied:", NOTHING, "yes", "training", told=told)
        if self.loop.dialect == "torch" and facts.accumulates(self.ours):
            told = (
                "No step clears its gradients (zero_grad), so that each update descends on "
                "the sum of all gradients so far."
            )
            yield SpecDifference("gradients cleared:", "never", "yes", "training", told=told)

    def _metrics(self) -> Iterator[SpecDifference]:
        theirs = {use.role: use for use in facts.metric_uses(self.theirs)}
        ours = {use.role: use for use in facts.metric_uses(self.ours)}
        for role, other in theirs.items():
            one = ours.get(role)
            if one is None:
                if self.ours.step:
                    told = f"No metric is updated in {role}, where the section updates one."
                    kind = "evaluation"
                    yield SpecDifference(
                        f"{role} metric:",
                        NOTHING,
                        "updated",
                        kind,
                        ("", self._use(other)),
                        (),
                        told,
                    )
                continue
            yield from self._use_of(role, one, other)
        for role, use in ours.items():
            if role not in theirs:
                said = Said(f"{use.name} updated", use.node)
                yield self._difference(f"{role} metric:", "evaluation", said, None)
        kinds = [facts.metrics(self.ours), facts.metrics(self.theirs)]
        names = [list(dict.fromkeys(said.text for said in found)) for found in kinds]
        if ours and theirs and names[0] != names[1]:
            a, b = (", ".join(found) for found in names)
            yield SpecDifference("metric", a, b, "evaluation")

    def _use_of(self, role: str, one: MetricUse, other: MetricUse) -> Iterator[SpecDifference]:
        ids = (f"line {self.loop.line(one.node)}", self._use(other))
        if other.reset and not one.reset:
            told = (
                f"{one.name} is never reset: from the second epoch on its {role} accuracy is over "
                "all epochs so far, not over the epoch."
            )
            yield SpecDifference(
                f"{role} metric:", "never reset", "reset each epoch", "evaluation", ids, (), told
            )
        if other.read and not one.read:
            told = f"{one.name} is updated and never read."
            yield SpecDifference(
                f"{role} metric:", "never read", "read", "evaluation", ids, (), told
            )

    def _use(self, use: MetricUse) -> str:
        return self._by_line.get(getattr(use.node, "lineno", 0), "")


def explained(loop: Loop, program: Program) -> tuple[SpecDifference, ...]:
    """What a document does differently from a section's program of its own, in its dialect."""
    by_line = {
        line: next((op for op in s.ops if "[" in op), "")
        for s, (first, last) in zip(program.statements, program.spans, strict=True)
        for line in range(first, last + 1)
    }
    return Explainer(loop, parts(ast.parse(program.source)), by_line).run()


def explained_beside(loop: Loop, other: Loop) -> tuple[SpecDifference, ...]:
    """What a document does differently from another one."""
    by_line = {row: f"line {line}" for row, line in enumerate(other.lines, 1)}
    return Explainer(loop, parts(other.tree), by_line).run()
