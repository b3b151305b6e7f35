"""The rehearsal: run everything everywhere, judge each pair.

Environments are made one after the other; as soon as one is there its runs go to the workers, so
that making the next one and running the last go on at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed

import attrs
from attrs import define, field, frozen

from core.check.golden.horizon import Horizon
from core.check.horizon.measure import Honest, measure
from core.check.horizon.variation import VARIATIONS
from core.errors import ExecutionError, ParityError
from core.upgrade.environments.resolution import Resolution, Unavailable
from core.upgrade.environments.resolve import Resolved
from core.upgrade.environments.store import Environment
from core.upgrade.rehearsal.call import Call
from core.upgrade.rehearsal.engine import Engine, Results, Task
from core.upgrade.rehearsal.judging import judge
from core.upgrade.rehearsal.recorded import uncontrolled
from core.upgrade.rehearsal.report import EnvironmentRow, Report, ResultRow
from core.upgrade.rehearsal.run import Run, RunResult
from core.upgrade.rehearsal.subjects import Subject
from core.upgrade.rehearsal.tasks import runs_of, shared, tasks, varied
from core.upgrade.rehearsal.verdict import Observed

WORKERS = 2  # each pins its threads; more of them would only slow each other down


def _silent(*told: object) -> None:
    del told


@frozen
class Watch:
    """What a rehearsal tells while it runs.

    Attributes:
        say: a line about what happens now.
        result: a run is done: SPEC, run, what became of it, and whether it was known before.
    """

    say: Callable[[str], None] = _silent
    result: Callable[[str, Run, RunResult, bool], None] = _silent


@define(eq=False)
class Rehearsal:
    """One comparison of a baseline with candidates.

    Attributes:
        engine: carries out the runs.
        call: how long they are, with which seed, under which limits.
        subjects: what is run.
        left_out: what is not, with the reason.
        watch: what is told meanwhile.
        workers: processes at a time.
        results: what is known, by environment and run.
    """

    engine: Engine
    call: Call
    subjects: Sequence[Subject]
    left_out: Mapping[str, str] = field(factory=dict)
    watch: Watch = field(factory=Watch)
    workers: int = WORKERS
    results: dict[tuple[str, Run], RunResult] = field(factory=dict)
    _ready: dict[str, Environment] = field(factory=dict, init=False)
    _known: dict[str, int] = field(factory=dict, init=False)

    def compare(self, resolutions: Sequence[Resolution]) -> Report:
        """Judges every subject in every candidate.

        Args:
            resolutions: the baseline's, then the candidates'.

        Raises:
            KeyboardInterrupt: interrupted; what was done is kept.
            ExecutionError: a result cannot be kept (a full disk).
        """
        started = time.perf_counter()
        if isinstance(resolutions[0], Unavailable) or not _usable(resolutions[1:]):
            rows = tuple(self._row(each) for each in resolutions)
            return Report(rows, (), left_out=self.left_out)
        problems = self.run(self.tasks(resolutions))
        resolutions = [
            Unavailable.of(each.request, problems[each.lock.digest])
            if isinstance(each, Resolved) and each.lock.digest in problems
            else each
            for each in resolutions
        ]
        results: list[ResultRow] = []
        controls: list[ResultRow] = []
        base = resolutions[0]
        if isinstance(base, Resolved):
            controls += self._judge(base, base)
            for each in _usable(resolutions[1:]):
                results += self._judge(base, each)
                controls += self._judge(each, each) if self.call.controls else []
        return Report(
            tuple(self._row(each) for each in resolutions),
            tuple(results),
            left_out=self.left_out,
            controls=tuple(controls),
            notes=(self.call.length_words,),
            seconds=time.perf_counter() - started,
        )

    def tasks(self, resolutions: Sequence[Resolution]) -> list[Task]:
        """The work of a comparison."""
        return list(tasks(self.call, self.subjects, resolutions))

    def run_one(self, resolved: Resolved) -> ParityError | None:
        """Makes one environment and its runs, without a control; returns why it cannot be made."""
        task = Task(resolved, runs_of(self.call, self.subjects, resolved))
        return self.run([task]).get(resolved.lock.digest)

    def run(self, tasks: Iterable[Task]) -> dict[str, ParityError]:
        """Makes environments and runs; returns why some could not be made, by lock."""
        problems: dict[str, ParityError] = {}
        with ThreadPoolExecutor(self.workers) as threads:
            waiting: list[Future[Results]] = []
            try:
                for task in tasks:
                    lock = task.resolved.lock
                    if lock.digest in problems:
                        continue
                    left = self._take_known(task)
                    if not left.runs:
                        continue
                    try:
                        environment = self._environment(task.resolved)
                    except ExecutionError as error:
                        problems[lock.digest] = error
                        continue
                    waiting.append(threads.submit(self._carry_out, left, environment))
                for done in as_completed(waiting):
                    done.result()
            except BaseException:
                self.engine.stop.set()
                for future in waiting:
                    future.cancel()
                raise
        return problems

    def _take_known(self, task: Task) -> Task:
        """Takes in what is known; the task that is left."""
        name = task.resolved.identity
        known = {run: self.results[name, run] for run in task.runs if (name, run) in self.results}
        if len(known) < len(task.runs) or not all(each.known for each in known.values()):
            known = self.engine.known(task)
        self._known[name] = self._known.get(name, 0) + len(known)
        for run, result in known.items():
            self.results[name, run] = result
            self.watch.result(task.resolved.request.spec, run, result, True)
        return attrs.evolve(task, runs=tuple(run for run in task.runs if run not in known))

    def _environment(self, resolved: Resolved) -> Environment:
        digest = resolved.lock.digest
        if digest not in self._ready:
            self._ready[digest] = self.engine.ensure(resolved, self.watch.say)
        return self._ready[digest]

    def _carry_out(self, task: Task, environment: Environment) -> Results:
        def on_result(run: Run, result: RunResult) -> None:
            self.results[task.resolved.identity, run] = result
            self.watch.result(task.resolved.request.spec, run, result, False)

        return self.engine.carry_out(task, environment, on_result)

    def horizon(self, base: Resolved, subject: Subject) -> Horizon | None:
        """How far honest runs may lie apart; None where they cannot be had."""
        backend = base.request.backend
        if backend in subject.horizons:
            return subject.horizons[backend]
        name, held = shared(self.subjects)[subject.name], base.identity
        golden = self.results[held, Run(name, self.call.controlled(subject))].trace
        honest = []
        for variation in VARIATIONS:
            trace = self.results[held, varied(self.call, name, subject, backend, variation)].trace
            if trace is not None and golden is not None:
                honest.append(Honest(variation.name, trace, golden))
        if golden is None or len(honest) < len(VARIATIONS):
            return None
        try:
            return measure(golden, honest, fresh=subject.fresh)
        except ValueError:
            return None  # the honest runs are of another length than the run they vary

    def observed(self, resolved: Resolved, subject: Subject, replicate: int = 0) -> Observed:
        """The runs of a subject in an environment."""
        name = shared(self.subjects)[subject.name]
        controlled, native = (
            self.results[resolved.identity, Run(name, options, replicate=replicate)]
            for options in (self.call.controlled(subject), self.call.native(subject))
        )
        calls = uncontrolled(controlled.trace) if controlled.trace else ()
        return Observed(None if calls else controlled, native, calls)

    def _judge(self, base: Resolved, mine: Resolved) -> list[ResultRow]:
        rows = []
        for subject in self.subjects:
            if not {base.request.backend, mine.request.backend} <= {*subject.backends}:
                continue
            again = self.observed(base, subject, replicate=1)
            same = base.identity == mine.identity
            verdict = judge(
                self.observed(base, subject),
                again,
                again if same else self.observed(mine, subject),
                self.horizon(base, subject),
                updates_per_step=subject.updates_per_step,
            )
            rows.append(ResultRow(subject.name, base.request.spec, mine.request.spec, verdict))
        return rows

    def _row(self, resolution: Resolution) -> EnvironmentRow:
        spec = resolution.request.spec
        if isinstance(resolution, Unavailable):
            return EnvironmentRow(spec, resolution.status, message=resolution.what)
        name = resolution.identity
        ready = self._ready.get(resolution.lock.digest)
        results = [result for (held, _), result in self.results.items() if held == name]
        return EnvironmentRow(
            spec=spec,
            status="ready",
            backend=resolution.request.backend,
            python=resolution.interpreter.version,
            resolved=resolution.lock.versions,
            notes=resolution.notes,
            made=ready.made if ready else False,
            make_seconds=ready.seconds if ready else 0.0,
            run_seconds=sum(result.seconds for result in results),
            runs=len(results),
            known=self._known.get(name, 0),
        )


def _usable(resolutions: Sequence[Resolution]) -> list[Resolved]:
    return [each for each in resolutions if isinstance(each, Resolved)]
