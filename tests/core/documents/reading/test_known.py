"""Guides are recognised by their code, also after a few edits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.documents.reading import Document, follow, load_known, read_document, recognise
from core.documents.reading.known import GuideCode, guide_code, write_known
from core.errors import SpecError
from tests.conftest import REPOSITORY, published
from tests.core.documents.reading.reading_text import document

SCENARIOS = REPOSITORY / "scenarios"
FILES = {
    "keras_io_tf": "keras_io_tf.md",
    "multi_backend": "multi_backend.md",
    "r_style": "r_keras3.txt",
    "dcgan_article": "dcgan_article.md",
    "keras_io_tf_zh": "keras_io_tf_zh.txt",
}
PARTS = [[f"a{n} = f({n})" for n in range(12)], [f"b{n} = g({n})" for n in range(12)]]
WORDS = {"en": "Some words.", "zh": "让我们继续训练模型吧。"}


def guide(folder: Path, name: str, parts: list[list[str]], prose: str = "en") -> Document:
    text = "".join(
        f"## Part {n}\n\n{WORDS[prose]}\n\n```python\n" + "\n".join(rows) + "\n```\n\n"
        for n, rows in enumerate(parts)
    )
    return document(folder, name, text)


def known(folder: Path) -> list[GuideCode]:
    """Two editions of one guide, in two scripts."""
    headings = {"first": ["part-0"], "second": ["part-1"]}
    return [
        guide_code(prose, guide(folder, f"{prose}.md", PARTS, prose), headings)
        for prose in ("en", "zh")
    ]


@pytest.mark.parametrize("name", sorted(FILES))
def test_what_is_known_of_a_guide_is_what_its_document_gives(name: str) -> None:
    (entry,) = (entry for entry in load_known(SCENARIOS) if entry.guide == name)
    headings = {section.section: section.headings for section in entry.sections}
    assert entry == guide_code(name, read_document(published(FILES[name])), headings)


def test_every_guide_is_known_with_the_sections_of_its_scenarios() -> None:
    entries = {entry.guide: [s.section for s in entry.sections] for entry in load_known(SCENARIOS)}
    keras = ["first_loop", "metrics", "compiled", "tracked_losses", "gan"]
    assert {name: ["dcgan"] if name == "dcgan_article" else keras for name in FILES} == entries


def test_editions_with_the_same_code_are_told_apart_by_their_prose(tmp_path: Path) -> None:
    entries = known(tmp_path)
    for prose in ("en", "zh"):
        found = recognise(guide(tmp_path, "new.md", PARTS, prose), entries)
        assert found is not None
        assert (prose, 1.0) == (found.guide, found.similarity)
        assert {0: "first", 1: "second"} == dict(found.cells)


def test_a_few_edited_rows_change_nothing_and_many_do(tmp_path: Path) -> None:
    few = [[*PARTS[0][:-1], "new = 1"], [*PARTS[1], "more = 2"]]
    many = [[*PARTS[0][:3], *(f"c{n} = 1" for n in range(9))], PARTS[1][:4]]
    found = recognise(guide(tmp_path, "few.md", few), known(tmp_path))
    assert found is not None
    assert 0.9 < found.similarity < 1.0
    assert recognise(guide(tmp_path, "many.md", many), known(tmp_path)) is None


def test_other_documents_are_not_recognised(tmp_path: Path) -> None:
    read = guide(tmp_path, "own.md", [["x = 1", "y = 2"]])
    assert recognise(read, load_known(SCENARIOS)) is None
    assert recognise(read, []) is None
    assert recognise(document(tmp_path, "none.md", "words\n"), known(tmp_path)) is None


def test_a_guide_named_by_hand_is_followed_whatever_it_shares(tmp_path: Path) -> None:
    read = guide(tmp_path, "own.md", [["x = 1"], PARTS[1][:6]])
    followed = follow(read, known(tmp_path)[0])
    assert {1: "second"} == dict(followed.cells) == dict(followed.sections)
    assert followed.similarity < 0.5


def test_cells_without_headings_find_their_section_alone(tmp_path: Path) -> None:
    text = "".join("```python\n" + "\n".join(rows) + "\n```\n\nwords\n\n" for rows in PARTS)
    followed = follow(document(tmp_path, "flat.md", text), known(tmp_path)[0])
    assert {0: "first", 1: "second"} == dict(followed.cells)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    entries = known(tmp_path)
    for entry in entries:
        (tmp_path / entry.guide).mkdir()
        write_known(entry, tmp_path)
    assert tuple(entries) == load_known(tmp_path)


@pytest.mark.parametrize(
    "text",
    ["{", "[]", '{"format": 1}', '{"format": 2, "guide": "a", "prose": "en", "sections": []}'],
)
def test_damaged_fingerprints_are_refused_with_their_file(tmp_path: Path, text: str) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "code.json").write_text(text)
    with pytest.raises(SpecError, match=r"code\.json"):
        load_known(tmp_path)


def test_nothing_of_a_guides_text_is_stored() -> None:
    for path in SCENARIOS.glob("*/code.json"):
        for section in json.loads(path.read_text(encoding="utf-8"))["sections"]:
            assert {16} == {len(digest) for digest in section["statements"]}
