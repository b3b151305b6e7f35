"""Log lines and file names as Python's formatted strings."""

from __future__ import annotations

import re
from string import Formatter

from attrs import frozen

from core.dialects.layout import Expr, Group, Text
from core.spec import Loop


@frozen
class Numbers:
    """How the loop's numbers are written where something is printed.

    Attributes:
        loop: the loop.
        batches: the number of batches in an epoch.
        since: the variable with the time that `seconds` count from.
    """

    loop: Loop
    batches: str
    since: str = "start_time"

    def expression(self, name: str) -> str:
        """A loop number, or a loss or metric as a plain number."""
        loop = self.loop
        match name:
            case "epoch" | "step":
                return name
            case "epoch_index":
                return "epoch" if loop.first_epoch == 0 else f"epoch - {loop.first_epoch}"
            case "seen":
                return "step * batch_size" if loop.first_step else "(step + 1) * batch_size"
            case "batches":
                return self.batches
            case "seconds":
                return f"time.time() - {self.since}"
        return f"float({name})"

    def text(self, template: str) -> Text:
        """A template as a string literal."""
        words: list[str] = []
        formatted = False
        for literal, name, form, _ in Formatter().parse(template):
            words.extend(_escaped(literal))
            if name is not None:
                formatted = True
                form = f":{form}" if form else ""
                words.append(f"{{{self.expression(name)}{form}}}")
        joined = _joined(words)
        if not formatted:
            joined = [word.replace("{{", "{").replace("}}", "}") for word in joined]
        return Text(tuple(joined), formatted)

    def printed(self, template: str) -> Expr:
        """The call that prints a template."""
        return Group("print(", (self.text(template),))


def _escaped(literal: str) -> list[str]:
    """Words of literal text as they stand in a formatted string."""
    text = literal.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    text = text.replace("\t", "\\t").replace("{", "{{").replace("}", "}}")
    return re.findall(r" *[^ ]+ *| +", text)


def _joined(words: list[str]) -> list[str]:
    """Words that end with a blank each, so that lines break at blanks only."""
    joined: list[str] = []
    for word in words:
        if joined and not joined[-1].endswith(" "):
            joined[-1] += word
        else:
            joined.append(word)
    return joined
