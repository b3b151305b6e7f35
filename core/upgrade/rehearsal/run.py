"""What became of one run in one environment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from attrs import field, frozen

from core.run.backends.arithmetic import Arithmetic
from core.run.backends.registry import PINNED
from core.run.runner.options import RunOptions
from core.spec import rules
from core.trace import Trace

_PACKAGES = re.compile(r"[^\s'\"(]*/site-packages/")
_ADDRESS = re.compile(r"0x[0-9a-fA-F]+")


@frozen
class Run:
    """One run of one scenario or document.

    Attributes:
        subject: the scenario's id, or the document's path.
        options: seed, randomness, length, precision, nudge.
        arithmetic: how the process does its sums; another one than pinned is an honest variation.
        replicate: 1 for the control run that repeats run 0 in a process of its own.
    """

    subject: str = field(validator=rules.text)
    options: RunOptions
    arithmetic: Arithmetic = PINNED
    replicate: int = field(default=0, validator=rules.natural)


class RunStatus(StrEnum):
    """How a run ended."""

    RAN = "ran"
    FAILED = "failed"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    KILLED = "killed"


@frozen
class Trouble:
    """Why a run did not end well.

    Attributes:
        kind: the exception's class, or `WorkerDied`.
        what: its message.
        where: the line it was raised at, as far as it is known.
    """

    kind: str
    what: str
    where: str = ""


@frozen
class RunResult:
    """What became of a run.

    Attributes:
        status: how it ended.
        trace: what it did, where it ran.
        trouble: why not, where it did not.
        seconds: how long it took.
        limit: the limit that it hit: seconds, or bytes.
    """

    status: RunStatus
    trace: Trace | None = None
    trouble: Trouble | None = None
    seconds: float = 0.0
    limit: float = 0.0

    @property
    def known(self) -> bool:
        """Whether the same run under the same limits would end the same way."""
        return self.status is not RunStatus.KILLED

    @property
    def words(self) -> str:
        """Why it did not end well, in one line that no folder's or object's address is part of."""
        what = " ".join((self.trouble.what if self.trouble else str(self.status)).split())
        what = _ADDRESS.sub("0x…", _PACKAGES.sub("…/", what))
        if self.status is RunStatus.MEMORY:
            what = f"out of memory (limit {self.limit / 2**30:.1f} GiB): {what}"
        return what

    def holds(self, limits: Limits) -> bool:
        """Whether it answers for a run under these limits."""
        if self.status is RunStatus.TIMEOUT:
            return limits.seconds <= self.limit
        if self.status is RunStatus.MEMORY:
            return limits.memory <= self.limit
        return self.known


@frozen
class Limits:
    """What one run may take.

    Attributes:
        seconds: wall-clock seconds.
        memory: bytes; 0 for no limit.
    """

    seconds: float = field(default=600.0, validator=rules.positive)
    memory: int = field(default=6 << 30, validator=rules.natural)


Key = Mapping[str, str]
"""Everything a run's result depends on, by name."""
