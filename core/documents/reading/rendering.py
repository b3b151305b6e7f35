"""The rendering of a source that publishes no outputs, and whether it fell behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from attrs import evolve

from core.documents.reading.document import Document
from core.documents.reading.drift import compare_code, drift_findings
from core.trace.finding import Finding, FindingCode


def find_rendering(source: Path) -> Path | None:
    """The file where a source's rendering lies by convention, if it is there.

    keras-io: `X.py` with `md/X.md` or `ipynb/X.ipynb`. R packages: `vignettes-src/X.Rmd` with
    `vignettes/X.Rmd`. knitr and Quarto: `X.Rmd` or `X.qmd` with `X.md`.
    """
    return next((path for path in _candidates(source) if path.is_file()), None)


def _candidates(source: Path) -> Iterator[Path]:
    folder, name = source.parent, source.stem
    suffix = source.suffix.lower()
    if suffix == ".py":
        yield folder / "md" / f"{name}.md"
        yield folder / "ipynb" / f"{name}.ipynb"
    if suffix in {".rmd", ".qmd"}:
        parts = source.absolute().parts
        if "vignettes-src" in parts:
            rendered = Path(*("vignettes" if p == "vignettes-src" else p for p in parts))
            yield rendered
            yield rendered.with_suffix(".md")
        yield folder / f"{name}.md"


def stale_findings(source: Document, rendering: Document) -> tuple[Finding, ...]:
    """That the rendering's code is no longer the source's, difference by difference.

    Code that a rendering does not show is left out.
    """
    shown = evolve(source, cells=tuple(cell for cell in source.cells if not cell.hidden))
    comparison = compare_code(shown, rendering)
    return drift_findings(FindingCode.RENDERING_STALE, source, rendering, comparison)
