from __future__ import annotations

import sys
from pathlib import Path

import pytest

from core.errors import ExecutionError, UsageError
from core.upgrade.bisect.releases import releases_between
from core.upgrade.environments.uv import Answer, run_uv
from tests.core.upgrade.environments.fake_uv import FakeUv
from tests.core.upgrade.environments.wheels import keras_shop


def between(folder: Path, first: str, last: str, package: str = "keras") -> list[str]:
    options = keras_shop(folder / "shop")
    return releases_between(
        package,
        first,
        last,
        sys.executable,
        uv=run_uv,
        options=options,
        folder=folder / "kept",
    )


def test_the_releases_that_the_index_offers_are_listed_with_both_ends(tmp_path: Path) -> None:
    assert ["3.0.5", "3.1.0", "3.2.0", "3.3.0"] == between(tmp_path, "3.0.5", "3.3.0")
    assert [] == list((tmp_path / "kept").iterdir())


def test_a_search_may_go_from_new_to_old(tmp_path: Path) -> None:
    assert ["3.2.0", "3.1.0", "3.0.5", "2.15.0"] == between(tmp_path, "3.2.0", "2.15.0")


def test_neighbours_have_nothing_between_them(tmp_path: Path) -> None:
    assert ["3.0.5", "3.1.0"] == between(tmp_path, "3.0.5", "3.1.0")


@pytest.mark.parametrize(("first", "last"), [("3.1.0", "3.1.0"), ("newest", "3.1.0")])
def test_ends_that_are_no_two_releases_are_wrong_usage(
    tmp_path: Path, first: str, last: str
) -> None:
    with pytest.raises(UsageError):
        between(tmp_path, first, last)


def test_without_a_network_the_error_says_so(tmp_path: Path) -> None:
    uv = FakeUv(Answer(1, "", "hint: the network was disabled"))
    with pytest.raises(ExecutionError, match="no network"):
        releases_between("keras", "3.0", "3.1", sys.executable, uv=uv, options=(), folder=tmp_path)
