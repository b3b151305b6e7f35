"""The first process inside the sandbox: shuts the doors behind itself, then starts the recorder.

A program of its own, run by file path with nothing on the path but the standard library:
`python -I -S launcher.py CONFIG`. It stays as the parent of the recorder, so that in a process
namespace of its own the recorder is an ordinary process, and ends everything when that one ends.

CONFIG is JSON: `argv`, `cwd`, `events` (descriptor), `writable` (folders and files), `landlock`,
`no_tcp`, `private_shm`, `loopback`, `data` (bytes), `file` (bytes).
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same on every architecture
_WRITE_FILE = 1 << 1
_CHANGES = sum(1 << bit for bit in range(4, 13))  # remove and make anything
_REFER, _TRUNCATE = 1 << 13, 1 << 14
_LIBC = ctypes.CDLL(None, use_errno=True)


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("handled_access_fs", ctypes.c_uint64),
        ("handled_access_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def landlock_version() -> int:
    """The version of Landlock this kernel offers, 0 for none."""
    return max(0, int(_LIBC.syscall(_CREATE, None, 0, 1)))


def restrict_writes(writable: list[str], *, tcp: bool) -> None:
    """Forbids this process and its children to write anywhere else, and TCP where asked.

    Raises:
        OSError: the kernel refuses.
    """
    version = landlock_version()
    if version == 0:
        raise OSError(errno.EOPNOTSUPP, "Landlock is not there")
    handled = _WRITE_FILE | _CHANGES
    handled |= (_REFER if version >= 2 else 0) | (_TRUNCATE if version >= 3 else 0)
    rules = _Ruleset(handled, 0 if tcp or version < 4 else 3, 3 if version >= 6 else 0)
    # The structure grew with Landlock: its size says which version of it is meant.
    size = 8 if version < 4 else 16 if version < 6 else 24
    ruleset = _checked(_LIBC.syscall(_CREATE, ctypes.byref(rules), size, 0))
    for path in writable:
        if not Path(path).exists():
            continue
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        # Rights that only a folder has are refused for a file.
        allowed = handled if Path(path).is_dir() else handled & (_WRITE_FILE | _TRUNCATE)
        beneath = _Beneath(allowed, descriptor)
        _checked(_LIBC.syscall(_ADD, ruleset, 1, ctypes.byref(beneath), 0))
        os.close(descriptor)
    _checked(_LIBC.syscall(_RESTRICT, ruleset, 0))
    os.close(ruleset)


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def _private_shm() -> None:
    """A `/dev/shm` of one's own, which vanishes with the mount namespace."""
    _checked(_LIBC.mount(b"tmpfs", b"/dev/shm", b"tmpfs", 6, b"size=1g"))


def _limits(data: int, file: int) -> None:
    for kind, most in ((resource.RLIMIT_DATA, data), (resource.RLIMIT_FSIZE, file)):
        _, hard = resource.getrlimit(kind)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _tell(descriptor: int, event: str, **fields: object) -> None:
    os.write(descriptor, (json.dumps({"event": event, **fields}) + "\n").encode())


def _left() -> int:
    """Processes beside this one in a namespace of their own."""
    if os.getpid() != 1:
        return 0
    return sum(_runs(path) for path in Path("/proc").iterdir() if path.name.isdigit()) - 1


def _runs(process: Path) -> bool:
    """Whether a process is more than an exit status that nobody asked for."""
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (OSError, IndexError):
        return False


def main() -> None:
    """Shuts the doors, runs the command, tells how it ended."""
    config = json.loads(sys.argv[1])
    events: int = config["events"]
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    # Landlock asks for it: a program that gains privileges could leave its rules behind.
    _LIBC.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    steps: list[tuple[str, bool, Callable[[], None]]] = [
        ("private_shm", config["private_shm"], _private_shm),
        (
            "landlock",
            config["landlock"],
            lambda: restrict_writes(config["writable"], tcp=not config["no_tcp"]),
        ),
        ("limits", True, lambda: _limits(config["data"], config["file"])),
    ]
    for name, wanted, step in steps:
        if wanted:
            try:
                step()
            except (OSError, ValueError) as error:
                _tell(events, "guard-failed", guard=name, message=str(error))
    child = os.fork()
    if child == 0:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        os.chdir(config["cwd"])
        os.set_inheritable(events, True)
        try:
            os.execv(config["argv"][0], config["argv"])  # noqa: S606 - a shell is of no use here
        except OSError as error:
            os.write(2, f"{config['argv'][0]}: {error.strerror}\n".encode())
            os._exit(127)
    while True:
        ended, status = os.wait()
        # As the first process of a namespace this one also inherits orphans, which are not the
        # answer.
        if ended == child:
            break
    code = os.waitstatus_to_exitcode(status)
    _tell(events, "exit", code=code, left=_left())
    os._exit(0)


if __name__ == "__main__":
    main()
