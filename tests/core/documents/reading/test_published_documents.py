"""The five published guides: every code line, no prose, every output, every figure."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

import pytest
from attrs import evolve, frozen

from core.documents.reading import (
    Document,
    OutputKind,
    claims_of,
    golden_claim,
    load_known,
    read_document,
    recognise,
)
from core.trace.claims import Claim, ClaimKind
from core.trace.published import load_published
from tests.conftest import REPOSITORY, published


@frozen
class Counts:
    """What a guide holds: all numbers counted in its text."""

    sections: int
    cells: int
    code_lines: int
    outputs: int
    claims: int


GUIDES = {
    "keras_io_tf": ("keras_io_tf.md", Counts(9, 16, 257, 13, 255)),
    "multi_backend": ("multi_backend.md", Counts(9, 16, 262, 8, 78)),
    "dcgan_article": ("dcgan_article.md", Counts(21, 16, 380, 11, 26)),
    "r_style": ("r_keras3.txt", Counts(9, 18, 297, 8, 72)),
    "keras_io_tf_zh": ("keras_io_tf_zh.txt", Counts(11, 16, 257, 5, 255)),
}
NAMES = sorted(GUIDES)
# Said in words only: ratios of times, a shape, a time elsewhere.
PROSE_ONLY = {
    "keras_io_tf": [(586, "speedup"), (749, "output"), (876, "time")],
    "multi_backend": [(406, "speedup"), (552, "output"), (681, "time")],
    "dcgan_article": [],
    "r_style": [(304, "speedup"), (410, "output"), (556, "time")],
    "keras_io_tf_zh": [(490, "speedup"), (588, "output"), (696, "time")],
}


@cache
def read(guide: str) -> Document:
    return read_document(published(GUIDES[guide][0]))


@cache
def claims(guide: str) -> tuple[Claim, ...]:
    return claims_of(read(guide))


def text_of(guide: str) -> list[str]:
    return published(GUIDES[guide][0]).read_text(encoding="utf-8").split("\n")


@pytest.mark.parametrize("guide", NAMES)
def test_every_guide_holds_what_was_counted_in_it(guide: str) -> None:
    document = read(guide)
    assert GUIDES[guide][1] == Counts(
        sections=len(document.sections),
        cells=len(document.cells),
        code_lines=sum(cell.code_lines for cell in document.cells),
        outputs=len(document.outputs),
        claims=len(claims(guide)),
    )


@pytest.mark.parametrize("guide", NAMES)
def test_guides_read_without_findings_and_every_cell_runs(guide: str) -> None:
    document = read(guide)
    assert () == document.findings
    assert [None] * len(document.cells) == [cell.skip for cell in document.cells]


@pytest.mark.parametrize("guide", NAMES)
def test_every_row_of_code_and_output_stands_on_its_line(guide: str) -> None:
    rows = text_of(guide)
    for cell in read(guide).cells:
        for line, row in zip(cell.lines, cell.source.split("\n"), strict=True):
            assert rows[line - 1].rstrip() == row.rstrip()
        for output in cell.outputs:
            if output.kind is not OutputKind.IMAGE:
                for line, row in output.rows:
                    assert row.strip() in re.sub("<[^>]*>", "", rows[line - 1])


@pytest.mark.parametrize("guide", ["keras_io_tf", "multi_backend", "dcgan_article"])
def test_fenced_rows_are_code_or_output_and_nothing_else_is(guide: str) -> None:
    fenced: set[int] = set()
    inside = False
    for number, row in enumerate(text_of(guide), start=1):
        if row.startswith("```"):
            inside = not inside
        elif inside and row.strip():
            fenced.add(number)
    taken = filled_lines(read(guide))
    tables = {n for n, row in enumerate(text_of(guide), start=1) if "<pre" in row or "│" in row}
    tables |= {n for n, row in enumerate(text_of(guide), start=1) if re.search("[┃━─]", row)}
    pictures = {o.line for o in read(guide).outputs if o.kind is OutputKind.IMAGE}
    assert fenced <= taken
    assert taken - tables - pictures <= fenced


def filled_lines(document: Document) -> set[int]:
    """Lines of rows of code and output that are not blank."""
    found = set()
    for cell in document.cells:
        rows = zip(cell.lines, cell.source.split("\n"), strict=True)
        found |= {line for line, row in rows if row.strip()}
        found |= {line for output in cell.outputs for line, row in output.rows if row.strip()}
    return found


@pytest.mark.parametrize("guide", ["r_style", "keras_io_tf_zh"])
def test_unmarked_pages_lose_no_code_and_take_no_prose(guide: str) -> None:
    taken = filled_lines(read(guide))
    words = re.compile(r"[’“”•\u3400-\u9fff]|^\S+( \S+){9,}[.:]$")
    code = re.compile(r"<-|%<|^[)}]|= keras\.|^ {4}\S|^import |^##|^@|^for |epoch \d")
    for number, row in enumerate(text_of(guide), start=1):
        if "#" not in row and words.search(row):
            assert number not in taken, row
        elif code.search(row) and "•" not in row:
            assert number in taken, row


def test_r_outputs_are_the_rows_that_knitr_marks() -> None:
    marked = {n for n, row in enumerate(text_of("r_style"), start=1) if row.startswith("##")}
    assert marked == {line for o in read("r_style").outputs for line in o.lines}


def test_the_articles_last_cell_is_a_full_listing_of_the_others() -> None:
    cells = read("dcgan_article").cells
    assert tuple(range(15)) == cells[15].repeats
    assert [False] * 15 == [cell.full_listing for cell in cells[:15]]


@pytest.mark.parametrize("guide", NAMES)
def test_every_recorded_figure_that_an_output_shows_is_extracted(guide: str) -> None:
    recorded = load_published(guide, REPOSITORY / "golden" / "published").claims
    missing = [(c.line, c.kind.value) for c in recorded if unplaced(c) not in as_golden(guide)]
    assert PROSE_ONLY[guide] == missing


@pytest.mark.parametrize("guide", NAMES)
def test_every_extracted_figure_was_recorded(guide: str) -> None:
    recorded = load_published(guide, REPOSITORY / "golden" / "published").claims
    assert as_golden(guide) <= {unplaced(claim) for claim in recorded}


def unplaced(claim: Claim) -> Claim:
    """A claim without its section."""
    return evolve(claim, section="")


def as_golden(guide: str) -> set[Claim]:
    made = (golden_claim(claim, "") for claim in claims(guide))
    return {claim for claim in made if claim is not None}


@pytest.mark.parametrize("guide", NAMES)
def test_claims_lie_in_the_section_they_were_recorded_for(guide: str) -> None:
    recorded = load_published(guide, REPOSITORY / "golden" / "published").claims
    recognition = recognise(read(guide), load_known(REPOSITORY / "scenarios"))
    assert recognition is not None
    sections = {claim.line: claim.section for claim in recorded}
    for claim in claims(guide):
        if claim.kind is not ClaimKind.IMAGE and claim.at.cell in recognition.cells:
            assert sections[claim.line] == recognition.cells[claim.at.cell]


def test_figures_without_a_golden_kind_are_the_articles_pictures() -> None:
    left = {
        (guide, claim.kind)
        for guide in NAMES
        for claim in claims(guide)
        if golden_claim(claim, "") is None
    }
    assert {("dcgan_article", ClaimKind.IMAGE)} == left


def test_log_rows_share_few_templates() -> None:
    found = Counter(c.at.template for c in claims("keras_io_tf") if c.at.template is not None)
    assert {
        "Start of epoch #": 7,
        "Training loss (for 1 batch) at step #: #": 112,
        "Seen so far: # samples": 112,
        "Training acc over epoch: #": 4,
        "Validation acc: #": 4,
        "Time taken: #s": 4,
        "Start epoch #": 1,
        "discriminator loss at step #: #": 1,
        "adversarial loss at step #: #": 1,
    } == found


def test_figures_know_the_expression_that_computed_them() -> None:
    losses = {c.at.expression for c in claims("r_style") if c.kind is ClaimKind.LOSS}
    assert {"loss_value"} == losses
    counts = {c.at.expression for c in claims("multi_backend") if c.name == "samples"}
    assert {"(step + 1) * batch_size"} == counts


def test_what_the_r_page_never_prints_is_a_claim_of_absence() -> None:
    absent = [c for c in claims("r_style") if c.kind is ClaimKind.ABSENT]
    assert [(272, "loss"), (274, "samples"), (544, "d_loss"), (545, "g_loss")] == [
        (claim.line, claim.name) for claim in absent
    ]


@pytest.mark.parametrize("guide", NAMES)
def test_guides_are_recognised_by_their_code_and_prose(guide: str) -> None:
    found = recognise(read(guide), load_known(REPOSITORY / "scenarios"))
    assert found is not None
    assert guide == found.guide


def test_sections_of_pages_and_markdown_map_to_the_same_scenarios() -> None:
    known = load_known(REPOSITORY / "scenarios")
    for guide in ("keras_io_tf", "keras_io_tf_zh", "multi_backend"):
        found = recognise(read(guide), known)
        assert found is not None
        assert [
            *["first_loop"] * 3,
            *["metrics"] * 2,
            *["compiled"] * 3,
            *["tracked_losses"] * 3,
            *["gan"] * 4,
        ] == [found.cells.get(index) for index in range(1, 16)]
        assert ["first_loop", "metrics", "compiled", "tracked_losses", "gan"] == list(
            found.sections.values()
        )


def test_headings_of_the_pages_are_found() -> None:
    titles = [section.title for section in read("r_style").sections]
    assert ["Skip to contents", "Setup", "Introduction"] == titles[:3]
    assert 9 == len(titles)
    assert "zh" == read("keras_io_tf_zh").prose
    assert "设置" in [section.title for section in read("keras_io_tf_zh").sections]
