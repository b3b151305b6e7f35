"""Operators over what a step computes: labels, noise, sums in place of means."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import attrs

from core.spec import ops
from core.spec.kinds import Kind
from core.spec.mutation.mutant import Draft
from core.spec.mutation.places import places, put
from core.spec.scenario import Scenario


def constant_labels(scenario: Scenario) -> Iterator[Draft]:
    """Every label of a batch the same, in a loss or in a metric."""
    for place in places(scenario):
        op = place.op
        if isinstance(op, ops.Loss | ops.UpdateMetric) and op.target not in _made(scenario):
            label = ops.Fill("one_label", 1.0, shape=(ops.BatchOf(op.target),))
            yield Draft(
                "labels-constant",
                place.name,
                f"{op.words}: every label is 1",
                partial(put, scenario, place, label, attrs.evolve(op, target="one_label")),
            )


def _made(scenario: Scenario) -> set[str]:
    return {
        name
        for place in places(scenario)
        for name, kind in place.op.makes()
        if kind is Kind.TENSOR and not isinstance(place.op, ops.GradScope)
    }


def summed_loss(scenario: Scenario) -> Iterator[Draft]:
    """A loss summed over the batch in place of its mean, or a multiple of it."""
    size = scenario.maker(scenario.loop.dataset, ops.OpenDataset).batch
    for place in places(scenario):
        op = place.op
        if isinstance(op, ops.Loss):
            mean = f"{op.out}_mean"
            for operator, scale in (("summed", float(size)), ("halved", 0.5), ("negated", -1.0)):
                instead = (attrs.evolve(op, out=mean), ops.Affine(op.out, x=mean, scale=scale))
                yield Draft(
                    operator,
                    place.name,
                    f"{op.words}: times {scale:g}",
                    partial(put, scenario, place, *instead),
                )


def constant_noise(scenario: Scenario) -> Iterator[Draft]:
    """Random numbers replaced by their mean, drawn from the other distribution, or one for all."""
    for place in places(scenario):
        op = place.op
        if not isinstance(op, ops.Draw):
            continue
        kind = op.distribution
        if isinstance(kind, ops.Normal):
            mean = kind.mean
            other: ops.Normal | ops.Uniform = ops.Uniform(mean - 1.0, mean + 1.0)
        else:
            mean = (kind.low + kind.high) / 2.0
            other = ops.Normal(mean, (kind.high - kind.low) / 2.0)
        constant = ops.Fill(op.out, mean, op.shape)
        yield Draft(
            "noise-constant",
            place.name,
            f"{op.words}: the mean in place of them",
            partial(put, scenario, place, constant),
        )
        yield Draft(
            "noise-distribution",
            place.name,
            f"{op.words}: from a {type(other).__name__.lower()} distribution",
            partial(put, scenario, place, attrs.evolve(op, distribution=other)),
        )
        if _only_added(scenario, op.out):
            single = attrs.evolve(op, shape=(1, *op.shape[1:]))
            yield Draft(
                "noise-shared",
                place.name,
                f"{op.words}: one for the whole batch",
                partial(put, scenario, place, single),
            )


def _only_added(scenario: Scenario, name: str) -> bool:
    """Whether a tensor is used by sums alone, which take one number for many."""
    users = [
        place.op for place in places(scenario) if name in {used for used, _ in place.op.uses()}
    ]
    return bool(users) and all(isinstance(op, ops.Affine) for op in users)
