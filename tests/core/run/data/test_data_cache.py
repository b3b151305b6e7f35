from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from attrs import astuple

from core.run.data.cache import Cached, keep, load_or_generate
from core.run.data.digits import NAME, SHA256
from core.run.data.images import ImageData
from tests.core.run.data.conftest import save

# Generates by reading a file; with two processes, each waits until both are generating.
GENERATE = """
import os, signal, sys, time
from pathlib import Path
from core.run.data.cache import load_or_generate
from core.run.data.npz import load_npz

sha256, path, processes = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])

def generate():
    path.with_suffix(f".{os.getpid()}").touch()
    while len(list(path.parent.glob(f"{path.stem}.[0-9]*"))) < processes:
        time.sleep(0.01)
    return load_npz(path, name="digits")

if processes == 1:
    os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)
sys.stdout.write(load_or_generate("digits", sha256, generate).data.sha256)
"""


@pytest.fixture
def generated(digits: ImageData, tmp_path: Path) -> Path:
    """The embedded data set in a file outside the cache."""
    path = tmp_path / "generated.npz"
    names = ("x_train", "y_train", "x_test", "y_test")
    save(path, dict(zip(names, astuple(digits)[2:], strict=True)))
    return path


def start(generated: Path, processes: int) -> subprocess.Popen[str]:
    """Load the data set in another process with this process's cache folder.

    One process alone kills itself when its file is written but not yet in place.
    """
    arguments = [SHA256, str(generated), str(processes)]
    return subprocess.Popen(
        [sys.executable, "-c", GENERATE, *arguments], stdout=subprocess.PIPE, text=True
    )


def file_in(cache: Path) -> Path:
    return cache / f"digits-{SHA256[:16]}.npz"


def load(digits: ImageData) -> Cached:
    return load_or_generate(NAME, SHA256, lambda: digits)


def load_only() -> Cached:
    def generate() -> ImageData:
        raise AssertionError("the cache could not supply the data")

    return load_or_generate(NAME, SHA256, generate)


def test_first_use_generates_and_the_next_reads_the_same_data(
    digits: ImageData, cache: Path
) -> None:
    first, second = load(digits), load_only()

    assert (first.from_cache, first.note) == (False, None)
    assert (second.from_cache, second.note) == (True, None)
    assert first.data == second.data
    assert np.array_equal(digits.x_train, second.data.x_train)
    assert [file_in(cache)] == list(cache.iterdir())


def test_two_processes_that_generate_at_once_both_work(cache: Path, generated: Path) -> None:
    both = [start(generated, 2), start(generated, 2)]
    printed = [process.communicate(timeout=120)[0].strip() for process in both]

    assert printed == [SHA256, SHA256]
    assert [file_in(cache)] == list(cache.iterdir())
    assert load_only().from_cache


def test_process_killed_while_writing_leaves_nothing_that_is_read(
    digits: ImageData, cache: Path, generated: Path
) -> None:
    process = start(generated, 1)
    printed, _ = process.communicate(timeout=120)

    assert (process.returncode, printed) == (-signal.SIGKILL, "")
    (abandoned,) = cache.iterdir()
    assert abandoned.suffix == ".tmp"

    after = load(digits)
    assert (after.from_cache, after.note) == (False, None)
    assert load_only().data == digits

    long_ago = time.time() - 7200
    os.utime(abandoned, (long_ago, long_ago))
    assert load_only().from_cache
    assert [file_in(cache)] == list(cache.iterdir())


def test_temporary_file_of_a_living_writer_is_left_alone(digits: ImageData, cache: Path) -> None:
    cache.mkdir()
    writing = cache / f".digits-{SHA256[:16]}-writing.tmp"
    writing.write_bytes(b"PK")
    load(digits)

    assert writing.exists()


@pytest.mark.parametrize("damage", ["empty", "text", "truncated", "one pixel changed"])
def test_damaged_file_is_replaced_and_noted(damage: str, digits: ImageData, cache: Path) -> None:
    load(digits)
    path = file_in(cache)
    content = bytearray(path.read_bytes())
    if damage == "empty":
        content = bytearray()
    elif damage == "text":
        content = bytearray(b"not images")
    elif damage == "truncated":
        content = content[: len(content) // 2]
    else:
        content[len(content) // 2] ^= 1
    path.write_bytes(content)

    after = load(digits)

    assert digits == after.data
    assert after.note is not None
    assert after.note.startswith(f"{path} was replaced: ")
    assert load_only().from_cache


def test_sound_file_with_other_images_is_replaced_and_noted(
    digits: ImageData, cache: Path, npz: Path
) -> None:
    cache.mkdir()
    npz.rename(file_in(cache))

    after = load(digits)

    assert digits == after.data
    assert after.note is not None
    assert "its arrays have the hash" in after.note
    assert load_only().data == digits


def test_folder_that_cannot_be_made_is_done_without(
    digits: ImageData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("PARITY_CACHE", str(tmp_path / "file" / "cache"))

    for _ in range(2):
        cached = load(digits)
        assert digits == cached.data
        assert not cached.from_cache
        assert cached.note is not None
        assert "could not be written (Not a directory); generated in memory" in cached.note


def test_full_disk_is_done_without_and_leaves_nothing_behind(
    digits: ImageData, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), descriptor)

    monkeypatch.setattr(os, "fsync", fail)
    cached = load(digits)

    assert digits == cached.data
    assert cached.note is not None
    assert "No space left on device" in cached.note
    assert not list(cache.iterdir())


def test_data_read_elsewhere_is_kept_for_other_processes(digits: ImageData, cache: Path) -> None:
    """A process reads its data once; its cache folder may be another one by then."""
    path = keep(digits)
    assert cache == path.parent
    written = path.stat().st_mtime_ns
    assert path == keep(digits)
    assert written == path.stat().st_mtime_ns
