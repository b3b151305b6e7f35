"""Operators over the loop, its numbering, and what it prints."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial

import attrs

from core.spec import ops
from core.spec.kinds import Kind
from core.spec.mutation.mutant import Draft
from core.spec.mutation.places import Place, known_before, places, put
from core.spec.mutation.values import Variants, both, only, other, plus, times, with_field
from core.spec.scenario import Scenario

FIELDS: Mapping[str, Variants] = {
    "epochs": plus(-1, 1),
    "log_every": both(plus(-1, 1), times(2)),
    "first_epoch": other(0, 1),
    "first_step": other(0, 1),
    "break_above": both(plus(-1, 1), only(int, other(None))),
    "exhausted": other(True, False),
    "announce": only(tuple, other(())),
    "closing": only(tuple, other(())),
}


def of_loop(scenario: Scenario) -> Iterator[Draft]:
    """Another length, another numbering, an iterator used up, a line left out."""
    for field, variants in FIELDS.items():
        for word, changed in variants(getattr(scenario.loop, field)):
            name = f"{field.replace('_', '-')}-{word or 'none'}"
            yield Draft(
                name,
                "loop",
                f"the loop: {name.replace('-', ' ')}",
                partial(_looping, scenario, field, changed),
            )


def _looping(scenario: Scenario, field: str, changed: object) -> Scenario:
    return attrs.evolve(scenario, loop=with_field(scenario.loop, field, changed))


def another_dataset(scenario: Scenario) -> Iterator[Draft]:
    """The loop trains on another data set."""
    for name, kind in scenario.setup_names.items():
        if kind is Kind.DATASET and name != scenario.loop.dataset:
            yield Draft(
                "trains-on-other",
                "loop",
                f"the loop iterates over {name}",
                partial(_looping, scenario, "dataset", name),
            )


def of_execution(scenario: Scenario) -> Iterator[Draft]:
    """The step compiled where the guide runs it eagerly, and the other way round."""
    execution = "eager" if scenario.execution == "graph" else "graph"
    yield Draft(
        f"execution-{execution}",
        "scenario",
        f"the step runs as {execution}",
        partial(attrs.evolve, scenario, execution=execution),
        "it computes the same; what differs is the time it takes, which `parity bench` measures",
    )


def of_lines(scenario: Scenario) -> Iterator[Draft]:
    """A printed line with another word or another number in it."""
    for place in places(scenario):
        op = place.op
        if isinstance(op, ops.Log):
            for operator, words, template in _templates(scenario, place, op):
                line = attrs.evolve(op, template=template)
                yield Draft(operator, place.name, words, partial(put, scenario, place, line))
    for field in ("announce", "closing"):
        for index, line in enumerate(getattr(scenario.loop, field)):
            template = _mistyped(line.template)
            lines = list(getattr(scenario.loop, field))
            lines[index] = attrs.evolve(line, template=template)
            yield Draft(
                "line-mistyped",
                f"loop.{field}[{index}]",
                "a letter of a printed line is another",
                partial(_looping, scenario, field, tuple(lines)),
            )


def _mistyped(template: str) -> str:
    return re.sub(r"[A-Za-z]", lambda found: "x" if found[0] != "x" else "y", template, count=1)


def _templates(scenario: Scenario, place: Place, op: ops.Log) -> Iterator[tuple[str, str, str]]:
    yield "line-mistyped", "a letter of a printed line is another", _mistyped(op.template)
    known = known_before(scenario, place)
    numbers = [name for name, kind in known.items() if kind is Kind.NUMBER]
    for used, _ in op.uses():
        for name in numbers:
            if name != used:
                yield (
                    f"prints-{name.replace('_', '-')}",
                    f"{name} is printed in place of {used}",
                    op.template.replace("{" + used, "{" + name),
                )
    for first, second in (("step", "seen"), ("seen", "step")):
        if re.search(rf"{{{first}\b", op.template):
            swapped = re.sub(rf"{{{first}\b", "{" + second, op.template)
            yield f"prints-{second}", f"{second} in place of {first}", swapped
