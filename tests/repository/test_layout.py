"""The repository's own rules: where packages come from, file sizes, names, and what may stand."""

from __future__ import annotations

import importlib
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

LONGEST = 400
PACKAGES = ("core", "scenarios", "golden", "tools")
CODE = ("core", "scenarios", "golden", "tools", "tests")
# Written in pieces, so that this file does not hold what it forbids.
FORBIDDEN = [
    "/" + "work/",
    "/" + "root/",
    "/" + "opt/wheels",
    "pypi" + ".org",
    "python" + "hosted",
    "npmjs" + ".org",
    "deb.debian" + ".org",
]
MARKS = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "Not" + "ImplementedError"]


def tracked(*patterns: str) -> list[Path]:
    """Files under version control, or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for line in listed.stdout.splitlines() if (path := REPOSITORY / line).is_file()]


def python_files() -> list[Path]:
    """The project's Python files."""
    return [path for folder in CODE for path in tracked(f"{folder}/*.py")]


def project() -> dict[str, object]:
    """The parsed pyproject.toml."""
    return tomllib.loads((REPOSITORY / "pyproject.toml").read_text())


@pytest.mark.parametrize("name", PACKAGES)
def test_packages_resolve_inside_the_repository(name: str) -> None:
    found = importlib.import_module(name).__file__
    assert found is not None
    assert REPOSITORY / name / "__init__.py" == Path(found).resolve()


def test_every_folder_with_code_is_a_package() -> None:
    documents = REPOSITORY / "tests" / "documents"  # data: read, never imported
    plugin = REPOSITORY / "tools" / "wheel" / "loop_parity" / "plugin"  # goes on a PYTHONPATH alone
    left_out = (documents, plugin)
    folders = {p.parent for p in python_files() if not any(map(p.is_relative_to, left_out))}
    assert [] == sorted(folder for folder in folders if not (folder / "__init__.py").is_file())


def test_core_has_ten_rooms_above_the_files_that_all_of_them_stand_on() -> None:
    rooms = {path.parent.name for path in (REPOSITORY / "core").glob("*/__init__.py")}
    expected = "spec trace run check sandbox documents dialects diff upgrade site"
    assert set(expected.split()) == rooms


def test_no_file_is_longer_than_400_lines() -> None:
    lengths = {path.name: len(path.read_text().splitlines()) for path in python_files()}
    assert {} == {name: length for name, length in lengths.items() if length > LONGEST}


def test_no_folder_or_module_hides_behind_a_vague_name() -> None:
    vague = {"utils", "helpers", "types", "misc", "common_utils"}
    found = [path for path in python_files() if vague & {*path.parts, path.stem}]
    assert [] == found


def test_any_enters_only_the_backends() -> None:
    uses = re.compile(r"^from typing import [^\n]*\bAny\b", re.MULTILINE)
    found = [
        str(path.relative_to(REPOSITORY))
        for path in python_files()
        if uses.search(path.read_text()) and "core/run/backends" not in str(path)
    ]
    assert [] == found


def test_every_silenced_type_error_names_its_code() -> None:
    bare = re.compile("type: " + r"ignore(?!\[)")
    assert [] == [path for path in python_files() if bare.search(path.read_text())]


def test_nothing_is_left_open() -> None:
    found = {path.name: m for path in python_files() for m in MARKS if m in path.read_text()}
    assert {} == found


def test_no_committed_text_names_a_machine_or_a_registry() -> None:
    suffixes = {".py", ".md", ".toml", ".lock", ".json", ".yml", ""}
    texts = {
        path: path.read_text(encoding="utf-8") for path in tracked() if path.suffix in suffixes
    }
    found = [
        (path.name, word) for path, text in texts.items() for word in FORBIDDEN if word in text
    ]
    assert [] == found


def test_the_lock_pins_every_requirement_of_the_project() -> None:
    lines = (REPOSITORY / "requirements.lock").read_text().splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert [] == [pin for pin in pins if not re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9_.]+", pin)]
    locked = {re.sub(r"[-_.]+", "-", pin.split("==")[0]).lower() for pin in pins}
    settings = project()["project"]
    assert isinstance(settings, dict)
    extras = [name for extra in settings["optional-dependencies"].values() for name in extra]
    wanted = [*settings["dependencies"], *extras]
    names = {re.sub(r"[-_.]+", "-", re.split(r"[^A-Za-z0-9_.-]", w)[0]).lower() for w in wanted}
    assert set() == names - locked
    assert "torch==2.13.0" in pins


def test_frameworks_are_extras() -> None:
    settings = project()["project"]
    assert isinstance(settings, dict)
    required = " ".join(settings["dependencies"])
    for name in ("tensorflow", "jax", "torch"):
        assert name not in required
        assert any(name in line for line in settings["optional-dependencies"][name])
