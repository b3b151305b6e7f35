"""Goldens that no scenario reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from core.check.golden.golden import Key
from core.check.golden.store import Store
from core.run.runner.options import RANDOMNESS, RunOptions, execution_of
from core.spec import Scenario
from core.spec.catalog import Catalog
from core.trace.finding import Finding, FindingCode


def expected_keys(scenario: Scenario) -> Iterator[Key]:
    """The keys of the goldens that a check of a scenario reads."""
    for backend in scenario.backends:
        for randomness in RANDOMNESS:
            options = RunOptions(randomness=randomness)
            yield Key(
                scenario.guide.id,
                scenario.section,
                backend,
                randomness,
                execution_of(scenario, options),
                options.precision,
            )


def orphans(catalog: Catalog, scenarios: Sequence[Scenario]) -> Iterator[Finding]:
    """Golden files that no scenario reads, in the folders of guides that are checked whole."""
    for root in dict.fromkeys(entry.golden for entry in catalog.guides):
        entries = [entry for entry in catalog.guides if entry.golden == root]
        partly = {e.guide.id for e in entries if any(s not in scenarios for s in e.scenarios)}
        if len(partly) == len(entries):
            continue
        wanted = {key for e in entries for s in e.scenarios for key in expected_keys(s)}
        for key in Store(root).all_keys():
            if key.guide not in partly and key not in wanted:
                yield Finding(
                    code=FindingCode.GOLDEN_ORPHAN,
                    where=str(Path(root.name) / key.file),
                    message="no scenario reads this golden",
                    evidence=f"there is no run {key.scenario}@{key.backend} "
                    f"({key.randomness}, {key.execution}, {key.precision})",
                )
        ids = {scenario.id for e in entries for scenario in e.scenarios}
        measured = [*root.glob("reference/*/*"), *root.glob("horizons/*/*.json")]
        for path in sorted(measured):
            guide, section = path.parent.name, path.name.removesuffix(".json")
            if guide not in partly and f"{guide}/{section}" not in ids:
                yield Finding(
                    code=FindingCode.GOLDEN_ORPHAN,
                    where=str(path.relative_to(root.parent)),
                    message="no scenario reads this",
                    evidence=f"there is no section {guide}/{section}",
                )
