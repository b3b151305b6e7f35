"""Builds the whole site in memory: pages, programs, styles, images."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources

from attrs import field, frozen

from core.dialects import Printing
from core.site.pages.agreement import agreement_page
from core.site.pages.breaking import breaking_page
from core.site.pages.defects import defects_page
from core.site.pages.index import index_page
from core.site.pages.ops import ops_page
from core.site.pages.page import Page
from core.site.pages.section import SEED, section_page
from core.site.recorded import Recorded, Records
from core.site.sheets.stored import FOLDER, stored
from core.spec.catalog import Catalog

STATIC = ("site.css", "site.js", "icon.svg")


@frozen
class Site:
    """Every file of the site by its path below the folder.

    Attributes:
        files: their content.
        pages: the paths of the pages, in order.
    """

    files: Mapping[str, bytes] = field(repr=False)
    pages: tuple[str, ...]


def build(catalog: Catalog, options: Printing | None = None) -> Site:
    """The site of a catalog, from what is recorded; nothing is trained.

    Raises:
        GoldenError: a golden or claim file that cannot be read.
    """
    files: dict[str, bytes] = {}
    sections: list[Page] = []
    recorded = _recorded(catalog)
    for entry in catalog.guides:
        for scenario in entry.scenarios:
            page, beside = section_page(
                entry, scenario, recorded[scenario.id], options or Printing(seed=SEED)
            )
            sections.append(page)
            files |= beside
    breaking = breaking_page(catalog)
    pages = (
        index_page(catalog.guides, recorded),
        ops_page(catalog.guides),
        *(() if breaking is None else (breaking,)),
        agreement_page(catalog.guides, recorded),
        defects_page(catalog.guides),
        *sections,
    )
    files |= {page.file: page.html().encode() for page in pages}
    for name in STATIC:
        files[name] = (resources.files("core.site") / "static" / name).read_bytes()
    for strip in stored():
        for _, name in strip.sheets:
            files[f"sheets/{name}"] = (FOLDER / name).read_bytes()
    return Site(files, tuple(page.file for page in pages))


def _recorded(catalog: Catalog) -> Mapping[str, Recorded]:
    """What was recorded of every section, by scenario id."""
    records = Records()
    return {
        scenario.id: records.of(entry, scenario)
        for entry in catalog.guides
        for scenario in entry.scenarios
    }
