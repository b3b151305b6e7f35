"""All operators, and the mutants that they make of a section."""

from __future__ import annotations

from attrs import frozen

from core.errors import SpecError, UsageError, did_you_mean
from core.spec.mutation import looping, references, sequences, steps, values
from core.spec.mutation.mutant import Mutant, Operator
from core.spec.mutation.reasons import reason
from core.spec.scenario import Scenario

OPERATORS: tuple[Operator, ...] = (
    sequences.dropped,
    sequences.doubled,
    sequences.later,
    sequences.earlier,
    sequences.swapped,
    sequences.passed_over,
    sequences.added_again,
    sequences.reversed_parts,
    sequences.of_layers,
    references.other_names,
    references.another_loss,
    references.fresh,
    steps.constant_labels,
    steps.summed_loss,
    steps.constant_noise,
    values.of_ops,
    values.of_continued,
    values.another_optimizer,
    looping.of_loop,
    looping.another_dataset,
    looping.of_execution,
    looping.of_lines,
)


@frozen
class Mutants:
    """What the operators make of a section.

    Attributes:
        valid: mutants that keep the rules of specs, each another section, in the operators' order.
        refused: names of those that the rules refuse: they cannot be written down, so that there
            is nothing to find in a run.
    """

    valid: tuple[Mutant, ...]
    refused: tuple[str, ...]


def mutants(scenario: Scenario) -> Mutants:
    """Every mutant of a section; of several that are the same section, the first."""
    found: dict[str, Mutant] = {}
    seen = {scenario}
    refused: list[str] = []
    for operator in OPERATORS:
        for draft in operator(scenario):
            try:
                changed = draft.make()
            except SpecError:
                refused.append(draft.name)
                continue
            if changed not in seen:
                seen.add(changed)
                why = reason(scenario, draft)
                made = Mutant(draft.operator, draft.site, draft.words, changed, why)
                found.setdefault(made.name, made)
    return Mutants(tuple(found.values()), tuple(dict.fromkeys(refused)))


def mutant(scenario: Scenario, name: str) -> Mutant:
    """The mutant of a section that has a name.

    Raises:
        UsageError: it has no such mutant.
    """
    found = {one.name: one for one in mutants(scenario).valid}
    if name not in found:
        raise UsageError(
            f"no such mutant {name!r}",
            where=scenario.id,
            expected="operator@site, as `parity sensitivity --list` prints them",
            remedy=did_you_mean(name, list(found), "see `parity sensitivity --list`"),
        )
    return found[name]
