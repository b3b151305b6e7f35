"""The rehearsal: resolve every SPEC, run everything everywhere, judge each pair.

Environments are made one after the other; as soon as one is there its runs go to the workers, so
that making the next one and running the last go on at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed

import attrs
from attrs import define, field, frozen

from core.check.golden.horizon import Horizon
from core.check.horizon.measure import Honest, measure
from core.check.horizon.variation import VARIATIONS, Variation
from core.errors import ExecutionError, ParityError
from core.upgrade.environments.request import FRAMEWORKS, read_spec
from core.upgrade.environments.resolve import Resolved
from core.upgrade.environments.store import Environment
from core.upgrade.rehearsal.attempt import Attempt, Run
from core.upgrade.rehearsal.laboratory import Attempts, Laboratory, Task, first_of_each
from core.upgrade.rehearsal.recorded import uncontrolled
from core.upgrade.rehearsal.report import EnvironmentRow, Report, ResultRow
from core.upgrade.rehearsal.subjects import Length, Subject
from core.upgrade.rehearsal.verdict import Observed, judge

WORKERS = 2  # each pins its threads; more of them would only slow each other down
_RESOLVERS = 4  # resolving waits for the network

OnAttempt = Callable[[str, Run, Attempt, bool], None]


@frozen
class Place:
    """A SPEC in a rehearsal: where it leads, or why it leads nowhere.

    Attributes:
        spec: the text.
        resolved: its lock.
        problem: why there is none.
    """

    spec: str
    resolved: Resolved | None = None
    problem: ParityError | None = None


def _silent(text: str) -> None:
    del text


def _unseen(spec: str, run: Run, attempt: Attempt, known: bool) -> None:
    del spec, run, attempt, known


@define(eq=False)
class Watch:
    """What a rehearsal tells while it runs.

    Attributes:
        say: a line about what happens now.
        attempt: a run is done: SPEC, run, what became of it, and whether it was known before.
    """

    say: Callable[[str], None] = field(default=_silent)
    attempt: OnAttempt = field(default=_unseen)


def resolve_all(
    laboratory: Laboratory,
    specs: Sequence[str],
    backend: str | None = None,
    *,
    imports: Collection[str] | None = None,
    prefer: Sequence[str] = (),
) -> list[Place]:
    """The lock of every SPEC.

    Args:
        laboratory: what resolves.
        specs: the SPECs.
        backend: the framework to run on; None takes the first that a SPEC names.
        imports: the distributions that documents import, to which files are reduced.
        prefer: the frameworks to take first, where `backend` is None.

    Raises:
        UsageError: a SPEC that cannot be read.
    """
    requests = [read_spec(spec, backend=backend, imports=imports, prefer=prefer) for spec in specs]
    resolver = laboratory.resolver

    def one(position: int) -> Place:
        try:
            resolved = resolver.resolve(requests[position])
        except ParityError as error:
            return Place(specs[position], problem=error)
        return Place(specs[position], _told(resolved, imports or ()))

    with ThreadPoolExecutor(_RESOLVERS) as threads:
        return list(threads.map(one, range(len(specs))))


def _told(resolved: Resolved, imports: Collection[str]) -> Resolved:
    """With a note on what documents import and the environment does not hold."""
    held = {*resolved.lock.versions}
    for names in FRAMEWORKS.values():
        held |= {*names} if held & {*names} else set()
    absent = sorted({*imports} - held)
    if not absent:
        return resolved
    note = f"imported and not in the SPEC: {', '.join(absent)}"
    return attrs.evolve(resolved, notes=(*resolved.notes, note))


def runs_of(
    subjects: Sequence[Subject], length: Length, backend: str, replicate: int
) -> tuple[Run, ...]:
    """The runs of one environment, each experiment once; the control goes the other way round.

    In another order, so that what one run leaves behind in a process shows as noise.
    """
    able = {subject.name: subject for subject in subjects if backend in subject.backends}
    experiments = {name: subject.experiment for name, subject in able.items()}
    first = dict.fromkeys(first_of_each([*able], experiments).values())
    made = [
        Run(name, options, replicate=replicate)
        for name in first
        for options in (length.controlled(able[name]), length.native(able[name]))
    ]
    return tuple(reversed(made) if replicate else made)


def varied(name: str, subject: Subject, length: Length, backend: str, variation: Variation) -> Run:
    """A controlled run of a subject, under a name, as an honest variation of the pinned one."""
    options = variation.options(length.controlled(subject))
    return Run(name, options, variation.arithmetic(backend))


@define(eq=False)
class Rehearsal:
    """One comparison of a baseline with candidates.

    Attributes:
        laboratory: where the runs are carried out.
        subjects: what is run.
        length: how long, and with which seed.
        watch: what is told meanwhile.
        workers: processes at a time.
        controls: whether every candidate is also compared with itself, run once more.
    """

    laboratory: Laboratory
    subjects: Sequence[Subject]
    length: Length
    watch: Watch = field(factory=Watch)
    workers: int = WORKERS
    controls: bool = False
    _done: dict[tuple[str, Run], Attempt] = field(factory=dict, init=False)
    _ready: dict[str, Environment] = field(factory=dict, init=False)
    _known: dict[str, int] = field(factory=dict, init=False)

    def compare(self, places: Sequence[Place]) -> Report:
        """Judges every subject in every candidate.

        Args:
            places: the baseline, then the candidates.

        Raises:
            KeyboardInterrupt: interrupted; what was done is kept.
            ExecutionError: a result cannot be kept (a full disk).
        """
        started = time.perf_counter()
        if places[0].resolved is None or all(p.resolved is None for p in places[1:]):
            return Report(tuple(self._row(place) for place in places), ())
        problems = self.run_everywhere(places)
        places = [
            attrs.evolve(place, resolved=None, problem=problems[place.resolved.lock.digest])
            if place.resolved is not None and place.resolved.lock.digest in problems
            else place
            for place in places
        ]
        rows = tuple(self._row(place) for place in places)
        results: list[ResultRow] = []
        controls: list[ResultRow] = []
        if places[0].resolved is not None:
            controls += self._judge(places[0], places[0])
            for place in places[1:]:
                if place.resolved is not None:
                    results += self._judge(places[0], place)
                    controls += self._judge(place, place) if self.controls else []
        return Report(
            rows,
            tuple(results),
            controls=tuple(controls),
            notes=(self.length.words,),
            seconds=time.perf_counter() - started,
        )

    def run_everywhere(self, places: Sequence[Place]) -> dict[str, ParityError]:
        """Makes every environment and every run; returns why some could not be made, by lock."""
        return self._run(self.tasks(places))

    def run_one(self, resolved: Resolved) -> ParityError | None:
        """Makes one environment and its runs, without a control; returns why it cannot be made."""
        backend = resolved.request.backend
        task = Task(resolved, runs_of(self.subjects, self.length, backend, 0))
        return self._run([task]).get(resolved.lock.digest)

    def _run(self, tasks: Sequence[Task]) -> dict[str, ParityError]:
        problems: dict[str, ParityError] = {}
        with ThreadPoolExecutor(self.workers) as threads:
            waiting: list[Future[Attempts]] = []
            try:
                for task in tasks:
                    lock = task.resolved.lock
                    if lock.digest in problems:
                        continue
                    left = self._take_known(task)
                    try:
                        environment = self._environment(task.resolved, needed=bool(left.runs))
                    except ExecutionError as error:
                        problems[lock.digest] = error
                        continue
                    if left.runs and environment is not None:
                        waiting.append(threads.submit(self._carry_out, left, environment))
                for done in as_completed(waiting):
                    done.result()
            except BaseException:
                self.laboratory.stop.set()
                for future in waiting:
                    future.cancel()
                raise
        return problems

    def tasks(self, places: Sequence[Place]) -> list[Task]:
        """The work list: the baseline, its control, then each other environment once."""
        base = places[0].resolved
        assert base is not None
        backend = base.request.backend
        tasks = [
            Task(base, runs_of(self.subjects, self.length, backend, replicate))
            for replicate in (0, 1)
        ]
        tasks += self._measuring(base)
        seen = {identity(base)}
        for place in places[1:]:
            resolved = place.resolved
            if resolved is not None and identity(resolved) not in seen:
                seen.add(identity(resolved))
                for replicate in (0, 1) if self.controls else (0,):
                    backend = resolved.request.backend
                    runs = runs_of(self.subjects, self.length, backend, replicate)
                    tasks.append(Task(resolved, runs))
        return tasks

    def _measuring(self, base: Resolved) -> list[Task]:
        """Honest variations in the baseline of the subjects whose horizon no golden says."""
        backend = base.request.backend
        left = [s for s in self.subjects if backend not in s.horizons and backend in s.backends]
        first = {self._shared[subject.name]: subject for subject in left}
        return [
            Task(
                base,
                tuple(
                    varied(name, subject, self.length, backend, variation)
                    for name, subject in first.items()
                ),
            )
            for variation in VARIATIONS
            if first
        ]

    def horizon(self, base: Resolved, subject: Subject) -> Horizon | None:
        """How far honest runs may lie apart; None where they cannot be had."""
        backend = base.request.backend
        if backend in subject.horizons:
            return subject.horizons[backend]
        name, held = self._shared[subject.name], identity(base)
        golden = self._done[held, Run(name, self.length.controlled(subject))].trace
        honest = []
        for variation in VARIATIONS:
            trace = self._done[held, varied(name, subject, self.length, backend, variation)].trace
            if trace is not None and golden is not None:
                honest.append(Honest(variation.name, trace, golden))
        if golden is None or len(honest) < len(VARIATIONS):
            return None
        try:
            return measure(golden, honest, fresh=subject.fresh)
        except ValueError:
            return None  # the honest runs are of another length than the run they vary

    def _take_known(self, task: Task) -> Task:
        """Takes in what is known; the task that is left."""
        name = identity(task.resolved)
        known = self.laboratory.known(task)
        self._known[name] = self._known.get(name, 0) + len(known)
        for run, attempt in known.items():
            self._done[name, run] = attempt
            self.watch.attempt(task.resolved.request.spec, run, attempt, True)
        return attrs.evolve(task, runs=tuple(run for run in task.runs if run not in known))

    def _environment(self, resolved: Resolved, *, needed: bool) -> Environment | None:
        """The environment; not made where every run of it is known."""
        digest = resolved.lock.digest
        if digest not in self._ready and needed:
            self._ready[digest] = self.laboratory.environments.ensure(resolved, self.watch.say)
        return self._ready.get(digest)

    def _carry_out(self, task: Task, environment: Environment) -> Attempts:
        bench = self.laboratory.benches(task.resolved, environment)

        def on_attempt(run: Run, attempt: Attempt) -> None:
            self._done[identity(task.resolved), run] = attempt
            self.watch.attempt(task.resolved.request.spec, run, attempt, False)

        return self.laboratory.carry_out(task, bench, on_attempt)

    def observed(self, resolved: Resolved, subject: Subject, replicate: int = 0) -> Observed:
        """The runs of a subject in an environment."""
        name = self._shared[subject.name]
        length = self.length
        found = [
            self._done[identity(resolved), Run(name, options, replicate=replicate)]
            for options in (length.controlled(subject), length.native(subject))
        ]
        controlled, native = found
        calls = uncontrolled(controlled.trace) if controlled.trace else ()
        return Observed(None if calls else controlled, native, calls)

    @property
    def _shared(self) -> Mapping[str, str]:
        names = [subject.name for subject in self.subjects]
        return first_of_each(names, {s.name: s.experiment for s in self.subjects})

    def _judge(self, baseline: Place, candidate: Place) -> list[ResultRow]:
        base, mine = baseline.resolved, candidate.resolved
        assert base is not None
        assert mine is not None
        rows = []
        for subject in self.subjects:
            if not {base.request.backend, mine.request.backend} <= {*subject.backends}:
                continue
            again = self.observed(base, subject, replicate=1)
            same = identity(base) == identity(mine)
            verdict = judge(
                self.observed(base, subject),
                again,
                again if same else self.observed(mine, subject),
                self.horizon(base, subject),
                updates_per_step=subject.updates_per_step,
            )
            rows.append(ResultRow(subject.name, baseline.spec, candidate.spec, verdict))
        return rows

    def _row(self, place: Place) -> EnvironmentRow:
        resolved, problem = place.resolved, place.problem
        if resolved is None:
            made = problem.what if problem else ""
            status = "failed" if isinstance(problem, ExecutionError) else "unresolvable"
            return EnvironmentRow(place.spec, status, message=made)
        name = identity(resolved)
        ready = self._ready.get(resolved.lock.digest)
        attempts = [attempt for (held, _), attempt in self._done.items() if held == name]
        return EnvironmentRow(
            spec=place.spec,
            status="ready",
            backend=resolved.request.backend,
            python=resolved.interpreter.version,
            resolved=resolved.lock.versions,
            notes=resolved.notes,
            made=ready.made if ready else False,
            make_seconds=ready.seconds if ready else 0.0,
            run_seconds=sum(attempt.seconds for attempt in attempts),
            runs=len(attempts),
            known=self._known.get(name, 0),
        )


def identity(resolved: Resolved) -> str:
    """What tells environments apart: the lock, and what runs in it."""
    return f"{resolved.lock.digest}/{resolved.request.backend}/{resolved.legacy}"
