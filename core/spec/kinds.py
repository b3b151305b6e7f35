"""What a name in a scenario stands for, how a field says so, and the base that every op shares."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum
from typing import ClassVar, Self

import attrs
from attrs import frozen

from core.spec import rules


class Kind(Enum):
    """The sort of thing an op makes or uses."""

    MODEL = "model"
    OPTIMIZER = "optimizer"
    LOSS = "loss function"
    METRIC = "metric"
    ARRAYS = "arrays"
    DATASET = "dataset"
    TENSOR = "tensor"
    TAPE = "tape"
    GRADIENTS = "gradients"
    NUMBER = "number"


class Role(Enum):
    """What an op does with a name: `BINDS` gives it to the ops of the phase that it runs."""

    USES = "uses"
    MAKES = "makes"
    BINDS = "binds"


Reference = tuple[str, Kind]
Naming = Callable[[str], str]


class Names(rules.Rule):
    """The rule of a field that holds names: one, several, none, or values that hold some.

    Attributes:
        role: what the op does with them.
        kind: what they stand for.
    """

    def __init__(self, role: Role, kind: Kind, rule: rules.Rule) -> None:
        super().__init__(rule.text, rule.holds)
        self.role = role
        self.kind = kind

    def read(self, value: object) -> Iterator[str]:
        """The names in a field's value, in order."""
        if isinstance(value, str):
            yield value
        elif isinstance(value, Named):
            yield from (name for name, _ in value.references(self.role))
        elif isinstance(value, tuple):
            for item in value:
                yield from self.read(item)

    def renamed(self, value: object, naming: Naming) -> object:
        """A field's value with other names in it."""
        if isinstance(value, str):
            return naming(value)
        if isinstance(value, Named):
            return value.renamed(naming)
        if isinstance(value, tuple):
            return tuple(self.renamed(item, naming) for item in value)
        return value


def uses(kind: Kind, rule: rules.Rule = rules.name) -> Names:
    """The field names what must exist before the op; `rule` is what its value keeps."""
    return Names(Role.USES, kind, rule)


def makes(kind: Kind, rule: rules.Rule = rules.name) -> Names:
    """The field names what exists after the op; `rule` is what its value keeps."""
    return Names(Role.MAKES, kind, rule)


def binds(kind: Kind, rule: rules.Rule = rules.name) -> Names:
    """The field names what exists in the phase that the op runs."""
    return Names(Role.BINDS, kind, rule)


@frozen
class Named:
    """A value whose fields hold names."""

    _named: ClassVar[tuple[tuple[str, Names], ...]] = ()  # once for each class, not for each call

    @classmethod
    def __attrs_init_subclass__(cls) -> None:
        cls._named = tuple(
            (each.name, each.validator)
            for each in attrs.fields(cls)
            if isinstance(each.validator, Names)
        )

    def references(self, role: Role) -> tuple[Reference, ...]:
        """The names of a role, with their kinds, in the order of the fields."""
        return tuple(
            (name, rule.kind)
            for field, rule in self._named
            if rule.role is role
            for name in rule.read(getattr(self, field))
        )

    def renamed(self, naming: Naming) -> Self:
        """The same value with other names."""
        changed = {f: rule.renamed(getattr(self, f), naming) for f, rule in self._named}
        return attrs.evolve(self, **changed) if changed else self


@frozen
class Op(Named):
    """One small thing a loop does.

    Its fields say which names must exist before it (`uses`) and which exist after it (`makes`).
    Each name is made once within its phase (single assignment).
    """

    words: ClassVar[str] = "an operation"

    def uses(self) -> tuple[Reference, ...]:
        """Names and kinds this op reads."""
        return self.references(Role.USES)

    def makes(self) -> tuple[Reference, ...]:
        """Names and kinds this op creates."""
        return self.references(Role.MAKES)
