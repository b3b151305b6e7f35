"""Which differentiated values an optimizer's update came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .values import key_of, leaves_of

_KEPT = 64


@dataclass(eq=False)
class Target:
    """A value that was differentiated.

    Attributes:
        value: the very object: a tensor, an array, or a symbol while a function is traced.
        site: the document's line that asked for the gradient, 0 where it is not known.
        sources: identities of the variables it was differentiated for; empty where not known.
        results: some of the gradients.
    """

    value: object
    site: int
    sources: frozenset[int] = frozenset()
    results: tuple[object, ...] = ()


def target_of(value: object, site: int, sources: object, results: object) -> Target:
    """A target, from the arguments and the result of a gradient call."""
    return Target(
        value,
        site,
        frozenset(key_of(leaf) for leaf in leaves_of(sources)),
        tuple(leaves_of(results)[:3]),
    )


class Pending:
    """Targets that no update has used yet."""

    def __init__(self) -> None:
        self._targets: list[Target] = []

    def add(self, target: Target) -> None:
        """A new target; the oldest is forgotten where there are very many."""
        self._targets.append(target)
        # A loop that differentiates and never applies would keep every tensor alive.
        del self._targets[:-_KEPT]

    def take(self, gradients: Iterable[object], variables: Iterable[object]) -> list[Target]:
        """The targets of an update: by its gradients, else by its variables, else all unnamed."""
        if not self._targets:
            return []
        # First the gradients themselves, which is exact where they reach the optimizer as they are.
        given = {id(gradient) for gradient in gradients}
        chosen = [t for t in self._targets if any(id(result) in given for result in t.results)]
        if not chosen:
            # Clipped or averaged gradients are new objects; the variables they are for still tell.
            wanted = {key_of(variable) for variable in variables}
            chosen = [t for t in self._targets if t.sources & wanted]
        if not chosen:
            # A gradient call that names no variables, such as torch's `backward`, may be anybody's.
            chosen = [t for t in self._targets if not t.sources]
        self._targets = [t for t in self._targets if not any(t is taken for taken in chosen)]
        return chosen

    def rest(self) -> list[Target]:
        """Every target left; none are left after."""
        rest, self._targets = self._targets, []
        return rest
