"""Which ops are written inside the statement that uses them, as a person would write them.

A spec names every intermediate result; a program nests what is used once, directly before its
use: labels filled where they are joined, noise drawn where it is added, a model called on another
model's output. What is nested, and what is added to in place, is decided here for all dialects.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from attrs import field, frozen

from core.spec import ops
from core.spec.kinds import Op
from core.spec.scenario import flat

MayNest = Callable[[Op, Op], bool]


@frozen
class Written:
    """A statement to print: an op with the ops nested in it.

    Attributes:
        op: the op that gives the statement its form.
        place: its position in the phase, `3` or `8.1`.
        nested: the ops written inside it, by the name they make.
        places: the positions of all of them, in the spec's order.
        onto: the variable it adds to in place, where it does.
    """

    op: Op
    place: str
    nested: Mapping[str, Op]
    places: tuple[str, ...]
    onto: str | None = None


def in_words(op: Op, user: Op) -> bool:
    """What may be nested where a program is a plain sequence of statements."""
    match op, user:
        case ops.Fill(), ops.Concat():
            return True
        case ops.Fill(), ops.Loss():
            return op.out == user.target
        case ops.Draw(), ops.Affine():
            return op.out == user.x
        case ops.Call(), ops.Call():
            return op.training is None and user.training is None
    return False


def fills_only(op: Op, user: Op) -> bool:
    """What may be nested where draws and calls also hand back a state."""
    return isinstance(op, ops.Fill) and in_words(op, user)


@frozen
class Nesting:
    """The statements of a phase.

    Attributes:
        sequence: the whole phase.
        may_nest: whether an op may be written inside another.
        renamed: names that share the variable of what is made from them in place.
    """

    sequence: tuple[Op, ...]
    may_nest: MayNest
    renamed: Mapping[str, str] = field(init=False)

    def __attrs_post_init__(self) -> None:
        names: dict[str, str] = {}
        for op in flat(self.sequence):
            source = _added_to(op)
            if source is not None and self._only_for(op, source):
                names[source] = op.makes()[0][0]
        object.__setattr__(self, "renamed", names)

    def variable(self, name: str) -> str:
        """The variable that holds what a name stands for."""
        while name in self.renamed:
            name = self.renamed[name]
        return name

    def _uses(self, name: str) -> list[Op]:
        return [op for op in flat(self.sequence) for used, _ in op.uses() if used == name]

    def _only_for(self, op: Op, name: str) -> bool:
        """Whether a tensor serves one op only, its size asked for by what is nested there aside."""
        made = any(
            (name, kind) in other.makes()
            for other in flat(self.sequence)
            for _, kind in other.makes()
        )
        others = [user for user in self._uses(name) if user is not op]
        return made and all(
            isinstance(user, ops.Draw) and isinstance(op, ops.Affine) and user.out == op.x
            for user in others
        )

    def statements(self, sequence: Sequence[Op], inside: str = "") -> list[Written]:
        """The statements of one level: the phase itself, or a scope's body (`inside` = `8.`)."""
        found: list[Written] = []
        index = len(sequence) - 1
        while index >= 0:
            op = sequence[index]
            nested: dict[str, Op] = {}
            places = [f"{inside}{index}"]
            first = index
            while first > 0 and self._nests(sequence[first - 1], (op, *nested.values())):
                first -= 1
                nested[sequence[first].makes()[0][0]] = sequence[first]
                places.insert(0, f"{inside}{first}")
            source = _added_to(op)
            onto = self.variable(op.makes()[0][0]) if source in self.renamed else None
            found.append(Written(op, f"{inside}{index}", nested, tuple(places), onto))
            index = first - 1
        return list(reversed(found))

    def _nests(self, op: Op, group: tuple[Op, ...]) -> bool:
        made = op.makes()
        if len(made) != 1:
            return False
        users = self._uses(made[0][0])
        if len(users) != 1 or users[0] not in group or not self.may_nest(op, users[0]):
            return False
        return not (
            isinstance(op, ops.Draw) and any(isinstance(other, ops.Draw) for other in group)
        )


def _added_to(op: Op) -> str | None:
    """The tensor that an op adds something to."""
    match op:
        case ops.AddTracked():
            return op.loss
        case ops.Affine(plus=str()):
            return op.plus
    return None


def known_shapes(sequence: tuple[Op, ...]) -> dict[str, tuple[ops.Dim, ...]]:
    """The dimensions after the first of tensors that ops fill, draw and join."""
    shapes: dict[str, tuple[ops.Dim, ...]] = {}
    for op in flat(sequence):
        match op:
            case ops.Fill() | ops.Draw():
                shapes[op.out] = op.shape[1:]
            case ops.Concat() if op.parts[0] in shapes:
                shapes[op.out] = shapes[op.parts[0]]
    return shapes


def shape_of(shape: tuple[ops.Dim, ...], shapes: Mapping[str, tuple[ops.Dim, ...]]) -> str | None:
    """The tensor whose whole shape a shape is, where there is one."""
    first = shape[0]
    if isinstance(first, ops.BatchOf) and shapes.get(first.tensor) == shape[1:]:
        return first.tensor
    return None
