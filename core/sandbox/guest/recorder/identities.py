"""Stable short names for objects of a framework."""

from __future__ import annotations


class Identities:
    """Names objects `model-1`, `model-2`, … in the order in which they are first seen.

    The objects are kept alive, so that an identity is never given twice.
    """

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._names: dict[int, str] = {}
        self.objects: dict[str, object] = {}

    def name(self, thing: object) -> tuple[str, bool]:
        """The object's name, and whether it is new."""
        known = self._names.get(id(thing))
        if known is not None:
            return known, False
        name = f"{self._kind}-{len(self.objects) + 1}"
        self._names[id(thing)] = name
        self.objects[name] = thing
        return name, True
