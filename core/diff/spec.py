"""What two scenarios do differently, in words and values, op by op; and nothing else.

Every field of every op, of the loop and of the models is compared, so nothing that a run depends
on can be left out; names are compared up to a consistent renaming, so nothing else comes in.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs
from attrs import frozen

from core.diff.collecting import Collector
from core.diff.found import SpecDifference
from core.spec import Scenario

ORDER = ("data", "model", "training", "evaluation", "loop", "printed")


@frozen
class Comparison:
    """Two scenarios, op by op.

    Attributes:
        differences: everything that differs, what changes numbers first.
        partners: ids of the second scenario's ops by those of the first.
    """

    differences: tuple[SpecDifference, ...]
    partners: dict[str, str]


def compare_specs(a: Scenario, b: Scenario) -> Comparison:
    """What two scenarios do differently."""
    found = Collector(a, b).run()
    return Comparison(tuple(_merged(found.differences)), found.partners)


def _merged(differences: list[SpecDifference]) -> Iterator[SpecDifference]:
    """Differences in order of weight, those that say the same of several objects as one."""
    kept: dict[tuple[str, str, str, str], SpecDifference] = {}
    for one in differences:
        key = (
            (one.what, one.a, one.b, one.kind)
            if one.about
            else (one.what, one.a, one.b, "".join(one.ops))
        )
        if key in kept and one.about:
            about = dict.fromkeys((*kept[key].about, *one.about))
            kept[key] = attrs.evolve(kept[key], about=tuple(about))
        else:
            kept[key] = one
    yield from sorted(kept.values(), key=lambda one: ORDER.index(one.kind))


def earlier_partners(a: Scenario, b: Scenario) -> dict[str, str]:
    """Partners among the ops of earlier sections of the same name, which programs print too."""
    sections = {section.section: section for section in (*b.after, *b.continues)}
    found: dict[str, str] = {}
    for section in (*a.after, *a.continues):
        other = sections.get(section.section)
        if other is not None:
            found |= {
                f"{section.section}/{one}": f"{other.section}/{two}"
                for one, two in Collector(section, other).run().partners.items()
                if "/" not in one and "/" not in two
            }
    return found
