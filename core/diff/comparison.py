"""Two sections or dialects: what differs in words, then the code, op by op."""

from __future__ import annotations

from attrs import frozen

from core.dialects import Printing, printed
from core.diff.found import SpecDifference
from core.diff.rows import Row, align, side
from core.diff.spec import compare_specs, earlier_partners
from core.diff.subject import Subject, Titled
from core.diff.traits import dialect_differences


@frozen
class Comparison:
    """Everything that two subjects do differently.

    Attributes:
        a: the first.
        b: the second.
        spec: differences of the specs, then those of the dialects.
        rows: the code, aligned.
    """

    a: Titled
    b: Titled
    spec: tuple[SpecDifference, ...]
    rows: tuple[Row, ...]

    @property
    def decision(self) -> str:
        """The result in one sentence."""
        names = f"{self.a.text} and {self.b.text}"
        if not self.spec:
            same = "the same training" if self.a.dialect.id == self.b.dialect.id else "one spec"
            return f"{names}: {same}, nothing differs"
        count = len(self.spec)
        print_only = sum(one.kind == "printed" for one in self.spec)
        said = f"{names} differ in {count} {'thing' if count == 1 else 'things'}"
        if print_only == count:
            return f"{said}, all of them only printed"
        return f"{said}, {print_only} of them only printed" if print_only else said


def compare_subjects(a: Subject, b: Subject, options: Printing) -> Comparison:
    """Compares specs, dialects and code; nothing is run and no framework imported.

    Raises:
        UsageError: a dialect that cannot say what its section does.
    """
    programs = [printed(one.scenario, one.dialect, options) for one in (a, b)]
    specs = compare_specs(a.scenario, b.scenario)
    found = list(specs.differences)
    same = a.scenario == b.scenario
    if same or not found:
        found += dialect_differences(a.scenario, a.dialect, b.dialect)
    changed = [one.ops for one in specs.differences]
    partners = earlier_partners(a.scenario, b.scenario) | specs.partners
    rows = align(side(programs[0]), side(programs[1]), None if same else partners, changed)
    return Comparison(a.titled, b.titled, tuple(found), rows)
