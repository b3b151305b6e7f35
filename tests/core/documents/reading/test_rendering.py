"""Sources that publish nothing take their claims from their rendering."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.documents.reading import Document, claims_of, read_document
from core.trace.claims import ClaimKind
from tests.core.documents.reading.reading_text import codes, document

SOURCE = '''
    """
    Title: A small loop
    """

    """
    ## Training
    """
    w = 8.0
    for epoch in range(2):
        w = w / 2  # halves it
        print(f"epoch {epoch}: loss = {w:.3f}")
    """
    ## After
    """
    print("done")
'''
RENDERED = """
    # A small loop

    ## Training

    ```python
    w = 8.0
    for epoch in range(2):
        w = w / {divisor}
        print(f"epoch {{epoch}}: loss = {{w:.3f}}")
    ```

    <div class="k-default-codeblock">
    ```
    epoch 0: loss = 4.000
    epoch 1: loss = 2.000

    ```
    </div>
    ## After

    ```python
    print("done")
    ```
"""


def pair(folder: Path, divisor: int) -> Document:
    """A source read beside its rendering."""
    document(folder / "md", "guide.md", RENDERED.format(divisor=divisor))
    return document(folder, "guide.py", SOURCE)


def test_claims_come_from_the_rendering_and_belong_to_the_sources_cells(tmp_path: Path) -> None:
    read = pair(tmp_path, 2)
    assert [] == codes(read)
    losses = [claim for claim in claims_of(read) if claim.kind is ClaimKind.LOSS]
    assert [("4.000", 14), ("2.000", 15)] == [(claim.printed, claim.line) for claim in losses]
    assert {("guide.md", 0, 1, "w")} == {
        (claim.at.path.name, claim.at.cell, claim.at.section, claim.at.expression)
        for claim in losses
    }
    assert losses[0].at.path.as_posix().endswith("md/guide.md")


def test_code_that_drifted_is_a_finding_with_the_lines_of_both(tmp_path: Path) -> None:
    (finding,) = pair(tmp_path, 3).findings
    assert ("rendering-stale", True) == (finding.code, finding.fails)
    assert finding.where.endswith("md/guide.md:8")
    assert finding.message.endswith("guide.py:10")
    assert "there 'w = w / 2  # halves it'; here 'w = w / 3'" == finding.evidence


@pytest.mark.parametrize(
    ("source", "rendering"),
    [
        ("X.py", "md/X.md"),
        ("X.py", "ipynb/X.ipynb"),
        ("vignettes-src/X.Rmd", "vignettes/X.Rmd"),
        ("vignettes-src/examples/X.Rmd", "vignettes/examples/X.Rmd"),
        ("X.qmd", "X.md"),
        ("X.Rmd", "X.md"),
    ],
)
def test_renderings_lie_where_their_makers_put_them(
    tmp_path: Path, source: str, rendering: str
) -> None:
    for name in (source, rendering):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("```python\nx = 1\n```\n", encoding="utf-8")
    if source.endswith("py"):
        (tmp_path / source).write_text("x = 1\n", encoding="utf-8")
    if rendering.endswith("ipynb"):
        cell = '{"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": []'
        text = f'{{"cells": [{cell}, "source": ["x = 1"]}}], "metadata": {{}}, "nbformat": 4, '
        (tmp_path / rendering).write_text(text + '"nbformat_minor": 4}', encoding="utf-8")
    read = read_document(tmp_path / source)
    assert read.rendering is not None
    assert tmp_path / rendering == read.rendering.path
    assert read_document(tmp_path / source, rendering=False).rendering is None


def test_code_that_is_executed_but_not_shown_is_no_drift(tmp_path: Path) -> None:
    document(tmp_path, "X.md", "```r\nx <- 1\n```\n")
    text = "```{r}\nx <- 1\n```\n\n```{r, include = FALSE}\nunlink('a')\n```\n"
    read = document(tmp_path, "X.Rmd", text)
    assert read.rendering is not None
    assert [] == codes(read)


def test_a_source_with_outputs_of_its_own_needs_no_rendering(tmp_path: Path) -> None:
    document(tmp_path, "X.md", "```python\nx = 1\n```\n")
    read = document(tmp_path, "X.qmd", "```python\nprint(1)\n```\n\n```\n1\n```\n")
    assert read.rendering is None


def test_a_rendering_without_code_is_none(tmp_path: Path) -> None:
    document(tmp_path / "md", "guide.md", "# Words only\n")
    assert document(tmp_path, "guide.py", SOURCE).rendering is None
