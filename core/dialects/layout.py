"""Python expressions laid out as its formatters lay them out, in lines of at most 88 columns.

Code is printed formatted, so that nothing has to reformat it: what fits stays on one line; else a
bracket's content moves to a line of its own; else each item gets a line and a trailing comma, as
the items of a list or tuple that does not fit always do.
"""

from __future__ import annotations

import attrs
from attrs import frozen

WIDTH = 88
STEP = 4


@frozen
class Group:
    """Items in brackets between a head that ends with the opening and a tail from the closing.

    Attributes:
        head: everything up to the opening bracket.
        items: what stands inside.
        tail: the closing bracket and everything after it.
        bare: a tuple whose brackets are left out while it fits on a line.
    """

    head: str
    items: tuple[Expr, ...]
    tail: str = ")"
    bare: bool = False


@frozen
class Text:
    """A string in words, kept whole where it fits, else spread over several literals.

    Attributes:
        parts: words as they stand between the quotes, each with the blank after it.
        formatted: whether some of them are replacement fields.
    """

    parts: tuple[str, ...]
    formatted: bool = True

    @property
    def prefix(self) -> str:
        """What stands before the first quote."""
        return "f" if self.formatted else ""


Expr = str | Group | Text


def call(function: str, *items: Expr | None, **named: Expr | None) -> Group:
    """A call; arguments that are None are left out."""
    keywords = [keyword(name, value) for name, value in named.items() if value is not None]
    return Group(f"{function}(", (*(item for item in items if item is not None), *keywords))


def keyword(name: str, value: Expr) -> Expr:
    """`name=value`."""
    return before(f"{name}=", value)


def bare(*items: Expr) -> Expr:
    """A tuple without brackets; a single item is itself."""
    return items[0] if len(items) == 1 else Group("(", items, ")", bare=True)


def before(text: str, expression: Expr) -> Expr:
    """The expression with text directly before it."""
    if isinstance(expression, str):
        return f"{text}{expression}"
    if isinstance(expression, Text):
        return Group(f"{text}(", (expression,), ")")
    if expression.bare:
        return Group(f"{text}(", expression.items, expression.tail, bare=True)
    return attrs.evolve(expression, head=f"{text}{expression.head}")


def after(expression: Expr, text: str) -> Expr:
    """The expression with text directly after it."""
    if isinstance(expression, str):
        return f"{expression}{text}"
    assert isinstance(expression, Group)
    return attrs.evolve(expression, tail=f"{expression.tail}{text}")


def flat(expression: Expr) -> str:
    """The expression on one line."""
    match expression:
        case str():
            return expression
        case Text():
            return f'{expression.prefix}"{"".join(expression.parts)}"'
        case Group():
            inside = ", ".join(flat(item) for item in expression.items)
            if expression.bare:
                return f"{expression.head[:-1]}{inside}{expression.tail[1:]}"
            return f"{expression.head}{inside}{expression.tail}"


def laid_out(expression: Expr, indent: int = 0, room: int = 0) -> list[str]:
    """The expression's lines, relative to an indentation.

    Args:
        expression: what to lay out.
        indent: columns before it.
        room: columns that something after it needs on its last line.
    """
    line = flat(expression)
    if indent + len(line) + room <= WIDTH or isinstance(expression, str):
        return [line]
    if isinstance(expression, Text):
        return _spread(expression, WIDTH - indent - room)
    inner = indent + STEP
    inside = ", ".join(flat(item) for item in expression.items)
    if inner + len(inside) <= WIDTH and not _literal(expression):
        body = [inside]
    elif len(expression.items) == 1 and isinstance(expression.items[0], Text):
        body = laid_out(expression.items[0], inner)
    else:
        body = []
        for item in expression.items:
            rows = laid_out(item, inner, room=1)
            body.extend([*rows[:-1], f"{rows[-1]},"])
    pad = " " * STEP
    return [expression.head, *(f"{pad}{row}" for row in body), expression.tail]


def _spread(text: Text, width: int) -> list[str]:
    """A string as literals, one a line, which Python joins."""
    lines = [""]
    for part in text.parts:
        if lines[-1] and len(text.prefix) + 2 + len(lines[-1]) + len(part) > width:
            lines.append("")
        lines[-1] += part
    return [f'{text.prefix if "{" in line else ""}"{line}"' for line in lines]


def _literal(group: Group) -> bool:
    """Whether the brackets are a list's or tuple's, not a call's."""
    before = group.head[-2:-1]
    return not (before.isalnum() or before in {"_", ")", "]"}) or before == ""
