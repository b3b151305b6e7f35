"""The public API in two environments, compared as far as code uses it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import griffe
from attrs import frozen

from core.upgrade.why.source import Source
from core.upgrade.why.usage import Usage

_OWNERS = (
    "keras.Model",
    "keras.layers.Layer",
    "keras.optimizers.Optimizer",
    "keras.metrics.Metric",
    "keras.losses.Loss",
)
"""Whose methods a method's name is looked up in, besides those of the classes that are used."""

_VARIADIC = (griffe.ParameterKind.var_keyword, griffe.ParameterKind.var_positional)


@frozen
class ApiChange:
    """One difference.

    Attributes:
        name: the public name, or `Owner.method`.
        kind: `removed`, `added`, `parameter removed`, `parameter added`, `default changed`,
            `order changed`.
        before: how it was.
        after: how it is.
        passed: whether the code passes the parameter itself.
    """

    name: str
    kind: str
    before: str = ""
    after: str = ""
    passed: bool = False

    @property
    def loud(self) -> bool:
        """Whether code that uses it as before stops with an error."""
        return self.kind == "removed" or (self.kind == "parameter removed" and self.passed)

    @property
    def words(self) -> str:
        """The difference in one sentence."""
        if self.kind in ("removed", "added"):
            return f"{self.name} is {self.kind}"
        if self.kind == "parameter removed":
            tail = ", which is passed here" if self.passed else ""
            return f"{self.name} no longer takes {self.before}{tail}"
        if self.kind == "parameter added":
            return f"{self.name} takes {self.after}"
        return f"{self.name}: {self.before} becomes {self.after}"


def api_changes(baseline: Source, candidate: Source, usage: Usage) -> list[ApiChange]:
    """What changed in the public API of Keras, restricted to what code uses.

    Args:
        baseline: the packages of one environment.
        candidate: those of the other.
        usage: what the code uses.
    """
    found: list[ApiChange] = []
    for name, words in usage.names.items():
        before, after = baseline.find(name), candidate.find(name)
        if before is None and after is None:
            continue  # an attribute of an object, or no name of Keras
        if before is None or after is None:
            found.append(ApiChange(name, "removed" if after is None else "added"))
            continue
        found += _signature(
            name, _callable(baseline, before), _callable(candidate, after), frozenset(words)
        )
    return list(dict.fromkeys([*found, *_methods(baseline, candidate, usage)]))


def _callable(source: Source, found: griffe.Object) -> griffe.Function | None:
    if isinstance(found, griffe.Class):
        return source.constructor(found)
    return found if isinstance(found, griffe.Function) else None


def _methods(baseline: Source, candidate: Source, usage: Usage) -> Iterator[ApiChange]:
    """Methods by name, in every class that the code may have got an object of.

    A method counts as removed where no class that had it has it still, for which class an object
    has is not known.
    """
    owners = [*_OWNERS, *(name for name in usage.names if name.rpartition(".")[2][:1].isupper())]
    pairs = [
        (owner.removeprefix("keras."), one, other)
        for owner in dict.fromkeys(owners)
        if isinstance(one := baseline.find(owner), griffe.Class)
        and isinstance(other := candidate.find(owner), griffe.Class)
    ]
    for method, words in usage.methods.items():
        had = [name for name, one, _ in pairs if baseline.has(one, method)]
        has = [name for name, _, other in pairs if candidate.has(other, method)]
        if had and not set(had) & set(has):
            yield ApiChange(_owned(had, method), "removed")
        elif has and not had:
            yield ApiChange(_owned(has, method), "added")
        told: set[tuple[str, str]] = set()
        for name, one, other in pairs:
            if name not in had or name not in has:
                continue
            changes = _signature(
                f"{name}.{method}",
                baseline.method(one, method),
                candidate.method(other, method),
                frozenset(words),
            )
            for change in changes:
                if (change.before, change.after) not in told:
                    told.add((change.before, change.after))
                    yield change


def _owned(owners: list[str], method: str) -> str:
    """`optimizers.Optimizer.apply`, or the first two of several."""
    return " and ".join(f"{owner}.{method}" for owner in owners[:2])


def _signature(
    name: str,
    before: griffe.Function | None,
    after: griffe.Function | None,
    passed: frozenset[str],
) -> list[ApiChange]:
    """How the parameters of two functions differ."""
    if before is None or after is None:
        return []
    one, other = _parameters(before), _parameters(after)
    swallows = any(p.kind is _VARIADIC[0] for p in after.parameters)
    found: list[ApiChange] = []
    for parameter, default in one.items():
        if parameter not in other:
            mine = parameter in passed and not swallows
            found.append(ApiChange(name, "parameter removed", parameter, passed=mine))
        elif other[parameter] != default:
            was, is_ = (
                f"{parameter}={v}" if v else f"{parameter} (no default)"
                for v in (default, other[parameter])
            )
            found.append(ApiChange(name, "default changed", was, is_, parameter in passed))
    for parameter, default in other.items():
        if parameter not in one:
            text = f"{parameter}={default}" if default else parameter
            found.append(ApiChange(name, "parameter added", after=text))
    shared = [[p for p in mine if p in theirs] for mine, theirs in ((one, other), (other, one))]
    if shared[0] != shared[1]:
        found.append(ApiChange(name, "order changed", ", ".join(shared[0]), ", ".join(shared[1])))
    return found


def _parameters(function: griffe.Function) -> Mapping[str, str]:
    """Parameters with their defaults as text; empty where there is none."""
    return {
        parameter.name: "" if parameter.default is None else str(parameter.default)
        for parameter in function.parameters
        if parameter.name not in ("self", "cls") and parameter.kind not in _VARIADIC
    }
