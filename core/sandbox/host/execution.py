"""One execution under way: the command behind the guards, the keeper, the event channel."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from io import FileIO
from pathlib import Path

from attrs import define, field

from core.sandbox.host.collect import Collector
from core.sandbox.host.guards import LAUNCHER, Guards
from core.sandbox.host.limits import Limits
from core.sandbox.host.record import Ending, ExecutionRecord
from core.sandbox.host.workspace import Workspace

_KEEPER = Path(__file__).with_name("keeper.py")
_GRACE = 10.0  # seconds a cell has to heed its interruption
_WAIT = 15.0  # seconds for the keeper to end everything


def writable(workspace: Workspace) -> list[str]:
    """The folders and devices that a document may write to."""
    folders = (workspace.document, workspace.home, workspace.temporary)
    devices = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/shm")  # noqa: S108
    return [*map(str, folders), *devices]


def behind_guards(
    argv: Callable[[int], Sequence[str]],
    workspace: Workspace,
    limits: Limits,
    guards: Guards,
    *,
    network: bool,
) -> Callable[[int], list[str]]:
    """The whole command, once the descriptor for events is known.

    Args:
        argv: the recorder's own command, made from that descriptor.
        workspace: the folders.
        limits: how far it may go.
        guards: the guards of this machine.
        network: whether the network stays on.
    """

    def command(events: int) -> list[str]:
        config = {
            "argv": list(argv(events)),
            "cwd": str(workspace.document),
            "events": events,
            "writable": writable(workspace),
            "landlock": guards.landlock > 0,
            "no_tcp": not network and not guards.own_network,
            "private_shm": "--mount" in guards.unshare,
            "data": limits.memory,
            "file": limits.disk // 4,
        }
        # Isolated and without `site`: nothing that a user or a project put on Python's path runs
        # before the guards are up.
        launcher = [sys.executable, "-I", "-S", "-B", str(LAUNCHER), json.dumps(config)]
        return [*guards.command(network=network), *launcher]

    return command


@define(eq=False)
class Execution:
    """One execution under way."""

    workspace: Workspace
    limits: Limits
    collector: Collector
    _stopped: str = field(default="", init=False)

    def finish(
        self,
        guards: Guards,
        network: bool,
        command: Callable[[int], list[str]],
        variables: Mapping[str, str],
    ) -> ExecutionRecord:
        """Starts the process, collects its events until it ends, and makes the record."""
        started = time.monotonic()
        reading, writing = os.pipe()
        # Each end is closed once: a second close could hit a descriptor of another thread's run.
        with os.fdopen(reading, "rb", 0), os.fdopen(writing, "wb", 0) as events:
            config = {
                "argv": command(writing),
                "env": dict(variables),
                "root": str(self.workspace.root),
                "events": writing,
                "memory": self.limits.memory,
                "disk": self.limits.disk,
                "processes": self.limits.processes,
            }
            answer = self._keep(config, reading, events)
        return self.collector.record(
            answer,
            stopped=self._stopped,
            seconds=time.monotonic() - started,
            guards=guards.states(network=network),
            notes=self.workspace.notes,
        )

    def _keep(
        self, config: Mapping[str, object], reading: int, events: FileIO
    ) -> Mapping[str, object]:
        with subprocess.Popen(
            [sys.executable, "-P", str(_KEEPER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=[events.fileno()],
            start_new_session=True,
        ) as keeper:
            try:
                events.close()
                assert keeper.stdin is not None
                assert keeper.stdout is not None
                keeper.stdin.write(json.dumps(config).encode() + b"\n")
                keeper.stdin.flush()
                return self._collect(keeper, reading)
            finally:
                _end(keeper)

    def _collect(self, keeper: subprocess.Popen[bytes], reading: int) -> Mapping[str, object]:
        """Reads events until the keeper says how everything ended."""
        assert keeper.stdin is not None
        assert keeper.stdout is not None
        started = time.monotonic()
        os.set_blocking(reading, False)
        told = b""
        with selectors.DefaultSelector() as selector:
            selector.register(reading, selectors.EVENT_READ)
            selector.register(keeper.stdout, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select(0.25):
                    if key.fileobj is keeper.stdout:
                        part = os.read(keeper.stdout.fileno(), 65_536)
                        told += part
                        # The keeper goes last, after every process of the document: its end is the
                        # end of everything.
                        if not part:
                            self._rest(reading)
                            return _answer(told)
                    elif not self._read(reading):
                        selector.unregister(reading)
                reason = self._overdue(time.monotonic() - started)
                if reason and not self._stopped:
                    self._stopped = reason
                    with suppress(OSError):
                        keeper.stdin.write(b"timeout\n")
                        keeper.stdin.flush()

    def _read(self, reading: int) -> bool:
        try:
            data = os.read(reading, 1 << 20)
        except BlockingIOError:
            return True
        self.collector.feed(data)
        return bool(data)

    def _rest(self, reading: int) -> None:
        """What still lies in the pipe; nobody writes to it any more."""
        with suppress(OSError):
            while data := os.read(reading, 1 << 20):
                self.collector.feed(data)

    def _overdue(self, elapsed: float) -> str:
        if elapsed > self.limits.seconds:
            return f"the document took longer than {self.limits.seconds:g} seconds"
        running = self.collector.running_for()
        # At its limit a cell is interrupted by the recorder; this is for one that does not heed it.
        if running is not None and running > self.limits.cell_seconds + _GRACE:
            return f"the cell took longer than {self.limits.cell_seconds:g} seconds"
        return ""


def _answer(told: bytes) -> Mapping[str, object]:
    try:
        answer = json.loads(told)
    except ValueError:
        answer = None
    if isinstance(answer, dict):
        return answer
    return {"reason": Ending.FAILED.value, "raw": "the keeper of the sandbox ended by itself"}


def _end(keeper: subprocess.Popen[bytes]) -> None:
    """Cuts the lifeline and waits until everything is ended, also when interrupted meanwhile."""
    # A second Ctrl-C during the wait must not leave the document running.
    for _ in range(2):
        try:
            with suppress(OSError):
                if keeper.stdin and not keeper.stdin.closed:
                    keeper.stdin.close()
            keeper.wait(timeout=_WAIT)
            break
        except subprocess.TimeoutExpired:
            keeper.kill()
        except KeyboardInterrupt:
            continue
