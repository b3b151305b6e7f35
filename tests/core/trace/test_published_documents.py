"""Claim files against the documents they were read off.

The documents are other people's texts and lie beside the checkout, not in it.
"""

from __future__ import annotations

import re

import pytest

from core.trace.claims import Claim, ClaimKind
from core.trace.published import load_published
from tests.conftest import REPOSITORY

DOCUMENTS = REPOSITORY.parent / "shared" / "guides"
FILES = {
    "keras_io_tf": "keras_io_tf.md",
    "multi_backend": "multi_backend.md",
    "r_style": "r_keras3.txt",
    "dcgan_article": "dcgan_article.md",
    "keras_io_tf_zh": "keras_io_tf_zh.txt",
}
needs_documents = pytest.mark.skipif(
    not DOCUMENTS.is_dir(),
    reason="the five guides are not at ../shared/guides; put the project's shared folder beside "
    "the checkout. Without them test_published.py still checks the figures against each other",
)

FIGURES = re.compile(
    r"loss.* at step \d|^Losses after mini-batch +\d|Seen so far: \d|\bacc\b[^{%]*: \d"
    r"|Time taken: \d|Time difference of \d|^(## )?Start(ing)?( of)? epoch:? +\d"
    r"|params: +\d|\(None, |aster, isn|快多了|~30s|30 秒"
)
"""Lines that show a figure. Code that would print one holds a placeholder where the digit is."""


def _lines(guide: str) -> list[str]:
    text = (DOCUMENTS / FILES[guide]).read_text(encoding="utf-8")
    return [re.sub(r"<[^>]+>", "", line) for line in text.split("\n")]


def _claims(guide: str) -> tuple[Claim, ...]:
    return load_published(guide, REPOSITORY / "golden" / "published").claims


def _stands(figure: str, line: str) -> bool:
    return re.search(rf"(?<![\d.,]){re.escape(figure)}(?![\d]|[.,]\d)", line) is not None


@needs_documents
@pytest.mark.parametrize("guide", FILES)
def test_every_line_that_shows_a_figure_has_a_claim_and_no_other_has(guide: str) -> None:
    prose = {ClaimKind.OUTPUT, ClaimKind.ABSENT}
    shown = {n for n, line in enumerate(_lines(guide), 1) if FIGURES.search(line)}
    assert shown == {claim.line for claim in _claims(guide) if claim.kind not in prose}


@needs_documents
@pytest.mark.parametrize("guide", FILES)
def test_every_printed_figure_stands_on_its_line(guide: str) -> None:
    lines = _lines(guide)
    for claim in _claims(guide):
        line = lines[claim.line - 1]
        if claim.printed is not None:
            assert _stands(claim.printed, line), (claim, line)
        if claim.kind is ClaimKind.LOSS:
            assert re.search(rf"(step|mini-batch) +{claim.printed_step}:", line), (claim, line)
        if claim.kind is ClaimKind.COUNT and claim.name == "samples":
            assert f"step {claim.printed_step}:" in lines[claim.line - 2], claim
        if claim.kind is ClaimKind.PARAMS:
            assert f"({claim.size})" in line, (claim, line)


@needs_documents
@pytest.mark.parametrize("guide", FILES)
def test_every_layer_stands_on_its_row(guide: str) -> None:
    lines = _lines(guide)
    for claim in _claims(guide):
        if claim.kind is not ClaimKind.LAYER:
            continue
        row, below = lines[claim.line - 1], lines[claim.line]
        shape = ", ".join(str(size) for size in claim.output_shape or ())
        assert re.search(rf"\W{claim.name}\W", row), (claim, row)
        assert f"({shape})" in row, (claim, row)
        figures = row.split(f"({shape})")[1].replace(",", "")
        assert _stands(str(claim.params), figures), (claim, row)
        label = re.sub(r"[^\w(]", "", row.split("(None")[0] + below)
        assert f"({claim.layer}" in label, (claim, row)


@needs_documents
@pytest.mark.parametrize("guide", FILES)
def test_every_epoch_of_a_claim_is_the_heading_above_it(guide: str) -> None:
    lines = _lines(guide)
    first = 1 if guide in ("r_style", "dcgan_article") else 0
    heading = re.compile(r"^(?:## )?Start(?:ing)?(?: of)? epoch:? +(\d+)")
    for claim in _claims(guide):
        if claim.epoch is not None:
            above = (heading.search(line) for line in reversed(lines[: claim.line]))
            found = next(match for match in above if match)
            assert int(found[1]) - first == claim.epoch, claim


@needs_documents
@pytest.mark.parametrize("guide", FILES)
def test_prose_shapes_and_silent_code_stand_on_their_lines(guide: str) -> None:
    lines = _lines(guide)
    code = {
        "loss": "Training loss",
        "samples": "Seen so far",
        "d_loss": "d_loss)",
        "g_loss": "g_loss)",
    }
    for claim in _claims(guide):
        line = lines[claim.line - 1]
        if claim.kind is ClaimKind.OUTPUT:
            shape = ", ".join(str(size) for size in (claim.output_shape or ())[1:])
            assert f"({shape})" in line, claim
        if claim.kind is ClaimKind.ABSENT:
            assert code[claim.name or ""] in line, claim
            assert "%d" in line, claim


@needs_documents
@pytest.mark.parametrize("guide", FILES)
def test_titles_and_dates_stand_in_the_document(guide: str) -> None:
    published = load_published(guide, REPOSITORY / "golden" / "published")
    text = (DOCUMENTS / FILES[guide]).read_text(encoding="utf-8")
    for date in (published.created, published.modified):
        assert date is None or date in text or date.replace("-", "/") in text
    latest = published.modified or published.created
    assert published.year == (None if latest is None else int(latest[:4]))
    # The R page came without its heading; its title is the one of the package's article list.
    assert published.title in text or guide == "r_style"
