"""A golden: a recorded trace, and how it was recorded."""

from __future__ import annotations

from pathlib import Path

from attrs import field, frozen

from core.check.golden.horizon import Horizon
from core.spec import rules
from core.trace import Trace


@frozen
class Key:
    """What a golden is kept under."""

    guide: str
    section: str
    backend: str
    randomness: str
    execution: str
    precision: str

    @property
    def scenario(self) -> str:
        """`guide/section`."""
        return f"{self.guide}/{self.section}"

    @property
    def file(self) -> Path:
        """The file below a golden folder."""
        name = f"{self.backend}.{self.randomness}.{self.execution}.{self.precision}.json"
        return Path(self.guide) / self.section / name


def key_of(trace: Trace) -> Key:
    """The key of the golden that a trace is compared with, or recorded as."""
    guide, _, section = trace.scenario.partition("/")
    return Key(guide, section, trace.backend, trace.randomness, trace.execution, trace.precision)


@frozen
class Golden:
    """A recorded trace.

    Attributes:
        reason: why it was recorded, in the recorder's words.
        recorded: date, `YYYY-MM-DD`.
        command: the command that recorded it.
        version: the version of Loop Parity that recorded it.
        horizon: how far honest runs may lie from it; None where only the trend is judged, as of
            a native run.
    """

    trace: Trace
    reason: str = field(validator=rules.text)
    recorded: str = field(validator=rules.text)
    command: str = field(validator=rules.text)
    version: str = field(validator=rules.text)
    horizon: Horizon | None = None

    @property
    def key(self) -> Key:
        """What it is kept under."""
        return key_of(self.trace)
