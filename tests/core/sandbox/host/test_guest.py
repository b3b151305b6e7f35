"""The guest's copy: whole, in the cache, with or without the module that starts the control."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from core.sandbox.host.guest import PACKAGE, guest_folder, guest_image
from tests.conftest import REPOSITORY


def test_the_copy_lies_where_the_cache_is_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "other"):
        monkeypatch.setenv("PARITY_CACHE", str(tmp_path / name))
        folder = guest_folder()
        assert folder.is_relative_to(tmp_path / name)
        assert [PACKAGE] == [path.name for path in folder.iterdir()]


def test_the_copy_holds_every_file_of_the_guest_and_is_made_once() -> None:
    here = REPOSITORY / "core" / "sandbox" / "guest"
    wanted = {p.relative_to(here) for p in here.rglob("*") if p.suffix in {".py", ".R"}}
    copy = guest_folder() / PACKAGE
    assert wanted == {p.relative_to(copy) for p in copy.rglob("*") if p.suffix in {".py", ".R"}}
    assert guest_folder() == guest_folder()


def test_control_starts_from_a_copy_of_its_own() -> None:
    folder = guest_folder(controlled=True)
    assert folder != guest_folder()
    assert {"sitecustomize.py", PACKAGE} == {path.name for path in folder.iterdir()}
    code = f"import sys; print('{PACKAGE}.control.hook' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "True\n" == done.stdout


def test_the_guests_hash_is_that_of_all_its_programs() -> None:
    parts = {Path(name).parts[1] for name in guest_image().files}
    assert {"control", "programs", "recorder"} <= parts
