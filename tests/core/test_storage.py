"""The cache folder, files written whole, the system's refusals, and values kept by key."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from unittest import mock

import platformdirs
import pytest

from core.errors import ExecutionError, UsageError
from core.storage import (
    KeyedStore,
    cache_errors,
    cache_folder,
    os_errors_as,
    write_atomically,
)

KEY = {"code": "c", "question": {"ask": "surface"}}


def number(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError("no number")
    return value


def test_the_cache_folder_is_the_variable_else_the_platforms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARITY_CACHE", str(tmp_path))
    assert tmp_path == cache_folder()
    monkeypatch.setenv("PARITY_CACHE", "")
    assert platformdirs.user_cache_path("loop-parity") == cache_folder()
    monkeypatch.delenv("PARITY_CACHE")
    assert platformdirs.user_cache_path("loop-parity") == cache_folder()


@pytest.mark.parametrize("content", ["text – whole", b"\x00bytes"])
def test_a_file_is_written_with_its_folder_and_readable_by_all(
    tmp_path: Path, content: str | bytes
) -> None:
    path = tmp_path / "new" / "file"
    write_atomically(path, "old")
    write_atomically(path, content)
    wanted = content.encode() if isinstance(content, str) else content
    assert wanted == path.read_bytes()
    assert 0o644 == path.stat().st_mode & 0o777
    assert [path] == list(path.parent.iterdir())


def test_an_interrupted_write_leaves_nothing_behind(tmp_path: Path) -> None:
    with mock.patch("os.fsync", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "file.json", "text")
    assert [] == list(tmp_path.iterdir())


def test_what_the_system_refuses_is_an_error_of_ours_with_its_reason(tmp_path: Path) -> None:
    asked = os_errors_as(UsageError, where="--out x", expected="a folder", remedy="name another")
    with pytest.raises(UsageError) as caught, asked:
        (tmp_path / "missing").read_text()
    told = (caught.value.what, caught.value.where, caught.value.remedy)
    assert ("cannot be written (No such file or directory)", "--out x", "name another") == told


def test_a_text_in_another_encoding_is_an_error_of_ours(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"\xff")
    asked = os_errors_as(UsageError, "cannot be read", where="f", expected="e", remedy="r")
    with pytest.raises(UsageError, match="can't decode"), asked:
        (tmp_path / "file").read_text(encoding="utf-8")


def test_other_errors_pass() -> None:
    with pytest.raises(ZeroDivisionError), cache_errors("here"):
        raise ZeroDivisionError


def test_a_value_is_found_by_its_key_alone(tmp_path: Path) -> None:
    store = KeyedStore(tmp_path, number)
    assert store.read(KEY) is None
    store.write(KEY, 5)
    assert 5 == KeyedStore(tmp_path, number).read(dict(reversed(KEY.items())))
    assert store.read(KEY | {"code": "d"}) is None
    assert [] == store.damaged


@pytest.mark.parametrize("damage", ["", "[]", "cut", "value", "key", "format", "kind"])
def test_a_damaged_value_is_noticed_and_made_anew(tmp_path: Path, damage: str) -> None:
    store = KeyedStore(tmp_path, number)
    store.write(KEY, 5)
    path = store.path(KEY)
    text = path.read_text()
    if damage == "cut":
        path.write_text(text[:-9])
    elif damage == "kind":
        KeyedStore[object](tmp_path, lambda value: value).write(KEY, "five")
    elif damage in ("value", "key", "format"):
        path.write_text(json.dumps(json.loads(text) | {damage: 6}))
    else:
        path.write_text(damage)
    assert store.read(KEY) is None
    assert [path] == store.damaged
    store.write(KEY, 7)
    assert 7 == store.read(KEY)


def test_a_folder_that_cannot_be_used_is_told_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store = KeyedStore(tmp_path / "file" / "cache", number)
    with pytest.raises(ExecutionError, match="Not a directory") as caught:
        store.write(KEY, 5)
    assert "PARITY_CACHE" in caught.value.remedy
    with pytest.raises(ExecutionError, match="Not a directory"), store.held(KEY):
        pytest.fail("held in a folder that cannot be made")


def test_a_key_is_held_by_one_call_at_a_time(tmp_path: Path) -> None:
    seen: list[str] = []
    started = threading.Event()

    def second() -> None:
        started.set()
        with KeyedStore(tmp_path, number).held(KEY):
            seen.append("second")

    with KeyedStore(tmp_path, number).held(KEY):
        waiting = threading.Thread(target=second)
        waiting.start()
        started.wait()
        time.sleep(0.1)
        seen.append("first")
    waiting.join()
    assert ["first", "second"] == seen
