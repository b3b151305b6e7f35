"""What a run from a station did: plain values, compared with the reference's."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve, field, frozen

from core.trace.trace import ModelSummary


@frozen
class Variable:
    """One variable at the end of a run.

    Attributes:
        norm: its Euclidean norm.
        projection: its product with a fixed direction, plus or minus one in every number, drawn by
            the variable's name and divided by the root of their count: a change that leaves the
            norm alone shows here.
    """

    norm: float
    projection: float


@frozen
class StationTrace:
    """A run from a station.

    Attributes:
        scenario: `guide/section`.
        backend: where it ran.
        station: its name.
        seed: the one seed.
        data_sha256: hash of the images.
        losses: one number for each step and loss.
        metrics: one number for each reading of a metric.
        counters: whole numbers, compared exactly: `samples` and `hits` of each metric when it is
            read, `iteration` of each optimizer, steps and samples of the run.
        variables: weights, slots and moving statistics at the end, by `object/variable`.
        margins: for each counter of hits how close the closest samples were, smallest first: by
            how much the label's output exceeded all others, or fell short, as a share of the
            sample's largest output. Only the reference knows them.
        models: summaries of the models, where the run made them.
        warnings: Python warnings raised while running, without repeats.
    """

    scenario: str
    backend: str
    station: str
    seed: int
    data_sha256: str
    losses: Mapping[str, tuple[float, ...]]
    metrics: Mapping[str, tuple[float, ...]]
    counters: Mapping[str, tuple[int, ...]]
    variables: Mapping[str, Variable]
    margins: Mapping[str, tuple[tuple[float, ...], ...]] = field(factory=dict)
    models: tuple[ModelSummary, ...] = ()
    warnings: tuple[str, ...] = ()


def first_steps(trace: StationTrace, steps: int) -> StationTrace:
    """The losses of a run's first steps alone: what a run that stops there is compared with."""
    losses = {name: values[:steps] for name, values in trace.losses.items()}
    return evolve(trace, losses=losses, metrics={}, counters={}, variables={}, margins={})


def steps_of(trace: StationTrace) -> int:
    """Training steps of a run from a station."""
    return max((len(values) for values in trace.losses.values()), default=0)


def side_by_side(
    run: StationTrace, reference: StationTrace, asked: int
) -> tuple[StationTrace, StationTrace]:
    """A run and its reference, as far as the run was asked to go.

    Args:
        run: what a backend did.
        reference: what it is compared with, which may go farther.
        asked: steps that the run was asked for. Not those it took: that it takes as many as the
            reference is what is compared.
    """
    if asked >= steps_of(reference):
        return run, reference
    return first_steps(run, max(asked, steps_of(run))), first_steps(reference, asked)
