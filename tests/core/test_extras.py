"""Whoever lacks an extra is told how to get it where they stand."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from core import extras
from core.errors import UsageError
from core.extras import install_command, require


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The prefix of an environment in which the code lies outside a clone."""
    monkeypatch.setattr(extras, "_ROOT", tmp_path / "site-packages" / "loop_parity")
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(extras, "_installed_from", lambda: None)
    return tmp_path


def test_in_a_clone_the_lock_holds_every_extra() -> None:
    assert "make setup" == install_command("site")


def test_elsewhere_pip_installs_the_extra(installed: Path) -> None:
    assert installed.is_dir()
    assert "python -m pip install 'loop-parity[site]'" == install_command("site")


@pytest.mark.parametrize(
    ("mark", "command"),
    [
        ("pipx_metadata.json", "pipx install --force"),
        ("uv-receipt.toml", "uv tool install --force"),
    ],
)
def test_what_installed_the_program_adds_the_extra(
    installed: Path, mark: str, command: str
) -> None:
    (installed / mark).touch()
    assert f"{command} 'loop-parity[r]'" == install_command("r")


def test_what_came_from_a_file_is_named_by_its_address(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "file:///wheels/loop_parity-0.1.0-py3-none-any.whl"
    monkeypatch.setattr(extras, "_installed_from", lambda: address)
    assert "python -m pip install 'loop-parity[r]'" == install_command("r")
    (installed / "uv-receipt.toml").touch()
    assert f"uv tool install --force 'loop-parity[r] @ {address}'" == install_command("r")


def test_where_pip_is_not_uv_adds_the_extra(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert installed.is_dir()
    monkeypatch.setattr(extras, "find_spec", {"rich": object()}.get)
    assert install_command("site").startswith("uv pip install 'loop-parity[site]'")


def test_a_package_that_is_here_is_enough() -> None:
    require("rich", "site", "a test")


def test_a_package_that_is_not_here_is_named_with_its_extra_and_the_place() -> None:
    with pytest.raises(UsageError) as caught:
        require("no_such_package", "site", "parity site")
    assert "the package no_such_package is not installed" == caught.value.what
    assert "parity site" == caught.value.where
    assert "the extra 'site' of loop-parity" == caught.value.expected
    assert "make setup" == caught.value.remedy
