"""The packages of an environment, read with griffe and never imported."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import griffe
from attrs import define, field

_DEEP = 12  # re-exports of re-exports that are followed


@define(eq=False)
class Source:
    """Modules below a `site-packages` folder, each read when it is asked for.

    Attributes:
        root: the folder.
        package: the distribution package that stands for `keras` (`tf_keras` for legacy Keras).
    """

    root: Path
    package: str = "keras"
    _modules: dict[str, griffe.Module | None] = field(factory=dict, init=False)

    def find(self, dotted: str) -> griffe.Object | None:
        """The class, function, attribute or module of a public name; None where there is none."""
        if dotted.partition(".")[0] == "keras":
            rest = dotted.partition(".")[2]
            for start in (self.package, f"{self.package}.api._v2.keras", f"{self.package}.api"):
                found = self._find(f"{start}.{rest}" if rest else start, _DEEP)
                if found is not None:
                    return found
            return None
        return self._find(dotted, _DEEP)

    def _find(self, dotted: str, left: int) -> griffe.Object | None:
        if not left:
            return None
        parts = dotted.split(".")
        for cut in range(len(parts), 0, -1):
            module = self.module(".".join(parts[:cut]))
            if module is not None:
                return self._within(module, parts[cut:], left)
        return None

    def _within(self, module: griffe.Module, rest: list[str], left: int) -> griffe.Object | None:
        if not rest:
            return module
        name, *others = rest
        member = module.members.get(name)
        if member is None:
            for star in self._stars(module):
                found = self._find(".".join((star, *rest)), left - 1)
                if found is not None:
                    return found
            return None
        if isinstance(member, griffe.Alias):
            return self._find(".".join((member.target_path, *others)), left - 1)
        for other in others:
            if not isinstance(member, griffe.Class) or other not in member.members:
                return None
            inner = member.members[other]
            if isinstance(inner, griffe.Alias):
                return None
            member = inner
        return member

    def _stars(self, module: griffe.Module) -> Iterator[str]:
        """The modules that a module imports everything from."""
        for name, member in module.members.items():
            if name.endswith("/*") and isinstance(member, griffe.Alias):
                yield member.target_path

    def module(self, dotted: str) -> griffe.Module | None:
        """A module; None where there is no such file."""
        if dotted not in self._modules:
            self._modules[dotted] = self._read(dotted)
        return self._modules[dotted]

    def _read(self, dotted: str) -> griffe.Module | None:
        stem = self.root.joinpath(*dotted.split("."))
        for path in (stem / "__init__.py", stem.with_name(f"{stem.name}.py")):
            if path.is_file():
                text = path.read_text(encoding="utf-8", errors="replace")
                try:
                    return griffe.visit(dotted, filepath=path, code=text)
                except SyntaxError:
                    return None
        return None

    def bases(self, kind: griffe.Class) -> Iterator[griffe.Class]:
        """A class and those it is made from, as far as they are in these packages."""
        yield from self._bases(kind, _DEEP)

    def _bases(self, kind: griffe.Class, left: int) -> Iterator[griffe.Class]:
        yield kind
        if not left:
            return
        for base in kind.bases:
            found = self._named(kind, str(base))
            if isinstance(found, griffe.Class) and found is not kind:
                yield from self._bases(found, left - 1)

    def _named(self, kind: griffe.Class, name: str, left: int = _DEEP) -> griffe.Object | None:
        """What a name in a class's module stands for, other names for it followed."""
        module = self.module(kind.module.path)
        if module is None:
            return None
        first, _, rest = name.partition(".")
        member = module.members.get(first)
        if member is None:
            return None
        if isinstance(member, griffe.Alias):
            return self._find(".".join(filter(None, (member.target_path, rest))), _DEEP)
        if isinstance(member, griffe.Attribute) and member.value is not None and left:
            return self._named(kind, str(member.value), left - 1)
        return member

    def constructor(self, kind: griffe.Class) -> griffe.Function | None:
        """What is called to make an object: the nearest `__init__`."""
        return self.method(kind, "__init__")

    def method(self, kind: griffe.Class, name: str) -> griffe.Function | None:
        """A method of a class or of what it is made from."""
        for owner in self.bases(kind):
            member = owner.members.get(name)
            if isinstance(member, griffe.Function):
                return member
        return None

    def has(self, kind: griffe.Class, name: str) -> bool:
        """Whether a class, or what it is made from, has a member of that name."""
        return any(name in owner.members for owner in self.bases(kind))


def packages_of(environment: Path) -> Path:
    """The `site-packages` folder of an environment."""
    found = [*environment.glob("lib/python*/site-packages"), environment / "Lib/site-packages"]
    return found[0]
