from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from core.errors import ExecutionError
from core.upgrade.rehearsal.results import result_store
from core.upgrade.rehearsal.run import Limits, RunResult, RunStatus
from tests.core.upgrade.rehearsal.runs import failed, ran

KEY = {"lock": "l", "code": "c"}


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    store = result_store(tmp_path)
    assert store.read(KEY) is None
    for result in (ran(), failed()):
        store.write(KEY, result)
        assert result == result_store(tmp_path).read(KEY)
    assert [] == store.damaged


@pytest.mark.parametrize("other", [{"lock": "l", "code": "d"}, {"lock": "l"}])
def test_another_key_has_another_result(tmp_path: Path, other: dict[str, str]) -> None:
    store = result_store(tmp_path)
    store.write(KEY, ran())
    assert store.read(other) is None


@pytest.mark.parametrize("damage", ["", "{", "[]", "cut", "number", "format", "key"])
def test_a_damaged_entry_is_noticed_and_made_anew(tmp_path: Path, damage: str) -> None:
    store = result_store(tmp_path)
    store.write(KEY, ran())
    path = store.path(KEY)
    text = path.read_text()
    document = json.loads(text)
    if damage == "cut":
        text = text[: len(text) // 2]
    elif damage == "number":
        document["value"]["trace"]["losses"]["loss"][0] = 0.5
        text = json.dumps(document)
    elif damage in ("format", "key"):
        document[damage] = 99
        text = json.dumps(document)
    else:
        text = damage
    path.write_text(text)
    assert store.read(KEY) is None
    assert [path] == store.damaged
    store.write(KEY, ran())
    assert ran() == store.read(KEY)


def test_a_disk_without_room_is_named_and_leaves_no_half_of_a_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("core.storage.write_atomically", full)
    with pytest.raises(ExecutionError) as caught:
        result_store(tmp_path).write(KEY, ran())
    assert "No space left on device" in caught.value.what
    assert "PARITY_CACHE" in caught.value.remedy
    assert result_store(tmp_path).read(KEY) is None


def test_a_result_is_held_by_one_call_at_a_time_and_waiting_can_be_stopped(tmp_path: Path) -> None:
    store = result_store(tmp_path)
    stop = threading.Event()
    stop.set()
    other = result_store(tmp_path).held(KEY, stop)
    with store.held(KEY, threading.Event()), pytest.raises(KeyboardInterrupt), other:
        pytest.fail("held twice")
    with result_store(tmp_path).held(KEY, stop):
        pass


def test_a_timeout_answers_for_the_same_and_shorter_limits_alone() -> None:
    late = RunResult(RunStatus.TIMEOUT, limit=60.0)
    assert late.holds(Limits(seconds=60.0))
    assert late.holds(Limits(seconds=10.0))
    assert not late.holds(Limits(seconds=61.0))


def test_a_lack_of_memory_answers_for_the_same_and_smaller_limits_alone() -> None:
    poor = RunResult(RunStatus.MEMORY, limit=float(2 << 30))
    assert poor.holds(Limits(memory=1 << 30))
    assert not poor.holds(Limits(memory=3 << 30))


def test_a_killed_process_is_not_known() -> None:
    assert not RunResult(RunStatus.KILLED).known
    assert ran().known
