"""A site in its folder: whole, in place of an earlier one, and of nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.errors import UsageError
from core.site.site import Site
from core.site.writing import MANIFEST, check_folder, write


def site(**files: str) -> Site:
    return Site({name.replace("__", "."): text.encode() for name, text in files.items()}, ())


def content(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }


def test_a_site_is_written_into_a_folder_that_is_made_for_it(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "site"
    write(Site({"index.html": b"one", "programs/a.py": b"two"}, ("index.html",)), folder)
    assert {"index.html": "one", "programs/a.py": "two"} == content(folder)
    assert ["index.html", "programs/a.py"] == json.loads((folder / MANIFEST).read_text())["files"]


def test_an_earlier_site_is_replaced_and_what_it_had_more_is_gone(tmp_path: Path) -> None:
    write(Site({"index.html": b"old", "programs/a.py": b"two"}, ()), tmp_path)
    write(Site({"index.html": b"new"}, ()), tmp_path)
    assert {"index.html": "new"} == content(tmp_path)
    assert not (tmp_path / "programs").exists()


def test_what_somebody_put_beside_a_site_stays(tmp_path: Path) -> None:
    write(site(index__html="old"), tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    write(site(index__html="new"), tmp_path)
    assert {"index.html": "new", "notes.txt": "mine"} == content(tmp_path)


def test_a_folder_with_other_files_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(UsageError) as caught:
        write(site(index__html="new"), tmp_path)
    assert str(tmp_path) == caught.value.where
    assert {"thesis.tex": "mine"} == content(tmp_path)


def test_a_file_in_the_folder_s_place_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "site"
    path.write_text("mine")
    with pytest.raises(UsageError, match="no folder"):
        check_folder(path)


@pytest.mark.parametrize(
    "manifest",
    ["{", "[]", '{"files": "index.html"}', '{"files": ["../thesis.tex"]}', '{"files": ["/etc/x"]}'],
)
def test_a_manifest_that_names_what_is_not_ours_is_refused(tmp_path: Path, manifest: str) -> None:
    outside = tmp_path / "thesis.tex"
    outside.write_text("mine")
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / MANIFEST).write_text(manifest)
    with pytest.raises(UsageError):
        write(site(index__html="new"), folder)
    assert "mine" == outside.read_text()


def test_a_folder_that_cannot_be_made_is_one_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError):
        write(site(index__html="new"), tmp_path / "file" / "site")


def test_an_interrupted_first_write_can_be_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> Path:
        raise OSError(28, "No space left on device")

    folder = tmp_path / "site"
    write(site(index__html="old"), folder)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        with pytest.raises(UsageError, match="No space left"):
            write(site(index__html="new", ops__html="more"), folder)
    assert {"index.html": "old"} == content(folder)
    write(site(index__html="new"), folder)
    assert {"index.html": "new"} == content(folder)
