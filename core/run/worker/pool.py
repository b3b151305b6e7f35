"""Runs jobs in worker processes, a few at a time, and collects what they answer."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from attrs import define, field, frozen

from core.errors import ParityError
from core.processes import Child, program
from core.run.backends.arithmetic import Arithmetic
from core.run.backends.registry import process_environment
from core.run.runner.station import Station
from core.run.worker.job import Job
from core.trace import Trace
from core.trace.station import StationTrace

OnProgress = Callable[[Job, str, int, int], None]
OnTrace = Callable[[Job, Trace], None]
OnDone = Callable[["Outcome"], None]


@frozen
class Failure:
    """Why a job stopped: the scenario, and an error that says what, where, expected, remedy."""

    scenario: str
    kind: str
    error: ParityError


@define(eq=False)
class Outcome:
    """What a job did: traces by scenario id, measured speed-ups, and what stopped it.

    `stations` holds the traces of a job of stations, `toured` the stations of the scenarios that a
    tour went through.

    `shares` names the job whose run this is, where the job had none of its own; `kept` says that it
    was not run now but known (`core.run.worker.kept`).
    """

    job: Job
    traces: dict[str, Trace] = field(factory=dict)
    speedups: dict[str, float] = field(factory=dict)
    stations: list[StationTrace] = field(factory=list)
    toured: dict[str, list[Station]] = field(factory=dict)
    failure: Failure | None = None
    shares: str = ""
    kept: bool = False


def _kind(job: Job) -> tuple[str, Arithmetic]:
    return job.backend, job.arithmetic


class Interrupted(KeyboardInterrupt):
    """The run was interrupted; `outcomes` holds what had finished."""

    def __init__(self, outcomes: list[Outcome]) -> None:
        super().__init__("interrupted")
        self.outcomes = outcomes


class _Pool:
    """The shared state of the threads that drive worker processes."""

    def __init__(
        self,
        jobs: Sequence[Job],
        on_progress: OnProgress | None,
        on_trace: OnTrace | None,
        on_done: OnDone | None,
    ) -> None:
        self._waiting = list(jobs)
        self._served: Counter[tuple[str, Arithmetic]] = Counter()
        self._lock = threading.Lock()
        self._on_progress = on_progress
        self._on_trace = on_trace
        self._on_done = on_done
        self.outcomes = {job.name: Outcome(job) for job in jobs}
        self.workers: list[Child] = []
        self.stopped = False

    def _next(self, kind: tuple[str, Arithmetic] | None) -> Job | None:
        """The next job: one for a worker of this kind, else one that no other worker is for.

        So one process serves each kind as far as there are kinds enough, and a framework is
        imported once.
        """
        with self._lock:
            if kind is not None:
                self._served[kind] -= 1
            if self.stopped or not self._waiting:
                return None
            same = [job for job in self._waiting if _kind(job) == kind]
            unserved = [job for job in self._waiting if not self._served[_kind(job)]]
            job = (same or unserved or self._waiting)[0]
            self._served[_kind(job)] += 1
            self._waiting.remove(job)
            return job

    def drive(self) -> None:
        """One thread: takes jobs until none waits; jobs of one kind share a process."""
        worker: Child | None = None
        kind: tuple[str, Arithmetic] | None = None
        while (job := self._next(kind)) is not None:
            if worker is None or kind != _kind(job) or not worker.running:
                if worker:
                    worker.close()
                kind = _kind(job)
                worker = Child(
                    job.arithmetic.command(program("core.run.worker.program")),
                    process_environment(job.backend, job.arithmetic),
                    job.repository,
                )
                with self._lock:
                    self.workers.append(worker)
            self._one(worker, job)
            if self._on_done:
                self._on_done(self.outcomes[job.name])
        if worker:
            worker.close()

    def _one(self, worker: Child, job: Job) -> None:
        worker.tell(job.dumps())
        while (event := worker.answer()) is not None:
            if self._event(job, event):
                return
        self._died(job, worker)

    def _event(self, job: Job, event: Mapping[str, object]) -> bool:
        """Takes in one event; true where the job is done."""
        outcome = self.outcomes[job.name]
        scenario = str(event.get("scenario", ""))
        match event["event"]:
            case "progress" if self._on_progress:
                done, total = event["done"], event["total"]
                assert isinstance(done, int)
                assert isinstance(total, int)
                self._on_progress(job, scenario, done, total)
            case "trace":
                from core.trace.decoding import trace_from

                trace = trace_from(event["trace"])
                outcome.traces[scenario] = trace
                if self._on_trace:
                    self._on_trace(job, trace)
            case "station":
                from core.trace.decoding import station_trace_from

                outcome.stations.append(station_trace_from(event["trace"]))
            case "toured":
                found = event["station"]
                assert isinstance(found, dict)
                outcome.toured.setdefault(scenario, []).append(Station(**found))
            case "speedup":
                ratio = event["ratio"]
                assert isinstance(ratio, float)
                outcome.speedups[scenario] = ratio
            case "failed":
                outcome.failure = _failure(scenario, event["problem"])
            case "done":
                return True
        return False

    def _died(self, job: Job, worker: Child) -> None:
        code = worker.ended()
        done = self.outcomes[job.name].traces
        left = next((name for name in job.scenarios if name not in done), job.scenarios[-1])
        tail = worker.last_words()
        model = job.arithmetic.processor
        self.outcomes[job.name].failure = Failure(
            left,
            "WorkerDied",
            ParityError(
                f"the worker process ended with code {code}" + (f": {tail}" if tail else ""),
                where=job.name,
                expected="a worker that answers until its jobs are done",
                remedy=f"name another processor than {model}, or leave --processor out"
                if model
                else "look for a lack of memory, then run this scenario alone",
            ),
        )


def _failure(scenario: str, problem: object) -> Failure:
    assert isinstance(problem, dict)
    return Failure(
        scenario,
        str(problem["kind"]),
        ParityError(
            str(problem["what"]),
            where=str(problem["where"]),
            expected=str(problem["expected"]),
            remedy=str(problem["remedy"]),
        ),
    )


def run_jobs(
    jobs: Sequence[Job],
    *,
    workers: int,
    on_progress: OnProgress | None = None,
    on_trace: OnTrace | None = None,
    on_done: OnDone | None = None,
) -> list[Outcome]:
    """Runs jobs, at most `workers` at a time, each in a process of its backend.

    Args:
        jobs: what to run; names must differ.
        workers: processes at a time.
        on_progress: called from worker threads with (job, scenario, steps done, steps in all).
        on_trace: called from worker threads with each finished trace.
        on_done: called from worker threads with each finished job's outcome.

    Returns:
        One outcome per job, in order. A job that fails has a `failure`, never an exception.

    Raises:
        Interrupted: a keyboard interrupt; every worker process has been ended.
    """
    pool = _Pool(jobs, on_progress, on_trace, on_done)
    with ThreadPoolExecutor(max_workers=max(1, min(workers, len(jobs)))) as threads:
        futures = [threads.submit(pool.drive) for _ in range(min(workers, len(jobs)))]
        try:
            for future in futures:
                future.result()
        except BaseException as error:
            pool.stopped = True
            for worker in pool.workers:
                worker.kill()
            if isinstance(error, KeyboardInterrupt):
                raise Interrupted(list(pool.outcomes.values())) from error
            raise
    return [pool.outcomes[job.name] for job in jobs]
