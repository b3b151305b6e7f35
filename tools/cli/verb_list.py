"""`parity list`: the scenarios, or the ledger of guide defects."""

from __future__ import annotations

from pathlib import Path

import click

from core.spec.catalog import Catalog
from core.trace.encoding import Json, plain
from tools.cli import options
from tools.cli.document import emit
from tools.cli.printing import say
from tools.cli.verbs import verb


def _scenarios(catalog: Catalog) -> list[Json]:
    return [
        {
            "id": scenario.id,
            "guide": {
                "id": scenario.guide.id,
                "title": scenario.guide.title,
                "year": scenario.guide.year,
            },
            "section": scenario.section,
            "title": scenario.title,
            "backends": list(scenario.backends),
            "continues": [earlier.id for earlier in scenario.continues],
        }
        for scenario in catalog.scenarios
    ]


def _print_scenarios(catalog: Catalog) -> None:
    say(f"{len(catalog.scenarios)} scenarios in {len(catalog.guides)} guides")
    for entry in catalog.guides:
        guide = entry.guide
        say(f"\n{guide.title} ({guide.year}): {guide.id}")
        width = max(len(scenario.id) for scenario in entry.scenarios)
        for scenario in entry.scenarios:
            backends = ", ".join(scenario.backends)
            line = f"  {scenario.id:{width}}  {backends}"
            if scenario.continues:
                line += f"  continues {', '.join(s.section for s in scenario.continues)}"
            say(line)


def _print_defects(catalog: Catalog) -> None:
    say(f"{len(catalog.defects)} known defects in the guides' published text")
    for defect in catalog.defects:
        say(f"\n{defect.id}")
        say(f"  what: {defect.what}")
        say(f"  evidence: {defect.evidence}")
        say(f"  here instead: {defect.instead}")


@verb("list")
@click.option("--defects", is_flag=True, help="The ledger of guide defects.")
@options.folders_option
@options.json_option
def command(defects: bool, folders: tuple[Path, ...], as_json: bool) -> None:
    """List scenarios by guide, or the defects known in the guides."""
    catalog = options.catalog(folders)
    if as_json:
        ledger: dict[str, Json] = {"defects": plain(catalog.defects)} if defects else {}
        emit("list", {"scenarios": _scenarios(catalog), **ledger})
    elif defects:
        _print_defects(catalog)
    else:
        _print_scenarios(catalog)
