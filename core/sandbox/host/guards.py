"""Which guards this machine can give: namespaces by util-linux's `unshare`, Landlock, limits."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from attrs import frozen

from core.sandbox.host.record import GuardState

LAUNCHER = Path(__file__).with_name("launcher.py")

_USER = ("--user", "--map-root-user")
_ALONE = ("--mount", "--ipc", "--pid", "--fork", "--kill-child", "--mount-proc")
_LADDER = ((*_USER, *_ALONE), _ALONE)
_PROBE_SECONDS = 20


@frozen
class Guards:
    """How a document is kept in.

    Attributes:
        unshare: the command that makes namespaces of its own, without the network's option; empty
            where the machine has none.
        own_network: whether a network namespace can be made too.
        landlock: version of Landlock, 0 for none.
    """

    unshare: tuple[str, ...] = ()
    own_network: bool = False
    landlock: int = 0

    @property
    def own_processes(self) -> bool:
        """Whether the document gets a process namespace."""
        return "--pid" in self.unshare

    def command(self, *, network: bool) -> list[str]:
        """What to put before a command.

        Args:
            network: whether the network stays on.
        """
        if not self.unshare:
            return []
        return [*self.unshare, *(["--net"] if self.own_network and not network else []), "--"]

    def states(self, *, network: bool) -> tuple[GuardState, ...]:
        """Each guard and what it rests on."""
        return (
            self._network(network),
            GuardState("writes", f"Landlock {self.landlock}")
            if self.landlock
            else GuardState("writes", "audit hook", "writes by native code are not prevented"),
            GuardState("processes", "process namespace")
            if self.own_processes
            else GuardState(
                "processes", "sub-reaper", "a process that hides from its parents may be missed"
            ),
            GuardState(
                "memory",
                "data limit of each process, and the resident memory of all, looked at 6 times "
                "a second",
            ),
        )

    def _network(self, network: bool) -> GuardState:
        if network:
            return GuardState("network", "none", "the network is on, as asked")
        if self.own_network and self.unshare:
            return GuardState("network", "network namespace")
        if self.landlock >= 4:
            return GuardState(
                "network", "Landlock and audit hook", "UDP by native code is not prevented"
            )
        return GuardState("network", "audit hook", "sockets of native code are not prevented")


@cache
def available() -> Guards:
    """The guards of this machine, found by trying them once."""
    if sys.platform != "linux":
        return Guards()
    landlock = _landlock()
    tool = shutil.which("unshare")
    if tool is None:
        return Guards(landlock=landlock)
    # Tried, not read from a version: containers forbid what a kernel offers, each in its own way.
    for flags in _LADDER:
        if _works([tool, *flags, "--net", "--"]):
            return Guards((tool, *flags), own_network=True, landlock=landlock)
        if _works([tool, *flags, "--"]):
            return Guards((tool, *flags), landlock=landlock)
    return Guards(landlock=landlock)


def _works(command: list[str]) -> bool:
    """Whether this very interpreter starts behind the command."""
    try:
        done = subprocess.run(
            [*command, sys.executable, "-I", "-S", "-c", f"open({str(LAUNCHER)!r}).close()"],
            check=False,
            capture_output=True,
            timeout=_PROBE_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _landlock() -> int:
    code = (
        f"import sys; sys.path.insert(0, {str(LAUNCHER.parent)!r}); import launcher;"
        "launcher.restrict_writes(['/dev/null'], tcp=True); print(launcher.landlock_version())"
    )
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-B", "-c", code],
            check=False,
            capture_output=True,
            text=True,
            timeout=_PROBE_SECONDS,
        )
        return int(json.loads(done.stdout)) if done.returncode == 0 else 0
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return 0
