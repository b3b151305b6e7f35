"""Collects the differences of two scenarios, phase by phase."""

from __future__ import annotations

import attrs

from core.diff.found import NOTHING, SpecDifference
from core.diff.likeness import in_both_orders, likeness, likeness_of_lines
from core.diff.models import model_differences
from core.diff.pairing import Pairs, in_order, moved
from core.diff.renaming import Renaming
from core.diff.resolved import SectionOp, phase_ops
from core.diff.words import (
    DATA,
    EXECUTIONS,
    KINDS,
    LOOP,
    LOOP_PLACES,
    PHASE_WORDS,
    PHRASES,
    described,
    plain,
    set_aside,
)
from core.spec import PHASES, Scenario, ops
from core.spec.kinds import Kind, Op


class Collector:
    """Collects the differences of two scenarios."""

    def __init__(self, a: Scenario, b: Scenario) -> None:
        self.a, self.b = a, b
        self.renaming = Renaming()
        self.differences: list[SpecDifference] = []
        self.partners: dict[str, str] = {}
        for old, new in zip(a.loop.batch, b.loop.batch, strict=False):
            self.renaming.bind(old, new)

    def run(self) -> Collector:
        """Compares everything."""
        self.sections()
        for phase in PHASES:
            self.phase(phase)
        self.loop()
        return self

    def add(
        self,
        what: str,
        a: str,
        b: str,
        kind: str,
        sequence: tuple[str, str] = ("", ""),
        about: str = "",
    ) -> None:
        """One more difference."""
        told = (about,) if about else ()
        self.differences.append(SpecDifference(what, a, b, kind, sequence, told))

    def sections(self) -> None:
        """How the step runs, and what the sections come after."""
        a, b = self.a, self.b
        if a.execution != b.execution:
            self.add("step runs", EXECUTIONS[a.execution], EXECUTIONS[b.execution], "training")
        before = [tuple(s.section for s in scenario.after) for scenario in (a, b)]
        if before[0] != before[1]:
            self.add("constructed before it:", plain(before[0]), plain(before[1]), "model")
        first, second = a.trains_first, b.trains_first
        names = [tuple(s.section for s in sections) for sections in (first, second)]
        if names[0] != names[1]:
            self.add("trains first:", plain(names[0]), plain(names[1]), "training")
        for one, other in zip(first, second, strict=False):
            if one.section == other.section and Collector(one, other).run().differences:
                self.add("continues from sections that differ:", one.id, other.id, "training")

    def phase(self, phase: str) -> None:
        """The ops of one phase."""
        ours, theirs = phase_ops(self.a, phase), phase_ops(self.b, phase)
        pairs = in_order(ours, theirs, likeness)
        pairs = moved(pairs, ours, theirs, likeness)
        both = [(ours[i], theirs[j]) for i, j in pairs if i is not None and j is not None]
        for one, other in both:
            self.partners[one.id] = other.id
            self.renaming.learn(one.op, other.op)
        for i, j in pairs:
            if i is None or j is None:
                self._alone(
                    phase, ours[i] if i is not None else None, theirs[j] if j is not None else None
                )
        for one, other in both:
            self._pair(phase, one, other)
        self._order(phase, ours, theirs, pairs)

    def _alone(self, phase: str, ours: SectionOp | None, theirs: SectionOp | None) -> None:
        there = ours or theirs
        assert there is not None
        said = described(there.op)
        what = f"{PHASE_WORDS[phase]}:"
        ids = (ours.id if ours else "", theirs.id if theirs else "")
        a, b = (said, NOTHING) if ours else (NOTHING, said)
        self.add(what, a, b, _kind(phase, there.op), ids)

    def _pair(self, phase: str, ours: SectionOp, theirs: SectionOp) -> None:
        a, b = self.renaming.op(ours.op), theirs.op
        ids = (ours.id, theirs.id)
        if ours.origin != theirs.origin:
            name = theirs.op.makes()[0][0] if theirs.op.makes() else theirs.op.words
            taken = [
                f"continues from {p.origin}" if p.origin else "newly made" for p in (ours, theirs)
            ]
            kinds = {kind for _, kind in theirs.op.makes()}
            if kinds != {Kind.ARRAYS}:
                self.add("taken up:", taken[0], taken[1], _kind(phase, b), ids, name)
        if isinstance(a, ops.BuildModel) and isinstance(b, ops.BuildModel):
            for what, one, other in model_differences(a.model, b.model):
                self.add(what, one, other, "model", ids, self._about(b, ops.BuildModel))
            return
        tools = (ops.MakeOptimizer, ops.MakeLoss, ops.MakeMetric)
        if isinstance(a, tools) and isinstance(b, tools):
            self._tool(a, b, ids)
            return
        if isinstance(a, ops.SplitData) and isinstance(b, ops.SplitData):
            if set_aside(a) != set_aside(b):
                self.add("validation:", set_aside(a), set_aside(b), "data", ids)
            a = attrs.evolve(a, how=b.how, reserve=b.reserve)
        for attribute in attrs.fields(type(b)):
            name = attribute.name
            if isinstance(b, ops.GradScope) and name == "body":
                continue
            one, other = getattr(a, name), getattr(b, name)
            if one == other or name == "out":  # another name for what it makes is no difference
                continue
            self._field(phase, b, name, (getattr(ours.op, name), other), ids)

    def _field(
        self, phase: str, op: Op, name: str, values: tuple[object, object], ids: tuple[str, str]
    ) -> None:
        phrase = PHRASES.get((type(op), name))
        about = self._about(op, type(op)) if isinstance(op, DATA) else _step_name(phase, op)
        if phrase is None:
            what = f"{op.words}, {name.replace('_', ' ')}:"
            self.add(what, plain(values[0]), plain(values[1]), _kind(phase, op), ids, about)
            return
        a, b = (phrase.value(value) for value in values)
        self.add(phrase.what, a, b, phrase.kind or _kind(phase, op), ids, about)

    def _about(self, op: Op, kind: type[Op]) -> str:
        """The object's name, where a section has several of its kind."""
        made = op.makes()
        same = [p for p in phase_ops(self.b, "setup") if isinstance(p.op, kind)]
        return made[0][0] if made and len(same) > 1 else ""

    def _tool(self, a: Op, b: Op, ids: tuple[str, str]) -> None:
        """Optimizers, losses and metrics: another kind, or other values."""
        values = []
        for op in (a, b):
            value = next(getattr(op, f.name) for f in attrs.fields(type(op)) if f.name != "out")
            values.append(value)
        one, other = values
        word = {ops.MakeOptimizer: "optimizer", ops.MakeLoss: "loss", ops.MakeMetric: "metric"}[
            type(b)
        ]
        about = self._about(b, type(b))
        if type(one) is not type(other):
            self.add(word, plain(one), plain(other), "training", ids, about)
            return
        for attribute in attrs.fields(type(one)):
            old, new = getattr(one, attribute.name), getattr(other, attribute.name)
            if old != new:
                phrase = PHRASES.get((type(one), attribute.name))
                what = phrase.what if phrase else attribute.name.replace("_", " ")
                say = phrase.value if phrase else plain
                self.add(what, say(old), say(new), "training", ids, about)

    def _order(
        self, phase: str, ours: tuple[SectionOp, ...], theirs: tuple[SectionOp, ...], pairs: Pairs
    ) -> None:
        """Ops that both have in another order, where the order means something."""
        both = [(i, j) for i, j in pairs if i is not None and j is not None]
        if phase == "setup":
            both = [(i, j) for i, j in both if _draws(ours[i].op)]
        in_a = [i for i, _ in sorted(both)]
        in_b = [i for i, _ in sorted(both, key=lambda pair: pair[1])]
        if in_a == in_b:
            return
        partner = dict(both)
        if phase == "setup":
            said = [", then ".join(_short(ours[i].op) for i in order) for order in (in_a, in_b)]
            self.add("constructed in the order:", said[0], said[1], "model")
            return
        settled = set(in_both_orders(in_a, in_b))
        for i in in_a:
            if i not in settled:
                places = [_after(i, order, ours) for order in (in_a, in_b)]
                ids = (ours[i].id, theirs[partner[i]].id)
                what = f"{PHASE_WORDS[phase]}, place of {_short(theirs[partner[i]].op)}:"
                self.add(what, places[0], places[1], KINDS[phase], ids)

    def loop(self) -> None:
        """The epochs and steps around the step."""
        a, b = self.a.loop, self.b.loop
        for name, phrase in LOOP.items():
            one, other = getattr(a, name), getattr(b, name)
            if one != other:
                place = LOOP_PLACES.get(name, "")
                said = phrase.value(one), phrase.value(other)
                self.add(phrase.what, *said, "loop", (place, place))
        taken = [_cut(scenario) for scenario in (self.a, self.b)]
        if taken[0] != taken[1]:
            ids = ("loop.break", "loop.break")
            self.add("an epoch is cut short:", taken[0], taken[1], "loop", ids)
        if len(a.batch) != len(b.batch):
            self.add("a batch holds:", plain(a.batch), plain(b.batch), "data")
        if self.renaming.name(a.dataset) != b.dataset:
            self.add("goes over:", a.dataset, b.dataset, "data")
        for what, ours, theirs in (
            ("prints as an epoch begins:", a.announce, b.announce),
            ("prints after the last epoch:", a.closing, b.closing),
        ):
            self._lines(what, ours, theirs)

    def _lines(self, what: str, ours: tuple[ops.Log, ...], theirs: tuple[ops.Log, ...]) -> None:
        place = "announce" if "begins" in what else "closing"
        for i, j in in_order(ours, theirs, likeness_of_lines):
            one = ours[i] if i is not None else None
            other = theirs[j] if j is not None else None
            if one is None or other is None or self.renaming.op(one) != other:
                ids = (
                    "" if i is None else f"loop.{place}[{i}]",
                    "" if j is None else f"loop.{place}[{j}]",
                )
                said = [NOTHING if line is None else plain(line) for line in (one, other)]
                self.add(what, said[0], said[1], "printed", ids)


def _kind(phase: str, op: Op) -> str:
    if isinstance(op, DATA):
        return "data"
    return "printed" if isinstance(op, ops.Log) else KINDS[phase]


def _step_name(phase: str, op: Op) -> str:
    """The tensor that an op of a step makes, or the model that it calls."""
    if phase not in {"step", "evaluate"}:
        return ""
    return op.model if isinstance(op, ops.Call) else _short(op)


def _draws(op: Op) -> bool:
    shuffled = isinstance(op, ops.OpenDataset) and op.shuffle is not None
    return shuffled or isinstance(op, ops.BuildModel | ops.SeedFramework)


def _short(op: Op) -> str:
    made = op.makes()
    return made[0][0] if made else op.words


def _cut(scenario: Scenario) -> str:
    if scenario.loop.break_above is None or scenario.loop.exhausted:
        return "no"
    steps = scenario.loop.break_above - scenario.loop.first_step + 2
    return f"after {steps} steps"


def _after(item: int, order: list[int], sequence: tuple[SectionOp, ...]) -> str:
    place = order.index(item)
    return f"after {_short(sequence[order[place - 1]].op)}" if place else "first"
