"""What a loop does, explained once: its ops, and the words of the program around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType, ModuleType

from attrs import frozen

from core.site.texts import Text
from core.site.words.loading import table
from core.spec.kinds import Op
from core.spec.ops import log, setup, step


@frozen
class Explanation:
    """An op, or a word of the loop around the ops.

    Attributes:
        key: the op's class, `GradScope`, or the word, `loop.batch`.
        name: what a row of code is called.
        what: what it is.
        without: what goes wrong without it, or where it is done wrongly.
    """

    key: str
    name: Text
    what: Text
    without: Text

    @property
    def anchor(self) -> str:
        """Its place on the page of ops."""
        return self.key.replace(".", "-").lower()


def _ops(module: ModuleType) -> Iterator[str]:
    """The ops that a module defines."""
    for name, value in vars(module).items():
        own = isinstance(value, type) and issubclass(value, Op) and value is not Op
        if own and not name.startswith("_"):
            yield name


def _explained(name: str, module: ModuleType | None = None) -> Mapping[str, Explanation]:
    keys = None if module is None else tuple(_ops(module))
    return table(f"explanations/{name}.toml", Explanation, keys)


GROUPS: Mapping[str, Mapping[str, Explanation]] = MappingProxyType(
    {
        "setup": _explained("setup", setup),
        "step": _explained("step", step),
        "log": _explained("log", log),
        "around": _explained("around"),
    }
)
EXPLANATIONS: Mapping[str, Explanation] = MappingProxyType(
    {key: one for group in GROUPS.values() for key, one in group.items()}
)
