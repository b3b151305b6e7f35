"""The campaign: mutants run from the stations, and natively where that leaves them uncaught.

A mutant that a station catches needs no native run for its level. Native runs are made of every
other one, on its backend, and of a sample of all on TensorFlow, which other tools' rules judge.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence

import attrs
from attrs import define, field, frozen

from core.check.judging.stations import judge_station
from core.check.sensitivity.alternatives import printed_lines
from core.check.sensitivity.cases import Case
from core.check.sensitivity.judging import Caught, Judges, same_run
from core.check.sensitivity.tampering import one_of_each, tampered
from core.check.sensitivity.verdict import TRACE, Fate, Level, Verdict, first_level
from core.run.runner import RunOptions
from core.run.worker import Job, Outcome
from core.spec import Scenario
from core.trace import Trace
from core.trace.finding import Finding
from core.trace.station import StationTrace

OTHERS_ON = "tensorflow"  # where the guides' figures were published
REFUSED = "the run ends with an error"
EQUAL = "its native run is equal to the bit"
OnVerdict = Callable[[Verdict], None]
Runs = Callable[[Sequence[Job], Callable[[Outcome], None] | None], Sequence[Outcome]]
"""Runs jobs; tells of each finished one from any thread; raises where it is interrupted."""


@frozen
class Setting:
    """How everything runs.

    Attributes:
        seed: the seed of the references.
        data: the data set's name or path.
        repository: the folder that holds `scenarios/`.
        folders: further scenario folders.
    """

    seed: int
    data: str
    repository: str
    folders: tuple[str, ...] = ()

    def job(self, name: str, case: Case, randomness: str) -> Job:
        """A job of one mutant."""
        return Job(
            name=name,
            backend=case.backend,
            scenarios=(case.scenario.id,),
            options=RunOptions(seed=self.seed, randomness=randomness),
            data=self.data,
            repository=self.repository,
            folders=self.folders,
            mutant=case.mutant.name,
        )


@define
class Campaign:
    """Runs cases and gives their verdicts, each once.

    Attributes:
        setting: how everything runs.
        judges: what it judges with.
        run: runs jobs.
        tell: takes each verdict as it comes, from any thread.
        for_others: keys of the cases whose native runs other tools' rules judge, supervised ones
            on TensorFlow.
    """

    setting: Setting
    judges: Judges
    run: Runs
    tell: OnVerdict
    for_others: frozenset[tuple[str, str, str]] = frozenset()
    _sound: dict[tuple[str, str], Trace] = field(init=False, factory=dict)
    _lock: threading.Lock = field(init=False, factory=threading.Lock)

    def try_all(self, tried: Sequence[Case]) -> None:
        """Tries every case."""
        by_name = {self._name(case): case for case in tried}
        at_stations: dict[str, Caught] = {}

        def done(outcome: Outcome) -> None:
            case = by_name[outcome.job.name]
            if outcome.failure is not None:
                self._tell(case.verdict(Fate.REFUSED, reason=_refusal(outcome)))
                return
            caught = self.judges.stations(case.scenario, outcome.stations)
            if caught and case.key not in self.for_others:
                self._tell(_caught(case, caught))
                return
            with self._lock:
                at_stations[outcome.job.name] = caught

        self.run([self._from_stations(case) for case in tried], done)
        left = [case for case in tried if self._name(case) in at_stations]
        self._run_sound(left)
        self._natively(left, at_stations)

    def try_traces(self, scenario: Scenario, backends: Sequence[str]) -> None:
        """Tampers with sound runs of a section, and with what they are compared with."""
        jobs = [
            Job(
                name=f"{scenario.id}@{backend}: sound",
                backend=backend,
                scenarios=(scenario.id,),
                options=RunOptions(seed=self.setting.seed, randomness="controlled"),
                data=self.setting.data,
                repository=self.setting.repository,
                folders=self.setting.folders,
                stations=self.judges.references[scenario.id].starts(scenario),
            )
            for backend in backends
        ]
        for outcome in self.run(jobs, None):
            for trace in outcome.stations:
                for verdict in _tampered(self.judges, scenario, trace):
                    self._tell(verdict)

    def _name(self, case: Case) -> str:
        scenario, backend, mutant = case.key
        return f"{scenario}@{backend}: {mutant}"

    def _from_stations(self, case: Case) -> Job:
        job = self.setting.job(self._name(case), case, "controlled")
        starts = self.judges.references[case.scenario.id].starts(case.scenario)
        return attrs.evolve(job, stations=starts)

    def _run_sound(self, left: Sequence[Case]) -> None:
        """The native runs that those of mutants are compared with, each once."""
        wanted: dict[tuple[str, str], Job] = {}
        for case in left:
            key = case.key[:2]
            if key not in self._sound:
                job = self.setting.job(f"{key[0]}@{key[1]}", case, "native")
                wanted[key] = attrs.evolve(job, mutant="")
        for outcome in self.run(list(wanted.values()), None) if wanted else ():
            for name, trace in outcome.traces.items():
                self._sound[name, outcome.job.backend] = trace

    def _natively(self, left: Sequence[Case], at_stations: Mapping[str, Caught]) -> None:
        by_name = {self._name(case): case for case in left}
        undecided: list[tuple[Case, Outcome]] = []

        def done(outcome: Outcome) -> None:
            case, caught = by_name[outcome.job.name], at_stations[outcome.job.name]
            if case.scenario.id not in outcome.traces:
                self._tell(case.verdict(Fate.REFUSED, reason=_refusal(outcome)))
            elif caught:
                self._tell(self._with_others(case, outcome, _caught(case, caught)))
            else:
                with self._lock:
                    undecided.append((case, outcome))

        self.run([self.setting.job(n, case, "native") for n, case in by_name.items()], done)
        for case, outcome in undecided:
            self._tell(self._with_others(case, outcome, self._judged(case, outcome)))

    def _judged(self, case: Case, outcome: Outcome) -> Verdict:
        trace = outcome.traces[case.scenario.id]
        sound = self._sound.get(case.key[:2])
        if sound is not None and same_run(trace, sound):
            return case.verdict(Fate.EQUIVALENT, reason=EQUAL)
        caught = self.judges.native(case.scenario, outcome, lambda jobs: self.run(jobs, None))
        if caught:
            return _caught(case, caught)
        return case.verdict(Fate.SURVIVED, reason=_why(trace, sound))

    def _with_others(self, case: Case, outcome: Outcome, verdict: Verdict) -> Verdict:
        # Of the sample alone: what no station catches runs natively more often than the rest.
        if case.key not in self.for_others:
            return verdict
        trace = outcome.traces[case.scenario.id]
        others = self.judges.others(case.scenario, trace, self._sound[case.key[:2]])
        return attrs.evolve(verdict, alternatives=others)

    def _tell(self, verdict: Verdict) -> None:
        with self._lock:
            self.tell(verdict)


def _tampered(judges: Judges, scenario: Scenario, run: StationTrace) -> Iterator[Verdict]:
    wanted, envelope = judges.wanted(scenario, run), judges.envelope(scenario, run)
    sides = {
        "run": [(one, one.trace, wanted) for one in one_of_each(list(tampered(run, envelope)))],
        "reference": [
            (one, run, one.trace) for one in one_of_each(list(tampered(wanted, envelope)))
        ],
    }
    for side, pairs in sides.items():
        for one, found, reference in pairs:
            caught = first_level(judge_station(found, reference, envelope))
            level, reason = "", "what is compared of a trace does not show it"
            if caught:
                level, reason = caught[0].value, f"{caught[1].where}: {caught[1].message}"
            yield Verdict(
                scenario.id,
                run.backend,
                f"{side}-{one.operator}",
                f"{run.station}/{one.site}",
                f"{side} of station {run.station}: {one.operator.replace('-', ' ')}",
                Fate.CAUGHT if caught else Fate.SURVIVED,
                level,
                reason,
                of=TRACE,
            )


def _caught(case: Case, caught: tuple[Level, Finding]) -> Verdict:
    level, finding = caught
    return case.verdict(Fate.CAUGHT, level.value, f"{finding.where}: {finding.message}")


def _why(trace: Trace, sound: Trace | None) -> str:
    """What of a run differs from the sound one, where nothing calls it wrong."""
    if sound is None:
        return "no sound run to say what differs"
    fields = ("losses", "metrics", "log", "images", "final_digest")
    named = {"final_digest": "weights", "log": "lines"}
    differ = [named.get(name, name) for name in fields if _part(trace, name) != _part(sound, name)]
    return f"other {', '.join(differ)}, and nothing that the check looks at is out of its range"


def _part(trace: Trace, name: str) -> object:
    if name == "log":
        return printed_lines(trace)
    found: object = getattr(trace, name)
    return found


def _refusal(outcome: Outcome) -> str:
    said = outcome.failure.error.what if outcome.failure else "it left no trace"
    return f"{REFUSED}: {said.splitlines()[0][:160]}"
