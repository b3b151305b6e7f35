"""A page: the statements printed so far, and what they have established."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from attrs import define, field

from core.dialects.layout import STEP as INDENT
from core.dialects.layout import Expr, before, laid_out
from core.dialects.options import Printing
from core.dialects.plan import Object, origin
from core.dialects.program import Statement
from core.spec import Scenario


@define(eq=False)
class Page:
    """A program being printed.

    Attributes:
        own: the section whose program it is.
        options: seed and data.
        names: the variable of each object.
        statements: what is printed so far.
        depth: blocks that the next statement stands inside.
        scenario: the section being printed.
        batch_size: what the variable `batch_size` holds, None before it is set.
        said: comments made so far; each is made once.
        known: variables that hold the state of objects, where a dialect keeps it apart from them.
        heading: title of the part that the next statement begins, and a sentence about it.
    """

    own: Scenario
    options: Printing
    names: Mapping[Object, str]
    scenario: Scenario = field(init=False)
    statements: list[Statement] = field(factory=list)
    depth: int = 0
    batch_size: int | None = None
    said: set[str] = field(factory=set)
    heading: str = ""
    known: set[str] = field(factory=set)

    def __attrs_post_init__(self) -> None:
        self.scenario = self.own

    def id(self, op: str) -> str:
        """An op's id, with its section where that is an earlier one."""
        return op if self.scenario is self.own else f"{self.scenario.section}/{op}"

    def name(self, name: str) -> str:
        """The variable of an object of the section being printed."""
        return self.names.get(origin(self.scenario, name), name)

    def line(
        self, code: Expr, ops: Sequence[str] = (), comment: str = "", *, gap: bool = False
    ) -> None:
        """Prints one statement; a comment made before is left out."""
        if comment in self.said:
            comment = ""
        elif comment:
            self.said.add(comment)
        text = "\n".join(laid_out(code, INDENT * self.depth))
        self.statements.append(
            Statement(
                text,
                self.depth,
                tuple(self.id(op) for op in ops),
                comment,
                gap,
                self.heading,
            )
        )
        self.heading = ""

    def assign(
        self,
        name: str,
        value: Expr,
        ops: Sequence[str] = (),
        comment: str = "",
        *,
        gap: bool = False,
    ) -> None:
        """Prints `name = value`."""
        self.line(before(f"{name} = ", value), ops, comment, gap=gap)

    @contextmanager
    def block(self) -> Iterator[None]:
        """What is printed inside stands one level deeper."""
        self.depth += 1
        yield
        self.depth -= 1
