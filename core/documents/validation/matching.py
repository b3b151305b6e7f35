"""Which printed figure stands where a published one stood."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from attrs import frozen

from core.documents.reading import DocumentClaim, FigureKind
from core.documents.validation.observed import Observation

Address = tuple[object, ...]


@frozen
class Pair:
    """A published figure and what a run shows in its place, None where it shows nothing."""

    claim: DocumentClaim
    found: Observation | None


def paired(
    claims: Sequence[DocumentClaim], found: Sequence[Observation]
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
        mine = waiting.get(address(claim))
        pairs.append(Pair(claim, mine.pop(0) if mine else None))
    left = [observation for rest in waiting.values() for observation in rest]
    return tuple(pairs), tuple(left)


def series(claim: DocumentClaim) -> Address:
    """What figures that form one sequence have in common."""
    template = claim.template.text if claim.template else None
    return (claim.cell, claim.kind, claim.name, template, claim.position)


def address(claim: DocumentClaim) -> Address:
    """Where a figure stands in the output of its cell."""
    if claim.kind is FigureKind.LAYER:
        return (claim.cell, claim.kind, claim.model, claim.index)
    if claim.kind is FigureKind.PARAMS:
        return (claim.cell, claim.kind, claim.model, claim.name)
    if claim.kind is FigureKind.EPOCH:
        return series(claim)
    return (*series(claim), claim.epoch, claim.printed_step)
