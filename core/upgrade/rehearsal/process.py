"""A worker process in another environment: runs jobs one after the other, under limits."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from attrs import define, field

from core.processes import Child
from core.run.worker.job import Job
from core.trace.decoding import trace_from
from core.upgrade.rehearsal.run import Limits, RunResult, RunStatus, Trouble
from core.upgrade.rehearsal.snapshot import WORKER

OnProgress = Callable[[int, int], None]
_OUT_OF_MEMORY = {"MemoryError", "ResourceExhaustedError", "OutOfMemoryError"}
_MEMORY_WORDS = ("std::bad_alloc", "MemoryError", "Cannot allocate memory", "out of memory")
_FOREIGN = {
    "PYTHONPATH",
    "PYTHONHOME",
    "PYTHONSAFEPATH",  # `-m` would not look into the folder that holds the code
    "VIRTUAL_ENV",
    "PYTHONSTARTUP",
    "KERAS_HOME",
}


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
    _child: Child | None = field(default=None, init=False)

    def run(self, job: Job, on_progress: OnProgress | None = None) -> RunResult:
        """Runs one job of one scenario.

        Raises:
            KeyboardInterrupt: `stop` was set.
        """
        started = time.perf_counter()
        until = time.monotonic() + self.limits.seconds
        child = self._started()
        child.tell(job.dumps())
        result: RunResult | None = None
        while True:
            try:
                event = child.answer(until, self.stop)
            except KeyboardInterrupt:
                self.close(kill=True)
                raise
            except TimeoutError:
                self.close(kill=True)
                what = f"not done after {self.limits.seconds:g} s"
                return self._ended(RunStatus.TIMEOUT, "Timeout", what, started, self.limits.seconds)
            if event is None:
                return self._died(child, started)
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
                    return result if result is not None else self._died(child, started)

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

    def _died(self, child: Child, started: float) -> RunResult:
        code, said = child.ended(), child.last_words(12)
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

    def _started(self) -> Child:
        if self._child is None or not self._child.running:
            self.close(kill=True)
            command = [str(self.python), "-m", WORKER, str(self.limits.memory)]
            self._child = Child(command, self.variables, self.folder)
        return self._child

    def close(self, *, kill: bool = False) -> None:
        """Ends the process: at once, or when it has read that no job follows."""
        child, self._child = self._child, None
        if child is not None:
            child.close(kill=kill)


def clean_variables(base: Mapping[str, str], more: Mapping[str, str]) -> dict[str, str]:
    """The variables of a process in another environment: nothing that leads Python elsewhere."""
    kept = {name: value for name, value in base.items() if name not in _FOREIGN}
    return kept | {"PYTHONNOUSERSITE": "1", "PYTHONUNBUFFERED": "1"} | dict(more)
