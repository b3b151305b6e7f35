"""Reading claim files for a check: a file that cannot be read is a finding, not a crash."""

from __future__ import annotations

from core.check.golden.unreadable import unreadable
from core.errors import GoldenError
from core.spec.catalog import Catalog
from core.trace.finding import Finding
from core.trace.published import PublishedGuide, load_published


def published_claims(catalog: Catalog) -> tuple[dict[str, PublishedGuide], list[Finding]]:
    """The claims of each guide that has a claim file, and what is wrong with the files."""
    found: dict[str, PublishedGuide] = {}
    problems: list[Finding] = []
    for entry in catalog.guides:
        folder = entry.golden / "published"
        if not (folder / f"{entry.guide.id}.json").exists():
            continue
        try:
            found[entry.guide.id] = load_published(entry.guide.id, folder)
        except GoldenError as error:
            problems.append(unreadable(error))
    return found, problems
