"""What a check compares runs from stations with: recorded references, or ones computed now."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from attrs import evolve, field, frozen

from core.check.golden.unreadable import unreadable
from core.check.reference.computing import Run, Wanted, compute
from core.check.reference.known import originals
from core.check.reference.reference import Located, read
from core.errors import GoldenError
from core.run.worker import Outcome
from core.spec import Scenario
from core.spec.catalog import Catalog
from core.trace.finding import Finding, FindingCode, Severity


@frozen
class Prepared:
    """What the runs of a check are compared with.

    Attributes:
        references: by scenario id.
        unknown: why other sections have none, by scenario id.
        live: the sections whose reference was computed now.
        failed: what failed while references were computed.
    """

    references: Mapping[str, Located] = field(factory=dict)
    unknown: Mapping[str, Finding] = field(factory=dict)
    live: frozenset[str] = frozenset()
    failed: tuple[Outcome, ...] = ()


def prepare(catalog: Catalog, asked: Wanted, data_sha256: str, run: Run) -> Prepared:
    """Finds the references of sections, and computes those of another seed or data set.

    Args:
        catalog: the guides.
        asked: whose, with which seed and data, and where the states of what is computed go.
        data_sha256: the data set's hash.
        run: runs jobs; answers nothing where it was interrupted.
    """
    unknown: dict[str, Finding] = {}
    found: dict[str, Located] = {}
    live: list[Scenario] = []
    for scenario in asked.scenarios:
        try:
            held = read(catalog.entry(scenario).golden, scenario)
        except GoldenError as error:
            unknown[scenario.id] = unreadable(error)
            continue
        if held is None:
            unknown[scenario.id] = _missing(scenario, catalog.entry(scenario).golden)
        elif held[0].belongs(scenario, asked.seed, data_sha256):
            found[scenario.id] = Located(held[0].stations, held[1])
        elif scenario.step_draws:
            unknown[scenario.id] = _too_slow(scenario, held[0].seed)
        else:
            live.append(scenario)
    source = originals(catalog, live)
    wanted = tuple(dict.fromkeys(source.values()))
    computed = compute(evolve(asked, scenarios=wanted), run) if wanted else None
    if computed:
        found |= {
            name: computed.found[scenario.id]
            for name, scenario in source.items()
            if scenario.id in computed.found
        }
    return Prepared(found, unknown, frozenset(source), computed.failed if computed else ())


def _missing(scenario: Scenario, root: Path) -> Finding:
    return Finding(
        code=FindingCode.GOLDEN_MISSING,
        where=scenario.id,
        message="there is no reference to compare this section's numbers with",
        evidence=f"no folder of this experiment in {root / 'reference'}",
        remedy=f'run `parity record {scenario.id} --reason "…"`, or `parity record --new`',
    )


def _too_slow(scenario: Scenario, seed: int) -> Finding:
    return Finding(
        code=FindingCode.NOT_JUDGED,
        severity=Severity.NOTE,
        where=scenario.id,
        message="numbers of sections that draw noise were not judged",
        evidence="with another seed or data set their reference would take minutes",
        remedy=f"for these numbers, use --seed {seed} and the recorded data",
    )
