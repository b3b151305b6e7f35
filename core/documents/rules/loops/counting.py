"""Whether a loop's counters can ever meet the conditions under which it prints."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from types import MappingProxyType

from attrs import frozen

from core.documents.rules.loops.model import Assigned, Counted, Left, Loop

_MOST = 100_000  # passes that are followed

Env = dict[str, int | None]

_ARITHMETIC: Mapping[type[ast.operator], Callable[[int, int], int]] = MappingProxyType(
    {
        ast.Add: operator.add,
        ast.Sub: operator.sub,
        ast.Mult: operator.mul,
        ast.Mod: operator.mod,
        ast.FloorDiv: operator.floordiv,
    }
)
_COMPARISONS: Mapping[type[ast.cmpop], Callable[[int, int], bool]] = MappingProxyType(
    {
        ast.Eq: operator.eq,
        ast.NotEq: operator.ne,
        ast.Lt: operator.lt,
        ast.LtE: operator.le,
        ast.Gt: operator.gt,
        ast.GtE: operator.ge,
    }
)


@frozen
class Silence:
    """Why a loop can never print.

    Attributes:
        guards: the conditions of its print calls.
        passes: how many passes it can make.
        counters: the counters' values at its first and its last pass, by name.
    """

    guards: tuple[str, ...]
    passes: int
    counters: Mapping[str, tuple[int, int]]


class _UnknownError(Exception):
    """A value that only a run knows."""


def silence_of(loop: Loop) -> Silence | None:
    """Why a loop that prints every so many steps ends before its first print, if it does.

    Only whole-number counters are followed; where a condition depends on anything else, the loop
    might print.
    """
    if not loop.prints or not all(printing.periodic for printing in loop.prints):
        return None
    env: Env = dict(loop.before)
    counters = dict(loop.counters)
    guards = tuple(" and ".join(printing.guards) for printing in loop.prints)
    watched = {name for text in guards for name in _names(text)}
    seen: dict[str, tuple[int, int]] = {}
    for number in range(_MOST):
        if loop.passes is not None and number >= loop.passes:
            return Silence(guards, number, seen)
        env |= {name: first + number for name, first in counters.items()}
        ending = _one_pass(loop, env)
        if ending == "prints":
            return None
        if ending == "ends":
            return Silence(guards, number, seen)
        for name in watched:
            value = env.get(name)
            if value is not None:
                seen[name] = (seen.get(name, (value, value))[0], value)
        if ending == "leaves":
            return Silence(guards, number + 1, seen)
    return None


def _one_pass(loop: Loop, env: Env) -> str:
    for happening in loop.happenings:
        if isinstance(happening, Counted):
            value = env.get(happening.name)
            env[happening.name] = None if value is None else value + happening.by
        elif isinstance(happening, Assigned):
            env[happening.name] = happening.value
        elif isinstance(happening, Left):
            # A condition that is not known need not hold: the loop may go on.
            if _hold(happening.guards, env) is True:
                return "leaves" if happening.early else "ends"
        elif _hold(loop.prints[happening.number].guards, env) is not False:
            return "prints"
    return "goes on"


def _hold(guards: tuple[str, ...], env: Env) -> bool | None:
    """Whether all conditions hold; None where that is not known."""
    known: bool | None = True
    for guard in guards:
        try:
            if not _value(ast.parse(guard, mode="eval").body, env):
                return False
        except (SyntaxError, ValueError, ZeroDivisionError, _UnknownError):
            known = None
    return known


def _names(guard: str) -> set[str]:
    try:
        tree = ast.parse(guard, mode="eval")
    except (SyntaxError, ValueError):
        return set()
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _value(node: ast.expr, env: Env) -> int:
    """The value of an expression of whole numbers.

    Raises:
        _UnknownError: it holds anything else.
    """
    match node:
        case ast.Constant(value=bool() | int() as value):
            return int(value)
        case ast.Constant(value=float() as value) if value.is_integer():
            return int(value)
        case ast.Name(id=name):
            known = env.get(name)
            if known is None:
                raise _UnknownError
            return known
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return int(not _value(operand, env))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, env)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
            return _ARITHMETIC[type(op)](_value(left, env), _value(right, env))
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARISONS:
            return int(_COMPARISONS[type(op)](_value(left, env), _value(right, env)))
        case ast.BoolOp(op=ast.And(), values=values):
            return int(_all(values, env))
        case ast.BoolOp(op=ast.Or(), values=values):
            return int(_any(values, env))
        case _:
            raise _UnknownError


def _all(values: list[ast.expr], env: Env) -> bool:
    """A conjunction is false where one part is, whatever the others are."""
    unknown = False
    for value in values:
        try:
            if not _value(value, env):
                return False
        except _UnknownError:
            unknown = True
    if unknown:
        raise _UnknownError
    return True


def _any(values: list[ast.expr], env: Env) -> bool:
    unknown = False
    for value in values:
        try:
            if _value(value, env):
                return True
        except _UnknownError:
            unknown = True
    if unknown:
        raise _UnknownError
    return False
