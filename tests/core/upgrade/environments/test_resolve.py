from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import ExecutionError
from core.upgrade.environments.request import read_spec
from core.upgrade.environments.resolve import Resolver, UnresolvableError
from core.upgrade.environments.uv import Answer
from tests.core.upgrade.environments.fake_uv import FakeUv, locked
from tests.core.upgrade.environments.wheels import keras_shop

KERAS = locked("keras==3.6.0", "numpy==2.0.2", "tensorflow-cpu==2.18.1")
SPEC = "keras==3.6.0 tensorflow-cpu==2.18.1"
OFFLINE = Answer(1, "", "Packages were unavailable because the network was disabled")


def test_a_resolution_is_kept_and_asked_for_once_a_day(tmp_path: Path) -> None:
    uv = FakeUv(KERAS)
    resolver = Resolver(tmp_path, uv, options=())
    first = resolver.resolve(read_spec(SPEC))
    second = Resolver(tmp_path, uv, options=()).resolve(read_spec(SPEC))
    assert first.lock == second.lock
    assert 1 == len(uv.asked)
    assert [".json"] == [path.suffix for path in tmp_path.rglob("*") if path.is_file()]


def test_refreshing_asks_again(tmp_path: Path) -> None:
    uv = FakeUv(KERAS)
    Resolver(tmp_path, uv, options=()).resolve(read_spec(SPEC))
    Resolver(tmp_path, uv, options=(), refresh=True).resolve(read_spec(SPEC))
    assert 2 == len(uv.asked)


def test_without_a_network_the_former_answer_holds_and_the_head_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = Resolver(tmp_path, FakeUv(KERAS), options=()).resolve(read_spec(SPEC))
    monkeypatch.setattr("core.upgrade.environments.resolve.A_DAY", 0.0)
    again = Resolver(tmp_path, FakeUv(OFFLINE), options=()).resolve(read_spec(SPEC))
    assert known.lock == again.lock
    assert any("no network" in note for note in again.notes)


def test_without_a_network_and_a_former_answer_the_error_says_so(tmp_path: Path) -> None:
    with pytest.raises(ExecutionError, match="no network"):
        Resolver(tmp_path, FakeUv(OFFLINE), options=()).resolve(read_spec(SPEC))


@pytest.mark.parametrize("damage", ["", "{}", '{"when": 1, "text": "keras==9", "sha256": "x"}'])
def test_a_damaged_resolution_is_asked_for_anew(tmp_path: Path, damage: str) -> None:
    uv = FakeUv(KERAS)
    Resolver(tmp_path, uv, options=()).resolve(read_spec(SPEC))
    next(tmp_path.rglob("*.json")).write_text(damage)
    assert (
        "3.6.0"
        == Resolver(tmp_path, uv, options=()).resolve(read_spec(SPEC)).lock.versions["keras"]
    )
    assert 2 == len(uv.asked)


def test_a_lock_with_an_accelerators_build_is_refused(tmp_path: Path) -> None:
    uv = FakeUv(locked("keras==3.6.0", "nvidia-cudnn-cu12==9.1", "torch==2.9.0"))
    with pytest.raises(UnresolvableError, match="nvidia-cudnn-cu12"):
        Resolver(tmp_path, uv, options=()).resolve(read_spec("keras==3.6.0 torch==2.9.0"))


def test_a_yanked_release_stands_in_the_head(tmp_path: Path) -> None:
    warned = locked("jax==0.4.32", err='warning: `jax==0.4.32` is yanked (reason: "broken")')
    found = Resolver(tmp_path, FakeUv(warned), options=()).resolve(read_spec("keras jax==0.4.32"))
    assert ('`jax==0.4.32` is yanked (reason: "broken")',) == found.notes


def test_another_interpreter_than_asked_for_stands_in_the_head(tmp_path: Path) -> None:
    found = Resolver(tmp_path, FakeUv(KERAS), options=()).resolve(read_spec(f"python==3.99 {SPEC}"))
    assert any("interpreter mismatch" in note for note in found.notes)


def test_uv_resolves_from_a_folder_and_the_whole_tensorflow_stays_out(tmp_path: Path) -> None:
    options = keras_shop(tmp_path / "shop")
    resolver = Resolver(tmp_path / "kept", options=options)
    lock = resolver.resolve(read_spec("tf-keras==2.18.0 tensorflow-cpu==2.18.1")).lock
    assert {"attrs", "keras", "numpy", "tensorflow-cpu", "tf-keras"} == set(lock.versions)


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("keras==99.0 tensorflow-cpu==2.18.1", "no version of keras==99.0"),
        ("keras==3.1.0 tensorflow-cpu==2.18.1", "depends on keras>=3.2"),
    ],
)
def test_what_cannot_be_had_is_told_in_the_resolvers_own_words(
    tmp_path: Path, spec: str, said: str
) -> None:
    resolver = Resolver(tmp_path / "kept", options=keras_shop(tmp_path / "shop"))
    with pytest.raises(UnresolvableError) as caught:
        resolver.resolve(read_spec(spec))
    assert said in " ".join(caught.value.what.split())


def test_constraints_of_a_file_hold_where_a_package_is_needed(tmp_path: Path) -> None:
    freeze = tmp_path / "freeze.txt"
    freeze.write_text("tensorflow==2.18.1\nkeras==3.2.0\nnumpy==1.26.4\npandas==9.9\n")
    resolver = Resolver(tmp_path / "kept", options=keras_shop(tmp_path / "shop"))
    versions = resolver.resolve(read_spec(f"@{freeze} keras==3.3.0")).lock.versions
    assert ("3.3.0", "1.26.4") == (versions["keras"], versions["numpy"])
    assert "pandas" not in versions
