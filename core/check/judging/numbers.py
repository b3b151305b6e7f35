"""The numbers of a section on a backend: its runs from all stations, judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

from attrs import define, field

from core.check.compare.against import GOLDEN
from core.check.golden.golden import Golden
from core.check.horizon.envelope import Envelope
from core.check.horizon.pooled import SectionHorizon
from core.check.judging.stations import judge_station
from core.check.reference.reference import Located
from core.run.worker import StationJob
from core.spec import Scenario
from core.spec.reading import meaning
from core.trace import ModelSummary
from core.trace.difference import relative_difference
from core.trace.finding import Finding, FindingCode
from core.trace.station import StationTrace, side_by_side, steps_of


@define
class Numbers:
    """What the runs from a section's stations show.

    Attributes:
        findings: what is wrong with them.
        models: the models that they trained.
        first: the first loss at the start, by name.
        last: the last loss at the last station, by name.
        reference_last: the reference's last loss there, by name.
        largest_relative: the largest relative difference of a loss from the reference; None where
            none was compared.
        largest_share: the largest of these differences as a share of what its step allows.
        compared_steps: how many steps were compared as numbers.
    """

    findings: list[Finding] = field(factory=list)
    models: tuple[ModelSummary, ...] = ()
    first: Mapping[str, float] = field(factory=dict)
    last: Mapping[str, float] = field(factory=dict)
    reference_last: Mapping[str, float] = field(factory=dict)
    largest_relative: float | None = None
    largest_share: float | None = None
    compared_steps: int = 0

    def take(
        self, run: StationTrace, reference: StationTrace, asked: int, envelope: Envelope
    ) -> None:
        """Takes in a run from a station.

        Args:
            run: what a backend did.
            reference: what it is compared with.
            asked: steps that the run was asked for.
            envelope: how far honest runs lie from the reference there.
        """
        run_here, wanted = side_by_side(run, reference, asked)
        self.findings += judge_station(run_here, wanted, envelope)
        self.compared_steps += min(envelope.compared_steps, steps_of(run))
        for name, expected in wanted.losses.items():
            found = run_here.losses.get(name, ())
            for value, number, limit in zip(
                found, expected, envelope.loss_limits(name), strict=False
            ):
                relative = relative_difference(value, number)
                self.largest_relative = max(self.largest_relative or 0.0, relative)
                self.largest_share = max(self.largest_share or 0.0, relative / limit)
        self.last = {name: values[-1] for name, values in run.losses.items() if values}
        self.reference_last = {name: values[-1] for name, values in wanted.losses.items() if values}
        if not self.models:
            self.models = run.models
            self.first = {name: values[0] for name, values in run.losses.items() if values}


def judge_numbers(
    scenario: Scenario,
    backend: str,
    runs: Sequence[StationTrace],
    starts: Sequence[StationJob],
    located: Located,
    horizon: SectionHorizon | None,
    golden: Golden | None,
) -> Numbers:
    """Judges a section's runs from its stations.

    Args:
        scenario: the section.
        backend: where it ran.
        runs: its runs, one from each station.
        starts: what they were asked for, in the same order.
        located: what they are compared with.
        horizon: how far honest runs lie from that; None where it was not measured.
        golden: the recorded run of this backend, for what only a framework can say: names, layers
            and parameters of the models, and warnings. None where there is none.
    """
    numbers = Numbers()
    means = meaning(scenario, backend)
    measured = horizon.stations if horizon else {}
    for run, start in zip(runs, starts, strict=True):
        if run.station in measured:
            wanted = located.numbers(run.station, means)
            numbers.take(run, wanted, start.station.steps, measured[run.station])
        else:
            numbers.findings.append(_not_measured(scenario, backend, run.station))
    if golden is not None and runs:
        numbers.findings += _said(scenario, backend, runs, golden)
    return numbers


def _not_measured(scenario: Scenario, backend: str, station: str) -> Finding:
    return Finding(
        code=FindingCode.GOLDEN_MISSING,
        where=f"{scenario.id}@{backend} (station {station})",
        message="how far honest runs lie from the reference was not measured",
        evidence=f"golden/horizons has no such station of {scenario.id}",
        remedy=f"measure it: parity horizon {scenario.id}",
    )


def _said(
    scenario: Scenario, backend: str, runs: Sequence[StationTrace], golden: Golden
) -> Iterator[Finding]:
    """What a framework says of its models, and warnings that it did not raise when recorded."""
    at = f"{backend} (stations)"
    for found, wanted in zip_longest(runs[0].models, golden.trace.models):
        if found != wanted:
            name = (found or wanted).name
            yield GOLDEN.differs(
                scenario.id,
                f"{at}: models.{name}",
                f"{name} is another model than the golden's",
                f"found {found!r}, expected {wanted!r}; rule: equal",
            )
    warned = dict.fromkeys(text for run in runs for text in run.warnings)
    for text in warned:
        if text not in golden.trace.warnings:
            yield GOLDEN.differs(
                scenario.id,
                f"{at}: warnings",
                "a warning that the golden run did not raise",
                f"found {text!r}; rule: no warning besides the golden's",
                FindingCode.NEW_WARNING,
            )
