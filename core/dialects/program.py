"""A printed program: statements that carry the ids of the ops they print."""

from __future__ import annotations

from functools import cached_property

from attrs import field, frozen

INDENT = {"python": 4, "r": 2}


@frozen
class Statement:
    """One statement, or the header of a compound one.

    Attributes:
        code: its text without indentation; several lines where it is wrapped.
        depth: how many blocks it stands inside.
        ops: ids of the ops it prints, `step[0.1]`; of an earlier section's ops
            `first_loop/setup[2]`; of what belongs to no op a plain word (`seed`, `loop.batch`).
        comment: printed on lines of its own before it.
        gap: whether a blank line comes before it.
        heading: the title of the part of the program that begins here; a sentence about it may
            follow on a second line.
    """

    code: str
    depth: int = 0
    ops: tuple[str, ...] = ()
    comment: str = ""
    gap: bool = False
    heading: str = ""

    @property
    def opens(self) -> bool:
        """Whether it begins a function or class."""
        return self.code.startswith(("def ", "class ", "@"))


@frozen
class Watch:
    """What of a run of the program is to be compared with the runner's.

    Attributes:
        begin: position of the first statement of the program's own section.
        losses: the losses that its updates come from, in order, by the name in the trace.
        models: the variables that hold the section's models, by their name in the scenario.
        metrics: variables that hold readings, by the name in the trace, in printing order; of
            `fit` what reports them (`train 0`: the first metric of training; `val 0`).
    """

    begin: int
    losses: tuple[str, ...]
    models: dict[str, str]
    metrics: dict[str, str] = field(factory=dict)


@frozen(slots=False)
class Program:
    """A scenario printed in a dialect.

    Attributes:
        scenario: scenario id.
        dialect: dialect id.
        language: `python` or `r`.
        title: what the program is, in one line.
        about: where it comes from and how it differs, for the head of the program.
        statements: everything, in order.
        watch: what of a run is to be compared; None where the dialect keeps the steps to itself.
    """

    scenario: str
    dialect: str
    language: str
    title: str
    about: tuple[str, ...]
    statements: tuple[Statement, ...]
    watch: Watch | None = None

    @cached_property
    def _laid_out(self) -> tuple[str, tuple[tuple[int, int], ...]]:
        lines = self._head()
        spans = []
        for position, statement in enumerate(self.statements):
            lines.extend([""] * self._blank_lines(position))
            indent = " " * (INDENT[self.language] * statement.depth)
            if statement.heading:
                lines.extend(_marked(statement.heading, self.language))
                lines.extend([""] * (2 if statement.opens and self.language == "python" else 1))
            lines.extend(f"{indent}# {line}" for line in statement.comment.splitlines())
            first = len(lines) + 1
            rows = statement.code.split("\n")
            lines.extend(f"{indent}{row}" if row else "" for row in rows)
            spans.append((first, len(lines)))
        return "\n".join(lines) + "\n", tuple(spans)

    def _head(self) -> list[str]:
        if self.language == "r":
            return [f"# {line}".rstrip() for line in (self.title, "", *self.about)]
        return [f'"""{self.title}', "", *self.about, '"""']

    def _blank_lines(self, position: int) -> int:
        """One where asked for, two around functions at the margin, as Python's formatters do."""
        statement = self.statements[position]
        before = self.statements[position - 1] if position else None
        if before is None:
            return 1
        if before.code.startswith("@") and statement.opens:
            return 0
        asked = int(statement.gap or bool(statement.heading))
        if self.language == "r":
            return asked
        outside = before.depth > statement.depth and self._leaves_function(position)
        whole = before.opens and "\n" in before.code and before.depth == statement.depth
        if statement.depth > before.depth and not statement.opens and not statement.heading:
            return 0
        if (statement.opens or outside or whole) and before.code[-1:] != ":":
            return 2 if statement.depth == 0 else 1
        return 0 if before.opens and not statement.heading else asked

    def _leaves_function(self, position: int) -> bool:
        """Whether the block that ended before this statement is a function's or a class's."""
        depth = self.statements[position].depth
        for statement in reversed(self.statements[:position]):
            if statement.depth <= depth:
                return statement.opens
        return False

    @property
    def source(self) -> str:
        """The whole text."""
        return self._laid_out[0]

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """First and last line (from 1) of each statement, its comment left out."""
        return self._laid_out[1]


def _marked(heading: str, language: str) -> list[str]:
    """A heading as editors recognise it: a cell of a script in Python, a fold in R."""
    title, *notes = heading.split("\n")
    first = f"# %% {title}" if language == "python" else f"# {title} ----"
    return [first, *(f"# {note}" for note in notes)]
