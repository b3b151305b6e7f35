"""A section of a translated guide: the original's spec under another guide's name."""

from __future__ import annotations

import attrs

from core.errors import SpecError
from core.spec import ops
from core.spec.scenario import Guide, Scenario


def translated(
    original: Scenario, guide: Guide, title: str, earlier: tuple[Scenario, ...] = ()
) -> Scenario:
    """The same section in a translation of its guide.

    Phases and loop are the original's own values, not copies; only references to earlier sections
    point at the translation's sections, so that it runs in a session of its own. The lineage is
    the original's, so that controlled draws are equal.

    Args:
        original: the section translated.
        guide: the translation.
        title: its heading, in our words.
        earlier: the translation's sections so far, in order.

    Raises:
        SpecError: an earlier section that the original needs has no translation.
    """
    known = {scenario.section: scenario for scenario in earlier}

    def own(section: Scenario) -> Scenario:
        if section.section not in known:
            raise SpecError(
                f"no translation of {section.id}",
                where=f"{guide.id}/{original.section}",
                expected="a translation of every section that the original comes after",
                remedy="pass it in `earlier`",
            )
        return known[section.section]

    setup = tuple(
        attrs.evolve(op, section=own(op.section)) if isinstance(op, ops.Continue) else op
        for op in original.setup
    )
    return attrs.evolve(
        original,
        guide=guide,
        title=title,
        setup=setup,
        after=tuple(own(section) for section in original.after),
        lineage=original.stream,
    )
