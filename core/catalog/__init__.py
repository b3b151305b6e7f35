"""Finding scenarios: folders of guides, identifiers, globs."""

from core.catalog.catalog import Catalog, GuideEntry

__all__ = ["Catalog", "GuideEntry"]
