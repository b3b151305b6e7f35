"""Which printed figure stands where a published one stood."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from attrs import frozen

from core.documents.validation.observed import Observation
from core.trace.claims import Claim, ClaimKind

Address = tuple[object, ...]


@frozen
class Pair:
    """A published figure and what a run shows in its place, None where it shows nothing."""

    claim: Claim
    found: Observation | None


def paired(
    claims: Sequence[Claim], found: Sequence[Observation]
) -> tuple[tuple[Pair, ...], tuple[Observation, ...]]:
    """Pairs published figures with observed ones; returns the pairs and the figures left over.

    A figure is addressed by its cell, kind, name and template, then by epoch and step where it has
    them, else by how many of its kind come before it.
    """
    waiting: dict[Address, list[Observation]] = defaultdict(list)
    for observation in found:
        waiting[address(observation.figure)].append(observation)
    pairs = []
    for claim in claims:
        # By address, not by position in the output: a warning or a line too many shifts no other
        # figure.
        mine = waiting.get(address(claim))
        pairs.append(Pair(claim, mine.pop(0) if mine else None))
    left = [observation for rest in waiting.values() for observation in rest]
    return tuple(pairs), tuple(left)


def series(claim: Claim) -> Address:
    """What figures that form one sequence have in common."""
    at = claim.at
    return (at.cell, claim.kind, claim.name, at.template, at.position)


def address(claim: Claim) -> Address:
    """Where a figure stands in the output of its cell."""
    if claim.kind is ClaimKind.LAYER:
        return (claim.at.cell, claim.kind, claim.model, claim.index)
    if claim.kind is ClaimKind.PARAMS:
        return (claim.at.cell, claim.kind, claim.model, claim.name)
    if claim.kind is ClaimKind.EPOCH:
        return series(claim)
    return (*series(claim), claim.epoch, claim.printed_step)
