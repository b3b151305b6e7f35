"""Names of one scenario in terms of another's, learnt from ops that correspond."""

from __future__ import annotations

from core.spec.kinds import Op


class Renaming:
    """Maps names of the first scenario to those of the second."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._taken: dict[str, str] = {}

    def learn(self, a: Op, b: Op) -> None:
        """What two corresponding ops make stands for the same."""
        for (old, _), (new, _) in zip(a.makes(), b.makes(), strict=False):
            self.bind(old, new)

    def bind(self, old: str, new: str) -> None:
        """One name stands for another, unless either is spoken for."""
        if old not in self._names and new not in self._taken:
            self._names[old] = new
            self._taken[new] = old

    def name(self, name: str) -> str:
        """A name of the first scenario as the second has it."""
        return self._names.get(name, name)

    def op(self, op: Op) -> Op:
        """An op of the first scenario in the second's names."""
        return op.renamed(self.name)
