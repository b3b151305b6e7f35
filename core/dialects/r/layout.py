"""R calls and pipes in lines of at most 80 columns."""

from __future__ import annotations

from collections.abc import Sequence

WIDTH = 80


def r_call(function: str, *items: str | None, **named: str | None) -> str:
    """A call on one line; arguments that are None are left out."""
    keywords = [f"{name} = {value}" for name, value in named.items() if value is not None]
    return f"{function}({', '.join([*(i for i in items if i is not None), *keywords])})"


def vector(values: Sequence[int]) -> str:
    """`c(3, 3)`, or the number itself."""
    return str(values[0]) if len(values) == 1 else f"c({', '.join(map(str, values))})"


def wrapped(code: str, indent: int) -> str:
    """The code, with the arguments of its last call on lines of their own where it is too long."""
    if indent + len(code) <= WIDTH or not code.endswith(")"):
        return code
    depth, quoted = 0, False
    cuts = []
    start = 0
    for position in range(len(code) - 1, -1, -1):
        char = code[position]
        quoted ^= char == '"'
        if quoted:
            continue
        if char == ")":
            depth += 1
        elif char == "(":
            depth -= 1
            if depth == 0:
                start = position
                break
        elif char == "," and depth == 1:
            cuts.append(position)
    ends = [*reversed(cuts), len(code) - 1]
    begins = [start + 1, *(cut + 2 for cut in reversed(cuts))]
    items = [code[begin:end] for begin, end in zip(begins, ends, strict=True)]
    inner = "\n  ".join(
        f"{wrapped(item, indent + 2)}{',' if number + 1 < len(items) else ''}".replace("\n", "\n  ")
        for number, item in enumerate(items)
    )
    return f"{code[: start + 1]}\n  {inner}\n)"


def piped(first: str, steps: Sequence[str], indent: int) -> str:
    """A pipe, one step a line."""
    rows = [wrapped(step, indent + 2).replace("\n", "\n  ") for step in steps]
    return f"{first} |>\n  " + " |>\n  ".join(rows)
