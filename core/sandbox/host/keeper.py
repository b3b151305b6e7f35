"""Keeps one sandboxed process: watches what it uses, ends all of it, removes its folder.

A program of its own, run by file path. Its standard input is its lifeline: the first line is the
configuration, a later line names the reason to end everything now, and its end means that whoever
started it is gone. Its standard output ends with one line of JSON that says how things ended.

The configuration is JSON: `argv`, `env`, `root` (folder to remove at the end), `events`
(descriptor), `memory` (bytes of all processes together), `disk` (bytes in the folder), `processes`.
"""

from __future__ import annotations

import ctypes
import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_EVERY = 0.15  # seconds between looks at memory
_DISK_EVERY = 2.0
_TAIL = 32_768  # characters kept of what is printed past Python
_GRACE = 10.0  # seconds until whatever is left is given up
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class Keeper:
    """One process tree and its limits."""

    def __init__(self, config: dict[str, object]) -> None:
        self._root = str(config["root"])
        self._memory = _number(config["memory"])
        self._disk = _number(config["disk"])
        self._processes = _number(config["processes"])
        self._raw = b""
        self._peak = 0
        self._looked = 0.0
        self._measured = 0.0
        events = _number(config["events"])
        argv, env = config["argv"], config["env"]
        assert isinstance(argv, list)
        assert isinstance(env, dict)
        # A session of its own, so that one killpg reaches whatever has not left it on purpose.
        self._process = subprocess.Popen(
            [str(part) for part in argv],
            env={str(name): str(value) for name, value in env.items()},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=[events],
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
        # The writing end stays open in the recorder alone, so that the reader sees its end as an
        # end.
        os.close(events)

    def watch(self) -> str:
        """Waits for the end.

        Returns:
            Why it came: `ended`, `memory`, `disk`, `processes`, `orphaned`, or what the lifeline
            said.
        """
        output = self._process.stdout
        assert output is not None
        os.set_blocking(output.fileno(), False)
        with selectors.DefaultSelector() as selector:
            selector.register(output, selectors.EVENT_READ)
            selector.register(sys.stdin.fileno(), selectors.EVENT_READ)
            while True:
                for key, _ in selector.select(_EVERY):
                    if key.fileobj is output:
                        if not self._read():
                            selector.unregister(output)
                    else:
                        said = os.read(sys.stdin.fileno(), 200).decode().strip()
                        return said or "orphaned"
                if self._process.poll() is not None:
                    return "ended"
                reason = self._measure()
                if reason:
                    return reason

    def _read(self) -> bool:
        """Takes what was printed past Python; False at its end."""
        output = self._process.stdout
        assert output is not None
        try:
            data = os.read(output.fileno(), 65_536)
        except BlockingIOError:
            return True
        # The last words explain a crash; a document may print gigabytes before them.
        self._raw = (self._raw + data)[-_TAIL:]
        return bool(data)

    def _measure(self) -> str | None:
        now = time.monotonic()
        if now - self._looked < _EVERY:
            return None
        self._looked = now
        tree = _descendants()
        used = 0
        for position, process in enumerate(tree):
            with suppress(psutil.Error):
                memory = process.memory_info()
                # Shared pages count once, with the first process: every forked worker maps the
                # whole framework.
                used += memory.rss - (getattr(memory, "shared", 0) if position else 0)
        self._peak = max(self._peak, used)
        if used > self._memory:
            return "memory"
        if len(tree) > self._processes:
            return "processes"
        if now - self._measured > _DISK_EVERY:
            self._measured = now
            if _size(self._root) > self._disk:
                return "disk"
        return None

    def end(self) -> int:
        """Kills everything that is left; returns how many processes that were."""
        left = 0
        deadline = time.monotonic() + _GRACE
        # Again and again: a process that forks all the time makes new ones between listing and
        # killing.
        while time.monotonic() < deadline:
            with suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)
            tree = _descendants()
            left = max(left, len(tree) - (self._process.poll() is None))
            for process in tree:
                with suppress(psutil.Error):
                    process.kill()
            self._process.poll()
            with suppress(ChildProcessError):
                # A zombie that nobody waits for stays in the list of descendants for ever.
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
            if not _descendants():
                break
            time.sleep(0.02)
        # What still lies in the pipe belongs to the record.
        while self._process.stdout and self._read() and time.monotonic() < deadline:
            time.sleep(0.001)
        return left

    def report(self, reason: str, left: int) -> dict[str, object]:
        """What the parent is told."""
        return {
            "reason": reason,
            "code": self._process.returncode,
            "peak_memory": self._peak,
            "left": left,
            "raw": self._raw.decode("utf-8", "replace"),
        }


def _heed_nothing(number: int, frame: object) -> None:
    """Takes a signal and does nothing."""


def _number(value: object) -> int:
    assert isinstance(value, int)
    return value


def _die_with_parent() -> None:
    if _LIBC is not None:
        # Where the keeper itself is killed, the document must not live on.
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _descendants() -> list[psutil.Process]:
    with suppress(psutil.Error):
        return psutil.Process().children(recursive=True)
    return []


def _size(root: str) -> int:
    total = 0
    for folder, _, files in os.walk(root):
        for name in files:
            with suppress(OSError):
                total += Path(folder, name).lstat().st_size
    return total


def _remove(root: str) -> None:
    for folder, folders, _ in os.walk(root):
        for name in folders:  # a document may have taken away its own permissions
            with suppress(OSError):
                if not Path(folder, name).is_symlink():
                    Path(folder, name).chmod(0o700)
    shutil.rmtree(root, ignore_errors=True)


def main() -> None:
    """Keeps one process from beginning to end."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(
            number, _heed_nothing
        )  # the lifeline decides; an ignored one would be inherited
    if _LIBC is not None:
        # Orphans become our children and not init's, so that a double fork does not escape.
        _LIBC.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    line = b""
    while not line.endswith(b"\n"):
        # Byte by byte: a buffer would swallow a later line, which `watch` waits for on the
        # descriptor.
        part = os.read(sys.stdin.fileno(), 1)
        if not part:
            return
        line += part
    config = json.loads(line)
    try:
        keeper = Keeper(config)
        reason = keeper.watch()
        left = keeper.end()
        answer = keeper.report(reason, left)
    except OSError as error:
        answer = {"reason": "failed", "code": None, "raw": str(error), "left": 0, "peak_memory": 0}
    _remove(config["root"])
    with suppress(OSError):
        os.write(1, (json.dumps(answer) + "\n").encode())


if __name__ == "__main__":
    main()
