"""Which references are known, and whose they are."""

from __future__ import annotations

from collections.abc import Sequence

from core.check.reference.reference import Located, read
from core.spec import Scenario
from core.spec.catalog import Catalog
from core.spec.experiment import numbers_digest


def originals(catalog: Catalog, scenarios: Sequence[Scenario]) -> dict[str, Scenario]:
    """The first scenario of the catalog with the numbers of each: of a translation, its source.

    By the ids of those that were asked for.
    """
    first: dict[str, Scenario] = {}
    for scenario in (*catalog.scenarios, *scenarios):
        first.setdefault(numbers_digest(scenario), scenario)
    return {scenario.id: first[numbers_digest(scenario)] for scenario in scenarios}


def recorded(
    catalog: Catalog, scenarios: Sequence[Scenario], seed: int, data_sha256: str
) -> dict[str, Located]:
    """The recorded references of a seed and a data set, by scenario id.

    Raises:
        GoldenError: a file that cannot be read.
    """
    found = {}
    for scenario in scenarios:
        held = read(catalog.entry(scenario).golden, scenario)
        if held is not None and held[0].belongs(scenario, seed, data_sha256):
            found[scenario.id] = Located(held[0].stations, held[1])
    return found
