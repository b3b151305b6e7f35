from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.sandbox.host.workspace import Workspace, data_file, make_workspace
from tests.core.sandbox.host.small_documents import cells

MANY = 1 << 20


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A document's folder with this and that in it."""
    folder = tmp_path / "folder"
    (folder / "deep").mkdir(parents=True)
    (folder / ".git").mkdir()
    (folder / ".git" / "config").touch()
    (folder / "a.csv").write_text("1,2")
    (folder / "deep" / "b.csv").write_text("x" * 100)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def copied(folder: Path, most: int = MANY) -> tuple[set[str], Workspace]:
    """The files of the copy; the workspace is removed."""
    workspace = make_workspace(folder, cells("x = 1"), most)
    files = {
        str(p.relative_to(workspace.document)) for p in workspace.document.rglob("*") if p.is_file()
    }
    shutil.rmtree(workspace.root)
    return files, workspace


def test_the_folder_is_copied_without_its_history(folder: Path) -> None:
    assert {"a.csv", "deep/b.csv"} == copied(folder)[0]


def test_what_is_too_large_is_left_out_and_said(folder: Path) -> None:
    files, workspace = copied(folder, 50)
    assert {"a.csv"} == files
    assert "1 files" in workspace.notes[0]


def test_links_out_of_the_folder_are_not_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s")
    (folder / "out").symlink_to(tmp_path / "secret")
    (folder / "in").symlink_to(folder / "a.csv")
    files, workspace = copied(folder)
    assert {"a.csv", "in", "deep/b.csv"} == files
    assert "1 links" in workspace.notes[0]


def test_our_own_code_lies_alone_in_its_folder() -> None:
    workspace = make_workspace(None, (), 0)
    assert ["parity_guest"] == [path.name for path in workspace.guest.iterdir()]
    assert (workspace.guest / "parity_guest" / "recorder" / "program.py").exists()
    shutil.rmtree(workspace.root)


def test_keras_finds_what_the_user_has_downloaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "keras"
    (cache / "datasets").mkdir(parents=True)
    (cache / "datasets" / "imdb.npz").write_text("data")
    monkeypatch.setenv("KERAS_HOME", str(cache))
    workspace = make_workspace(None, (), 0)
    found = workspace.home / ".keras" / "datasets" / "imdb.npz"
    assert "data" == found.read_text()
    shutil.rmtree(workspace.root)


def test_a_data_file_is_served_where_it_lies(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, ())
    assert str(tmp_path / "mnist.npz") == data_file(workspace, tmp_path / "mnist.npz")
    assert data_file(workspace, None) is None
