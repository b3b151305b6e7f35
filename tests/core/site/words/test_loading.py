"""Files of texts: both languages or neither, every entry asked for and no other."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import frozen

from core.errors import SpecError
from core.site.texts import Text, same
from core.site.words import loading


@frozen
class Word:
    """An entry."""

    key: str
    name: Text
    shown: bool = False


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty file of texts."""
    monkeypatch.setattr(loading, "FOLDER", tmp_path)
    return tmp_path / "words.toml"


def test_a_table_holds_one_entry_for_each_key_in_the_files_order(file: Path) -> None:
    file.write_text('[b]\nname = "JAX"\nshown = true\n[a]\nname.en = "loop"\nname.zh = "循环"\n')
    found = loading.table("words.toml", Word, ("a", "b"))
    words = [Word("b", same("JAX"), shown=True), Word("a", Text("loop", "循环"))]
    assert words == list(found.values())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('name.en = "loop"', "expected Text @ ..name"),
        ('name.zh = "循环"', "expected Text @ ..name"),
        ('name.en = "loop"\nname.zh = ""', "name"),
        ('name.en = "loop"\nname.zh = "循环"\nname.fr = "boucle"', "expected Text @ ..name"),
        ('title = "JAX"', "title"),
        ("", "required field missing"),
    ],
)
def test_an_entry_that_is_not_whole_is_refused(file: Path, text: str, said: str) -> None:
    file.write_text(f"[a]\n{text}\n")
    with pytest.raises(SpecError, match=said) as caught:
        loading.table("words.toml", Word, ("a",))
    assert "words.toml" in caught.value.where


@pytest.mark.parametrize(("keys", "odd"), [(("a", "b"), "b"), ((), "a")])
def test_an_entry_too_few_or_too_many_is_refused(
    file: Path, keys: tuple[str, ...], odd: str
) -> None:
    file.write_text('[a]\nname = "JAX"\n')
    with pytest.raises(SpecError, match=f"without a use: {odd}"):
        loading.table("words.toml", Word, keys)
