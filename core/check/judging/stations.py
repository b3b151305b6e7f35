"""A run from a station judged by the reference: numbers inside the horizon, counters exactly."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from core.check.compare.against import GOLDEN
from core.check.horizon.envelope import Envelope
from core.trace.difference import relative_difference
from core.trace.finding import Finding
from core.trace.station import StationTrace

ROUNDING = 1e-6  # a share in single precision is right to 6e-8


@frozen
class _Judging:
    """One run beside its reference."""

    run: StationTrace
    reference: StationTrace
    envelope: Envelope

    def _differs(self, field: str, message: str, evidence: str) -> Finding:
        run = self.run
        at = f"{run.backend} (station {run.station}): {field}"
        return GOLDEN.differs(run.scenario, at, message, evidence)

    def counters(self) -> Iterator[Finding]:
        """Whole numbers: equal, but for hits of samples that rounding may decide either way."""
        for name, expected in self.reference.counters.items():
            found = self.run.counters.get(name, ())
            if len(found) != len(expected):
                yield self._differs(
                    f"counters.{name}",
                    f"{name} was counted {len(found)} times, not {len(expected)} times",
                    f"found {found}, expected {expected}; rule: equal",
                )
                continue
            margins = self.reference.margins.get(name, ((),) * len(expected))
            for index, (value, wanted) in enumerate(zip(found, expected, strict=True)):
                if margins[index] and not self.envelope.whole:
                    continue  # beyond the horizon a few decisions fall out otherwise
                allowed = self.envelope.hits_limit(name, margins[index])
                if abs(value - wanted) > allowed:
                    rule = f"at most {allowed} off, the samples that close" if allowed else "equal"
                    yield self._differs(
                        f"counters.{name}[{index}]",
                        f"{name} counts otherwise than the reference",
                        f"found {value}, expected {wanted}; rule: {rule}",
                    )
                    break
        for name in sorted(self.run.counters.keys() - self.reference.counters.keys()):
            yield self._differs(f"counters.{name}", f"{name} is counted", "rule: no such counter")

    def losses(self) -> Iterator[Finding]:
        """Each loss inside the horizon of each step."""
        for name, expected in self.reference.losses.items():
            found = self.run.losses.get(name, ())
            if len(found) != len(expected) or name not in self.run.losses:
                yield self._differs(
                    f"losses.{name}",
                    f"{name} has {len(found)} steps, not {len(expected)}",
                    "rule: as many as the reference",
                )
                continue
            limits = self.envelope.loss_limits(name)
            pairs = zip(found, expected, limits, strict=False)
            for step, (value, wanted, limit) in enumerate(pairs):
                relative = relative_difference(value, wanted)
                # Not `relative > limit`: NaN compares false with everything, and must not pass.
                if not relative <= limit:
                    yield self._differs(
                        f"losses.{name}[{step}]",
                        f"{name} of step {step} from here differs from the reference",
                        f"found {value!r}, expected {wanted!r}, relative difference "
                        f"{relative:.2e}; rule: at most {limit:.1e} at this step",
                    )
                    break  # later steps follow from this one
        for name in sorted(self.run.losses.keys() - self.reference.losses.keys()):
            yield self._differs(f"losses.{name}", f"a loss {name}", "rule: no such loss")

    def metrics(self) -> Iterator[Finding]:
        """Every metric as often as in the reference, and saying what its counters say exactly."""
        for name in sorted(self.reference.metrics.keys() | self.run.metrics.keys()):
            found = self.run.metrics.get(name, ())
            expected = self.reference.metrics.get(name, ())
            if len(found) != len(expected):
                yield self._differs(
                    f"metrics.{name}",
                    f"{name} was read {len(found)} times, not {len(expected)} times",
                    f"found {found}, expected {expected}; rule: as often as the reference",
                )
                continue
            for side, trace in (("the run", self.run), ("the reference", self.reference)):
                for index, (value, counted) in enumerate(_counted(trace, name)):
                    if not abs(value - counted) <= ROUNDING:
                        yield self._differs(
                            f"metrics.{name}[{index}]",
                            f"{name} of {side} is not what it has counted",
                            f"found {value!r}, counted {counted!r}; rule: within {ROUNDING:.0e}",
                        )

    def variables(self) -> Iterator[Finding]:
        """Norm and projection of every variable at the end."""
        for name, wanted in self.reference.variables.items():
            found = self.run.variables.get(name)
            if found is None:
                yield self._differs(f"variables.{name}", f"there is no {name}", "rule: there is")
                continue
            norm, along = self.envelope.norm_limit(name), self.envelope.projection_limit(name)
            if not abs(found.norm - wanted.norm) <= norm * wanted.norm:
                yield self._differs(
                    f"variables.{name}",
                    f"the norm of {name} at the end differs from the reference",
                    f"found {found.norm!r}, expected {wanted.norm!r}; rule: within {norm:.1e}",
                )
            elif not abs(found.projection - wanted.projection) <= along * wanted.norm:
                yield self._differs(
                    f"variables.{name}",
                    f"the projection of {name} at the end differs from the reference",
                    f"found {found.projection!r}, expected {wanted.projection!r}; "
                    f"rule: within {along:.1e} of the norm",
                )
        for name in sorted(self.run.variables.keys() - self.reference.variables.keys()):
            yield self._differs(f"variables.{name}", f"a variable {name}", "rule: no such variable")


def _counted(trace: StationTrace, metric: str) -> Iterator[tuple[float, float]]:
    """Each value of a metric, and the share of hits among the samples that it had counted."""
    hits = trace.counters.get(f"{metric} hits", ())
    samples = trace.counters.get(f"{metric} samples", ())
    for value, hit, sample in zip(trace.metrics[metric], hits, samples, strict=False):
        yield value, hit / sample if sample else 0.0


def judge_station(
    run: StationTrace, reference: StationTrace, envelope: Envelope
) -> tuple[Finding, ...]:
    """What is wrong with a run from a station.

    Args:
        run: what a backend did.
        reference: what the reference does from the same state, by the backend's own meaning.
        envelope: how far honest runs of this section lie from it there.

    Returns:
        Findings, counters first, each of which fails a check; empty where the run is honest.
    """
    judging = _Judging(run, reference, envelope)
    found = (*judging.counters(), *judging.metrics(), *judging.losses())
    # Variables follow from what went before: where that is wrong they say nothing new.
    return found or (tuple(judging.variables()) if envelope.whole else ())
