"""Runs a program in the sandbox and collects what the recorder sends."""

from __future__ import annotations

import json
import os
import selectors
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from attrs import define, field

from core.backends.arithmetic import Arithmetic
from core.backends.registry import PINNED
from core.data import ImageData
from core.recorder.job import Job
from core.sandbox.collect import Collector
from core.sandbox.environment import environment_of
from core.sandbox.guards import LAUNCHER, Guards, available
from core.sandbox.limits import Limits
from core.sandbox.program import Program
from core.sandbox.record import Ending, ExecutionRecord
from core.sandbox.workspace import PACKAGE, Workspace, data_file, make_workspace

OnEvent = Callable[[Mapping[str, object]], None]

_KEEPER = Path(__file__).with_name("keeper.py")
_GRACE = 10.0  # seconds a cell has to heed its interruption
_WAIT = 15.0  # seconds for the keeper to end everything


def run(
    program: Program,
    limits: Limits | None = None,
    *,
    seed: int = 0,
    data: ImageData | Path | None = None,
    allow_network: bool = False,
    python: str = sys.executable,
    arithmetic: Arithmetic | None = None,
    precision: str = "float32",
    environment: Mapping[str, str] | None = None,
    coverage: str = "sampled",
    exercise: tuple[tuple[int, str], ...] = (),
    on_event: OnEvent | None = None,
    guards: Guards | None = None,
) -> ExecutionRecord:
    """Executes a document's Python cells in order, in one namespace, in a process of its own.

    Whatever the document does ends in the record, never in an exception; nothing of the run is left
    when this returns or is interrupted.

    Args:
        program: what to execute.
        limits: how far it may go; the defaults where None.
        seed: seeds Keras, NumPy, Python and the framework once, as the project's own runs do.
        data: what `keras.datasets.mnist.load_data` returns; None leaves Keras alone.
        allow_network: leave the network on.
        python: the interpreter; NumPy and the document's packages have to be installed there.
        arithmetic: threads and kernels; the pinned ones where None.
        precision: Keras's float type.
        environment: more environment variables.
        coverage: `off`, `sampled` or `full` (exact, and half as slow again before Python 3.12).
        exercise: (cell, function) pairs to call once, at the end of the cell.
        on_event: told of every event as it comes.
        guards: the guards to use; those of this machine where None.

    Raises:
        OSError: the throw-away folder cannot be made.
    """
    limits = limits or Limits()
    guards = guards or available()
    backend = program.chosen_backend()
    workspace = make_workspace(program.folder, program.cells, limits.copied)
    try:
        audit = not guards.landlock
        job = Job(
            name=program.name,
            cells=program.cells,
            folder=str(workspace.document),
            sources=str(workspace.sources),
            seed=seed,
            imports=program.frameworks(),
            data=data_file(workspace, data),
            precision=precision,
            max_steps=limits.max_steps,
            seconds=limits.budget,
            cell_seconds=limits.cell_seconds,
            output=limits.output,
            display=not program.script,
            script=program.script,
            coverage=coverage,
            exercise=exercise,
            guard_network=not allow_network and not guards.own_network,
            guard_writes=tuple(_writable(workspace)) if audit else (),
        )
        workspace.job.write_text(job.dumps(), encoding="utf-8", errors="surrogateescape")
        variables = environment_of(workspace, backend, arithmetic or PINNED, extra=environment)
        execution = Execution(workspace, limits, Collector(program, on_event))
        return execution.finish(
            guards,
            allow_network,
            _command(workspace, limits, guards, python, allow_network),
            variables,
        )
    finally:
        shutil.rmtree(workspace.root, ignore_errors=True)


def _writable(workspace: Workspace) -> list[str]:
    folders = (workspace.document, workspace.home, workspace.temporary)
    devices = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/shm")  # noqa: S108
    return [*map(str, folders), *devices]


def _command(
    workspace: Workspace, limits: Limits, guards: Guards, python: str, network: bool
) -> Callable[[int], list[str]]:
    """The command, once the descriptor for events is known."""

    def command(events: int) -> list[str]:
        config = {
            "argv": [python, "-P", "-m", PACKAGE, str(workspace.job), str(events)],
            "cwd": str(workspace.document),
            "events": events,
            "writable": _writable(workspace),
            "landlock": guards.landlock > 0,
            "no_tcp": not network and not guards.own_network,
            "private_shm": "--mount" in guards.unshare,
            "data": limits.memory,
            "file": limits.disk // 4,
        }
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
        try:
            config = {
                "argv": command(writing),
                "env": dict(variables),
                "root": str(self.workspace.root),
                "events": writing,
                "memory": self.limits.memory,
                "disk": self.limits.disk,
                "processes": self.limits.processes,
            }
            answer = self._keep(config, reading, writing)
        finally:
            for descriptor in (reading, writing):
                with suppress(OSError):
                    os.close(descriptor)
        return self.collector.record(
            answer,
            stopped=self._stopped,
            seconds=time.monotonic() - started,
            guards=guards.states(network=network),
            notes=self.workspace.notes,
        )

    def _keep(
        self, config: Mapping[str, object], reading: int, writing: int
    ) -> Mapping[str, object]:
        with subprocess.Popen(
            [sys.executable, "-P", str(_KEEPER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=[writing],
            start_new_session=True,
        ) as keeper:
            try:
                os.close(writing)
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
