"""One difference of two scenarios, as a sentence."""

from __future__ import annotations

from attrs import field, frozen

NOTHING = "nothing"


@frozen
class SpecDifference:
    """One difference.

    Attributes:
        what: what differs: `batch size`.
        a: how it is in the first scenario.
        b: how it is in the second.
        kind: `data`, `model`, `training`, `evaluation`, `loop` or `printed`; the last changes no
            number of a run.
        ops: ids of the ops, the first scenario's and the second's; empty where one has none.
        told: the whole sentence, where values alone would not explain it.
        about: the objects it is about, where several of a kind differ alike.
    """

    what: str
    a: str
    b: str
    kind: str
    ops: tuple[str, str] = ("", "")
    about: tuple[str, ...] = field(default=())
    told: str = ""

    @property
    def sentence(self) -> str:
        """`batch size 32 ↔ 64`."""
        if self.told:
            return self.told
        about = f" ({', '.join(self.about)})" if self.about else ""
        if "…" in self.what:
            before, after = self.what.split(" … ", 1)
            return f"{before} {self.a} ↔ {self.b} {after}{about}"
        return f"{self.what} {self.a} ↔ {self.b}{about}"
