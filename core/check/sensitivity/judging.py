"""A mutant's runs judged by what judges a check's own: stations, goldens, seeds, claims."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import attrs
from attrs import field, frozen

from core.check.compare.claims import judge_claims
from core.check.compare.judged import findings_of
from core.check.compare.printed import printed_otherwise
from core.check.golden.store import Store
from core.check.horizon.envelope import Envelope
from core.check.horizon.pooled import SectionHorizon
from core.check.judging.against_golden import against_golden
from core.check.judging.stations import judge_station
from core.check.judging.trends import judge_trends
from core.check.reference.reference import Located
from core.check.sensitivity.alternatives import ALTERNATIVES, printed_lines
from core.check.sensitivity.alternatives import Judged as JudgedByOthers
from core.check.sensitivity.verdict import Level, first_level
from core.check.trends import recorded
from core.check.trends.recorded import SeedRun
from core.run.worker import Job, Outcome
from core.spec import Scenario
from core.spec.catalog import Catalog
from core.spec.defect import by_line
from core.spec.reading import meaning
from core.trace import Trace
from core.trace.finding import Finding
from core.trace.published import PublishedGuide
from core.trace.station import StationTrace

Run = Callable[[Sequence[Job]], Sequence[Outcome]]
Caught = tuple[Level, Finding] | None


@frozen
class Judges:
    """What a campaign judges with.

    Attributes:
        catalog: the guides.
        references: what runs from stations are compared with, by scenario id.
        horizons: how far honest ones may lie from it.
        published: the figures that guides publish, by guide id.
        statistics: how many statistics a whole check judges by seeds.
    """

    catalog: Catalog
    references: Mapping[str, Located]
    horizons: Mapping[str, SectionHorizon]
    published: Mapping[str, PublishedGuide] = field(factory=dict)
    statistics: int = 0

    def stations(self, scenario: Scenario, traces: Sequence[StationTrace]) -> Caught:
        """The first level that catches runs from the stations of a section."""
        return first_level(
            finding
            for trace in traces
            for finding in judge_station(
                trace, self.wanted(scenario, trace), self.envelope(scenario, trace)
            )
        )

    def wanted(self, scenario: Scenario, trace: StationTrace) -> StationTrace:
        """What a run from a station is compared with."""
        means = meaning(scenario, trace.backend)
        return self.references[scenario.id].numbers(trace.station, means)

    def envelope(self, scenario: Scenario, trace: StationTrace) -> Envelope:
        """How far honest runs may lie from it."""
        return self.horizons[scenario.id].stations.get(trace.station, Envelope())

    def native(self, scenario: Scenario, outcome: Outcome, run: Run) -> Caught:
        """The first level that catches a native run, repeats with fresh seeds included.

        Args:
            scenario: the sound section.
            outcome: the run.
            run: runs the repeats.
        """
        trace = outcome.traces[scenario.id]
        entry = self.catalog.entry(scenario)
        alone = attrs.evolve(outcome.job, scenarios=(scenario.id,))
        mine = Outcome(alone, traces={scenario.id: trace})
        trends = judge_trends([mine], self.catalog, run, of=self.statistics)
        by_seeds = trends.findings.get((scenario.id, trace.backend))
        judged = [
            *against_golden(trace, Store(entry.golden), by_seeds).findings,
            *printed_otherwise(scenario, trace),
        ]
        by_trend = frozenset(by_seeds or ())
        for finding in judged:
            if finding.fails:
                return (Level.TREND if finding in by_trend else Level.STRUCTURE), finding
        published = self.published.get(scenario.guide.id)
        if published is not None:
            claims = judge_claims(
                published.of_section(scenario.section),
                trace,
                full_length=scenario.loop.cap is None,
                same_images=trace.data_name == "mnist",
                speedup=None,
                known_defects=by_line(entry.defects),
                on_mnist=trends.on_mnist.get((scenario.id, trace.backend), ()),
            )
            for finding in findings_of(claims):
                if finding.fails:
                    return Level.PUBLISHED, finding
        return None

    def others(self, scenario: Scenario, trace: Trace, sound: Trace) -> tuple[str, ...]:
        """The other tools' rules that call a native run wrong.

        Args:
            scenario: the sound section.
            trace: the run.
            sound: the sound section's, with the same seed on the same machine.
        """
        judged = JudgedByOthers(trace, sound, self.seeds(scenario, trace.backend))
        return tuple(name for name, one in ALTERNATIVES.items() if one.catches(judged))

    def seeds(self, scenario: Scenario, backend: str) -> tuple[SeedRun, ...]:
        """The recorded seeds of a section, of a backend that means the same."""
        found = recorded.read(self.catalog.entry(scenario).golden, scenario)
        return found.of_meaning(scenario, backend) if found else ()


def statistics_of(catalog: Catalog, scenarios: Sequence[Scenario]) -> int:
    """How many statistics a check of some sections judges by recorded seeds.

    Args:
        catalog: the guides.
        scenarios: sections, each experiment once.
    """
    count = 0
    for scenario in scenarios:
        found = recorded.read(catalog.entry(scenario).golden, scenario)
        if found is not None and found.runs:
            count += sum(len(found.runs[0].series(kind)) for kind in recorded.Kind)
    return count


def same_run(found: Trace, sound: Trace) -> bool:
    """Whether two native runs are equal to the bit, times and the machine left out."""
    lines = [printed_lines(trace) for trace in (found, sound)]
    fields = ("models", "losses", "metrics", "steps_per_epoch", "warnings", "images",
              "final_digest")  # fmt: skip
    return lines[0] == lines[1] and all(getattr(found, n) == getattr(sound, n) for n in fields)
