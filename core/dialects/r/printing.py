"""Log lines and file names as R's `sprintf`."""

from __future__ import annotations

from string import Formatter

from attrs import frozen

from core.dialects.r.layout import r_call
from core.spec import Loop


@frozen
class RNumbers:
    """How the loop's numbers are written in R, where `step` and `epoch` count from 1.

    Attributes:
        loop: the loop.
        dataset: the dataset's variable.
        since: the variable with the time that `seconds` count from.
    """

    loop: Loop
    dataset: str
    since: str = "start_time"

    @property
    def step(self) -> str:
        """The step's number as the guide counts."""
        return "step" if self.loop.first_step else "(step - 1)"

    def expression(self, name: str) -> str:
        """A loop number, or a loss or metric as a plain number."""
        match name:
            case "step":
                return self.step.strip("()")
            case "epoch":
                return "epoch" if self.loop.first_epoch else "epoch - 1"
            case "epoch_index":
                return "epoch - 1"
            case "seen":
                return "step * batch_size"
            case "batches":
                return f"length({self.dataset})"
            case "seconds":
                return f'as.numeric(Sys.time() - {self.since}, units = "secs")'
        return f"as.numeric({name})"

    def text(self, template: str, end: str = "") -> str:
        """A template as a string, or as a call of `sprintf`."""
        words, values = [], []
        for literal, name, form, _ in Formatter().parse(template):
            words.append(_escaped(literal))
            if name is not None:
                words.append(f"%{form}" if form else "%d")
                values.append(self.expression(name))
        text = "".join(words)
        if not values:
            text = text.replace("%%", "%")
        return r_call("sprintf", f'"{text}{end}"', *values) if values else f'"{text}{end}"'

    def printed(self, template: str) -> str:
        """The call that prints a template as a line."""
        return r_call("cat", self.text(template, "\\n"))


def _escaped(literal: str) -> str:
    text = literal.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return text.replace("%", "%%")
