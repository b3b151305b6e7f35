"""Honest runs judged like the mutants: what is called wrong of them is a false alarm.

From the stations they run with seeds that no horizon was measured with, as pinned and under every
honest variation, each against the reference of its own seed. Natively they run with the seed of the
goldens and vary in threads and kernels alone, which is the best case of a tool that records output.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import attrs
from attrs import frozen

from core.check.horizon.variation import BASE, VARIATIONS, Variation
from core.check.reference.reference import Located
from core.check.sensitivity.campaign import OTHERS_ON, Runs, Setting
from core.check.sensitivity.judging import Caught, Judges
from core.check.sensitivity.verdict import Honest
from core.run.runner import RunOptions
from core.run.worker import Job
from core.spec import Scenario
from core.trace import Trace

FIRST_SEED = 3001  # far from the seeds that horizons and trends were measured with


@frozen
class HonestRuns:
    """Which honest runs are made.

    Attributes:
        scenarios: sections, each experiment once.
        backends: where they run.
        setting: how everything runs; its seed is that of the native runs.
        judges: what they are judged with; its references are those of the setting's seed.
        run: runs jobs.
    """

    scenarios: tuple[Scenario, ...]
    backends: tuple[str, ...]
    setting: Setting
    judges: Judges
    run: Runs

    def from_stations(self, references: Mapping[int, Mapping[str, Located]]) -> Honest:
        """Runs from the stations.

        Args:
            references: by seed, then scenario id.
        """
        jobs = list(self._station_jobs(references))
        runs, alarms = 0, list[str]()
        for outcome in self.run(jobs, None):
            judges = attrs.evolve(self.judges, references=references[outcome.job.options.seed])
            for scenario in self.scenarios:
                mine = [trace for trace in outcome.stations if trace.scenario == scenario.id]
                if mine:
                    runs += 1
                    alarms += _alarm(outcome.job, scenario, judges.stations(scenario, mine))
        return Honest(runs, tuple(alarms))

    def _station_jobs(self, references: Mapping[int, Mapping[str, Located]]) -> Iterator[Job]:
        for backend in self.backends:
            for variation in (BASE, *VARIATIONS):
                for seed, located in references.items():
                    for guide in dict.fromkeys(s.guide for s in self.scenarios):
                        mine = [
                            s
                            for s in self.scenarios
                            if s.guide == guide and backend in s.backends and s.id in located
                        ]
                        if mine:
                            job = self._job(mine, backend, variation, "controlled", seed)
                            starts = [start for s in mine for start in located[s.id].starts(s)]
                            yield attrs.evolve(job, stations=tuple(starts))

    def natively(self) -> Honest:
        """Native runs of supervised sections, which other tools' rules judge as well."""
        supervised = [s for s in self.scenarios if not s.step_draws and OTHERS_ON in s.backends]
        guides = dict.fromkeys(s.guide for s in supervised)
        sections = [[s for s in supervised if s.guide == guide] for guide in guides]
        varied = [variation for variation in VARIATIONS if not variation.nudge]
        sound: dict[str, Trace] = {}
        seed = self.setting.seed
        base = [self._job(mine, OTHERS_ON, BASE, "native", seed) for mine in sections]
        for outcome in self.run(base, None) if base else ():
            sound |= outcome.traces
        jobs = [
            self._job(mine, OTHERS_ON, variation, "native", seed)
            for variation in varied
            for mine in sections
        ]
        runs, alarms, others = 0, list[str](), Counter[str]()
        by_id = {scenario.id: scenario for scenario in supervised}
        for outcome in self.run(jobs, None) if jobs else ():
            for name, trace in outcome.traces.items():
                runs += 1
                caught = self.judges.native(by_id[name], outcome, lambda more: self.run(more, None))
                alarms += _alarm(outcome.job, by_id[name], caught)
                others.update(self.judges.others(by_id[name], trace, sound[name]))
        return Honest(runs, tuple(alarms), runs, dict(others))

    def _job(
        self,
        scenarios: Sequence[Scenario],
        backend: str,
        variation: Variation,
        randomness: str,
        seed: int,
    ) -> Job:
        guide = scenarios[0].guide.id
        return Job(
            name=f"{guide}@{backend} ({randomness}), seed {seed}, {variation.name}",
            backend=backend,
            scenarios=tuple(scenario.id for scenario in scenarios),
            options=variation.options(RunOptions(seed=seed, randomness=randomness)),
            data=self.setting.data,
            repository=self.setting.repository,
            folders=self.setting.folders,
            arithmetic=variation.arithmetic(backend),
        )


def _alarm(job: Job, scenario: Scenario, caught: Caught) -> list[str]:
    """What is said of an honest run, where it is called wrong."""
    return [] if caught is None else [f"{job.name}: {scenario.section}: {caught[1].message}"]


def together(first: Honest, second: Honest) -> Honest:
    """The honest runs of both."""
    rules = {**first.alternatives, **second.alternatives}
    return Honest(
        first.runs + second.runs,
        (*first.alarms, *second.alarms),
        first.native + second.native,
        {n: first.alternatives.get(n, 0) + second.alternatives.get(n, 0) for n in rules},
    )
