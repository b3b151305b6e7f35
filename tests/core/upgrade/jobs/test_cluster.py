import os
import signal
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from core.errors import ExecutionError
from core.upgrade.jobs.carrying import through
from core.upgrade.jobs.cluster import cluster
from core.upgrade.jobs.encoding import TaskResult
from core.upgrade.jobs.joining import joined
from tests.core.upgrade.jobs.plans import SPECS, plan, slow_work_in, world
from tests.core.upgrade.rehearsal.engines import compare, engine, rehearsal

distributed = pytest.importorskip("distributed", reason="Dask is not installed: make setup")
pytestmark = pytest.mark.filterwarnings("ignore")  # Dask's own, at start and when a worker dies


@pytest.fixture
def address() -> Iterator[str]:
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as made:
        yield str(made.scheduler_address)


def _kill(folder: Path) -> None:
    """Kills the worker that waits in the fourth task, as soon as it has got there."""
    waiting = folder / "waiting"
    for _ in range(6000):
        text = waiting.read_text() if waiting.exists() else ""
        if text:
            os.kill(int(text), signal.SIGKILL)
            return
        time.sleep(0.05)


@pytest.mark.skipif(os.name == "nt", reason="kills a process as POSIX does")
def test_a_worker_killed_half_way_loses_nothing_and_repeats_nothing(
    address: str, tmp_path: Path
) -> None:
    made = plan(engine(world(), tmp_path / "none"))
    folder = tmp_path / "jobs"
    folder.mkdir()
    killer = threading.Thread(target=_kill, args=(folder,), daemon=True)
    killer.start()
    seen: list[TaskResult] = []
    with cluster(address) as executor:
        dones = through(executor, made, partial(slow_work_in, folder), seen.append)
    killer.join(timeout=60)
    asked = rehearsal(engine(world(), tmp_path / "other"))
    asked.results = joined(made, dones)
    report = asked.compare(made.resolutions)
    assert compare(world(), tmp_path / "whole", *SPECS).results == report.results
    assert [*range(8)] == sorted(done.task.number for done in seen)
    lines = (folder / "runs.txt").read_text().splitlines()
    assert 16 == len(lines) == len(set(lines))


def test_no_scheduler_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.upgrade.jobs.cluster._WAIT", 1)
    with pytest.raises(ExecutionError, match="no scheduler answers"), cluster("tcp://127.0.0.1:9"):
        pass
