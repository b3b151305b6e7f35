from __future__ import annotations

import subprocess
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.errors import ExecutionError
from core.upgrade.environments.lock import lock_of
from core.upgrade.environments.request import read_spec
from core.upgrade.environments.resolve import Resolved, Resolver
from core.upgrade.environments.store import MARKER, EnvironmentStore
from core.upgrade.environments.uv import Answer, run_uv
from tests.core.upgrade.environments.fake_uv import FakeUv
from tests.core.upgrade.environments.wheels import keras_shop


def quiet(text: str) -> None:
    del text


@pytest.fixture
def shop(tmp_path: Path) -> tuple[str, ...]:
    return keras_shop(tmp_path / "shop")


def resolved(folder: Path, shop: tuple[str, ...], spec: str) -> Resolved:
    return Resolver(folder / "resolutions", options=shop).resolve(read_spec(spec))


SPEC = "keras==3.3.0 tensorflow-cpu==2.18.1"


def test_an_environment_is_made_once_and_holds_what_is_locked(
    tmp_path: Path, shop: tuple[str, ...]
) -> None:
    store = EnvironmentStore(tmp_path / "environments", options=shop)
    asked = resolved(tmp_path, shop, SPEC)
    first, second = store.ensure(asked, quiet), store.ensure(asked, quiet)
    assert (True, False) == (first.made, second.made)
    assert first.seconds == second.seconds
    code = "import keras, tensorflow_cpu; print(keras.__version__, tensorflow_cpu.__version__)"
    said = subprocess.run([str(first.python), "-c", code], capture_output=True, text=True)
    assert "3.3.0 2.18.1" == said.stdout.strip()


def test_packages_and_their_bytecode_are_linked_not_copied(
    tmp_path: Path, shop: tuple[str, ...]
) -> None:
    store = EnvironmentStore(tmp_path / "environments", options=shop)
    made = [
        store.ensure(resolved(tmp_path, shop, f"keras=={release} tensorflow-cpu==2.18.1"), quiet)
        for release in ("3.2.0", "3.3.0")
    ]
    files = [
        next(environment.root.glob("lib/python*/site-packages/tensorflow_cpu/__init__.py"))
        for environment in made
    ]
    assert files[0].samefile(files[1])
    compiled = [next((f.parent / "__pycache__").glob("__init__.cpython-*.pyc")) for f in files]
    assert compiled[0].samefile(compiled[1])
    of_keras = [next(e.root.glob("lib/python*/site-packages/keras/__pycache__/*")) for e in made]
    assert not of_keras[0].samefile(of_keras[1])


@pytest.mark.parametrize("damage", ["marker", "package", "interpreter"])
def test_a_damaged_environment_is_made_anew(
    tmp_path: Path, shop: tuple[str, ...], damage: str
) -> None:
    store = EnvironmentStore(tmp_path / "environments", options=shop)
    asked = resolved(tmp_path, shop, SPEC)
    made = store.ensure(asked, quiet)
    if damage == "marker":
        (made.root / MARKER).write_text("{")
    elif damage == "package":
        info = next(made.root.glob("lib/python*/site-packages/keras-*.dist-info"))
        info.rename(info.with_name("gone"))
    else:
        made.python.unlink()
    again = store.ensure(asked, quiet)
    assert again.made
    assert again.python.exists()


def test_one_that_was_cut_short_leaves_nothing_that_counts(
    tmp_path: Path, shop: tuple[str, ...]
) -> None:
    asked = resolved(tmp_path, shop, SPEC)

    def stopped(arguments: Sequence[str], text: str) -> Answer:
        if "install" in arguments:
            raise KeyboardInterrupt
        return run_uv(arguments, text)

    with pytest.raises(KeyboardInterrupt):
        EnvironmentStore(tmp_path / "environments", stopped, shop).ensure(asked, quiet)
    assert not [path for path in (tmp_path / "environments").iterdir() if path.is_dir()]
    assert EnvironmentStore(tmp_path / "environments", options=shop).ensure(asked, quiet).made


def test_two_calls_at_once_make_one_environment(tmp_path: Path, shop: tuple[str, ...]) -> None:
    asked = resolved(tmp_path, shop, SPEC)
    said: list[str] = []
    start = threading.Barrier(2)

    def one(_: int) -> bool:
        store = EnvironmentStore(tmp_path / "environments", options=shop)
        start.wait()
        return store.ensure(asked, said.append).made

    with ThreadPoolExecutor(2) as threads:
        assert [False, True] == sorted(threads.map(one, range(2)))
    assert 1 == len(said)


def test_a_full_disk_is_named_with_what_to_do_and_nothing_is_left(tmp_path: Path) -> None:
    full = Answer(2, "", "failed to copy: No space left on device (os error 28)")
    uv = FakeUv(full)

    def install_fails(arguments: Sequence[str], text: str) -> Answer:
        if "install" in arguments:
            return full
        Path(arguments[-1]).mkdir()  # where a virtual environment would be made
        return uv(arguments, text)

    resolver = Resolver(tmp_path / "r", FakeUv(Answer(0, "keras==3.6.0\n", "")), ())
    asked = resolver.resolve(read_spec("keras==3.6.0 jax"))
    store = EnvironmentStore(tmp_path / "environments", install_fails)
    (tmp_path / "environments").mkdir()
    store.root(asked.lock).mkdir()
    with pytest.raises(ExecutionError) as caught:
        store.ensure(asked, quiet)
    assert "the disk is full" in caught.value.what
    assert "--clean" in caught.value.remedy
    assert not store.root(asked.lock).exists()


def test_one_command_removes_every_environment(tmp_path: Path, shop: tuple[str, ...]) -> None:
    store = EnvironmentStore(tmp_path / "environments", options=shop)
    store.ensure(resolved(tmp_path, shop, SPEC), quiet)
    count, _ = store.remove_all()
    assert 1 == count
    assert not store.folder.exists()
    assert (0, 0) == store.remove_all()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    lock = lock_of("keras==3.6.0\n", "3.11.7", "linux")
    resolver = Resolver(tmp_path / "r", FakeUv(Answer(0, lock.text, "")), ())
    asked = resolver.resolve(read_spec("keras==3.6.0 jax"))
    with pytest.raises(ExecutionError, match="cannot be made"):
        EnvironmentStore(tmp_path / "file" / "environments").ensure(asked, quiet)
