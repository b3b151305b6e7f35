"""A worker process in another environment: runs jobs one after the other, under limits."""

from __future__ import annotations

import json
import queue
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from attrs import define, field

from core.run.worker.job import Job
from core.trace.decoding import trace_from
from core.upgrade.rehearsal.run import Limits, RunResult, RunStatus, Trouble

OnProgress = Callable[[int, int], None]
_TICK = 0.2  # seconds between looks at the clock and at the stop signal
_OUT_OF_MEMORY = {"MemoryError", "ResourceExhaustedError", "OutOfMemoryError"}
_MEMORY_WORDS = ("std::bad_alloc", "MemoryError", "Cannot allocate memory", "out of memory")
_FOREIGN = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PYTHONSTARTUP", "KERAS_HOME"}


@define(eq=False)
class WorkerProcess:
    """One worker process, started with the first job and again after it has died.

    Attributes:
        python: the environment's interpreter.
        folder: the folder it runs in, which holds the code.
        variables: environment variables, this process's own included.
        limits: what one run may take.
        stop: set from outside when everything is to end.
    """

    python: Path
    folder: Path
    variables: Mapping[str, str]
    limits: Limits
    stop: threading.Event = field(factory=threading.Event)
    _process: subprocess.Popen[str] | None = field(default=None, init=False)
    _lines: queue.Queue[str | None] = field(factory=queue.Queue, init=False)
    _errors: deque[str] = field(factory=lambda: deque(maxlen=12), init=False)
    _readers: list[threading.Thread] = field(factory=list, init=False)

    def run(self, job: Job, on_progress: OnProgress | None = None) -> RunResult:
        """Runs one job of one scenario.

        Raises:
            KeyboardInterrupt: `stop` was set.
        """
        started = time.perf_counter()
        process = self._started()
        try:
            assert process.stdin is not None
            process.stdin.write(job.dumps() + "\n")
            process.stdin.flush()
        except OSError:
            return self._died(started)
        result: RunResult | None = None
        while True:
            if self.stop.is_set():
                self.close(kill=True)
                raise KeyboardInterrupt
            if time.perf_counter() - started > self.limits.seconds:
                self.close(kill=True)
                what = f"not done after {self.limits.seconds:g} s"
                return self._ended(RunStatus.TIMEOUT, "Timeout", what, started, self.limits.seconds)
            try:
                line = self._lines.get(timeout=_TICK)
            except queue.Empty:
                continue
            if line is None:
                return self._died(started)
            event = self._event(line)
            match event.get("event"):
                case "progress" if on_progress:
                    done, total = event["done"], event["total"]
                    if isinstance(done, int) and isinstance(total, int):
                        on_progress(done, total)
                case "trace":
                    trace = trace_from(event["trace"])
                    result = RunResult(RunStatus.RAN, trace, seconds=time.perf_counter() - started)
                case "failed":
                    result = self._failed(event["problem"], started)
                case "done":
                    if result is not None:
                        return result
                    return self._died(started)

    def _event(self, line: str) -> dict[str, object]:
        with suppress(ValueError):
            value = json.loads(line)
            if isinstance(value, dict):
                return value
        self._errors.append(line)
        return {}

    def _failed(self, problem: object, started: float) -> RunResult:
        fields = problem if isinstance(problem, dict) else {}
        kind, what = str(fields.get("kind", "")), str(fields.get("what", problem))
        status = RunStatus.MEMORY if kind in _OUT_OF_MEMORY else RunStatus.FAILED
        where = str(fields.get("where", ""))
        return RunResult(
            status,
            trouble=Trouble(kind, what, where),
            seconds=time.perf_counter() - started,
            limit=float(self.limits.memory if status is RunStatus.MEMORY else 0),
        )

    def _died(self, started: float) -> RunResult:
        process = self._process
        code = process.wait() if process else 0
        for reader in self._readers:
            reader.join(timeout=5)
        said = " | ".join(line.strip() for line in self._errors if line.strip())
        self.close(kill=True)
        what = f"the process ended with code {code}" + (f": {said[-600:]}" if said else "")
        if any(word in said for word in _MEMORY_WORDS):
            return self._ended(RunStatus.MEMORY, "WorkerDied", what, started, self.limits.memory)
        killed = code in (-getattr(signal, "SIGKILL", 9), -signal.SIGTERM, -signal.SIGINT)
        status = RunStatus.KILLED if killed else RunStatus.FAILED
        return self._ended(status, "WorkerDied", what, started, 0)

    def _ended(
        self, status: RunStatus, kind: str, what: str, started: float, limit: float
    ) -> RunResult:
        return RunResult(
            status,
            trouble=Trouble(kind, what),
            seconds=time.perf_counter() - started,
            limit=float(limit),
        )

    def _started(self) -> subprocess.Popen[str]:
        process = self._process
        if process is not None and process.poll() is None:
            return process
        self.close(kill=True)
        self._lines, self._errors = queue.Queue(), deque(maxlen=12)
        process = subprocess.Popen(
            [str(self.python), "-m", "core.run.worker.limited", str(self.limits.memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            env=dict(self.variables),
            cwd=self.folder,
        )
        lines, errors = self._lines, self._errors
        assert process.stdout is not None
        assert process.stderr is not None
        out, err = process.stdout, process.stderr

        def read_out() -> None:
            with suppress(ValueError):
                for line in out:
                    lines.put(line)
            lines.put(None)

        def read_err() -> None:
            with suppress(ValueError):
                errors.extend(err)

        self._readers = [threading.Thread(target=t, daemon=True) for t in (read_out, read_err)]
        for reader in self._readers:
            reader.start()
        self._process = process
        return process

    def close(self, *, kill: bool = False) -> None:
        """Ends the process: at once, or when it has read that no job follows."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(OSError, ValueError):
            if process.stdin:
                process.stdin.close()
        if not kill:
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=10)
        if process.poll() is None:
            process.kill()
        process.wait()
        for reader in self._readers:
            reader.join(timeout=5)
        for stream in (process.stdout, process.stderr):
            if stream:
                stream.close()


def clean_variables(base: Mapping[str, str], more: Mapping[str, str]) -> dict[str, str]:
    """The variables of a process in another environment: nothing that leads Python elsewhere."""
    kept = {name: value for name, value in base.items() if name not in _FOREIGN}
    return kept | {"PYTHONNOUSERSITE": "1", "PYTHONUNBUFFERED": "1"} | dict(more)
