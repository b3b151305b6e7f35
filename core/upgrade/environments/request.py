"""What a SPEC asks for: requirements, constraints, an interpreter.

A SPEC is a requirement list (`keras==3.6.0 tensorflow-cpu==2.18.1`), or `@FILE` for a requirements
file, lock or pip freeze, followed by requirements that override the file's. A file pins far more
than a loop needs: it is reduced to the distributions that matter, and its other pins become
constraints, which hold only where something needs the package.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from attrs import frozen
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from core.errors import UsageError
from core.upgrade.environments.files import read_pins
from core.upgrade.environments.processor import on_cpu

FRAMEWORKS: Mapping[str, tuple[str, ...]] = {
    "tensorflow": ("tensorflow", "tensorflow-cpu"),
    "jax": ("jax", "jaxlib"),
    "torch": ("torch",),
}
"""The distributions that bring a backend, by its name."""

MATTERS = frozenset({"keras", "tf-keras", "numpy"})
"""What decides a scenario's numbers besides its framework."""

WORKER_NEEDS = ("attrs", "numpy")
"""Added to every environment: the worker that runs there needs these and nothing else."""

_EXAMPLE = 'write "keras==3.6.0 tensorflow-cpu==2.18.1", or "@requirements.txt keras==3.6.0"'


@frozen
class Request:
    """One environment, as asked for.

    Attributes:
        spec: the text it was asked with.
        requirements: what must be there, by distribution name; the worker's needs included.
        constraints: pins that hold where something needs the package, by distribution name.
        named: the distributions that the SPEC names itself or takes from its file.
        backend: the framework to run on.
        python: the interpreter asked for (`3.12`), empty for this one.
        notes: what a reader of the report must know (`CPU only`, …).
    """

    spec: str
    requirements: Mapping[str, str]
    constraints: Mapping[str, str]
    named: tuple[str, ...]
    backend: str
    python: str = ""
    notes: tuple[str, ...] = ()

    @property
    def legacy(self) -> str:
        """`tf_keras` where the SPEC names legacy Keras; Keras before 3.0 shows in the lock."""
        return "tf_keras" if "tf-keras" in self.named else ""


_URL = re.compile(r"\s+@\s+(?=\w[\w+.-]*:)")  # `keras @ file:///…`: one word, as `keras@file:///…`


def read_spec(
    text: str,
    *,
    backend: str | None = None,
    imports: Iterable[str] | None = None,
    prefer: Sequence[str] = (),
) -> Request:
    """Reads a SPEC.

    Args:
        text: the SPEC.
        backend: the framework to run on; None takes the first that the SPEC names.
        imports: the distributions that a document imports, to which a file is reduced; None
            reduces it to what decides a scenario's numbers.
        prefer: frameworks to take first, where the SPEC names them and `backend` is None.

    Raises:
        UsageError: not a SPEC, a file that cannot be read, or no framework in it.
    """
    try:
        tokens = shlex.split(_URL.sub("@", text))
    except ValueError as error:
        raise _wrong(text, f"{text!r} cannot be split into words ({error})") from error
    files = [Path(token[1:]).expanduser() for token in tokens if token.startswith("@")]
    words = [token for token in tokens if not token.startswith("@")]
    notes: list[str] = []
    python = ""
    pins: dict[str, Requirement] = {}
    for file in files:
        found = read_pins(file)
        pins |= {canonicalize_name(pin.name): pin for pin in found.pins}
        python = found.python or python
        notes += found.notes
    given: dict[str, Requirement] = {}
    for word in words:
        name, requirement = _requirement(word, text)
        if name == "python":
            python = str(requirement.specifier).lstrip("=~")
        else:
            given[name] = requirement
    chosen = _backend({*given, *pins}, (backend,) if backend else (*prefer, *FRAMEWORKS))
    if chosen is None:
        raise _wrong(text, f"{text!r} names no {backend or 'framework'}")
    matters: set[str] = set(MATTERS)
    if imports is not None:
        matters = {canonicalize_name(name) for name in imports}
    matters = {*matters, *FRAMEWORKS[chosen]}
    held = {n: pin for n, pin in pins.items() if n in matters and n not in given}
    wanted = held | given
    requirements, said = on_cpu(wanted)
    if len(held) < len(pins) and pins:
        notes.append(
            f"{', '.join(str(file) for file in files)}: {len(pins)} packages reduced to "
            f"{', '.join(sorted(held)) or 'none'}; the others' versions hold where they are needed"
        )
    constraints, more = on_cpu(
        {n: pin for n, pin in pins.items() if n not in wanted and n not in _all_frameworks()}
    )
    for name in WORKER_NEEDS:
        requirements.setdefault(name, constraints.pop(name, name))
    return Request(
        spec=text,
        requirements=requirements,
        constraints=constraints,
        named=tuple(wanted),
        backend=chosen,
        python=python,
        notes=tuple(dict.fromkeys([*notes, *said, *more])),
    )


def _requirement(word: str, text: str) -> tuple[str, Requirement]:
    try:
        requirement = Requirement(word)
    except InvalidRequirement as error:
        hint = f" (for the file of this name write @{word})" if Path(word).exists() else ""
        raise _wrong(text, f"{word!r} is no requirement{hint}") from error
    return canonicalize_name(requirement.name), requirement


def _all_frameworks() -> set[str]:
    return {name for names in FRAMEWORKS.values() for name in names}


def _backend(names: set[str], order: Sequence[str]) -> str | None:
    return next((backend for backend in order if names & {*FRAMEWORKS[backend]}), None)


def _wrong(text: str, what: str) -> UsageError:
    return UsageError(
        what,
        where=f"SPEC {text!r}",
        expected="requirements of packages, with TensorFlow, JAX or torch among them, or @FILE",
        remedy=_EXAMPLE,
    )
