"""Guards from within, for machines that give none from without: sockets and writing outside.

An audit hook cannot be taken away again and sees what Python does, not what native code does.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

_SOCKETS = ("socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo")
_PATHS = {
    "os.remove": 1,
    "os.rmdir": 1,
    "os.mkdir": 1,
    "os.rename": 2,
    "os.link": 2,
    "os.symlink": 2,
    "os.truncate": 1,
    "os.chmod": 1,
    "os.chown": 1,
    "os.utime": 1,
    "shutil.rmtree": 1,
}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def install(*, network: bool, writable: Sequence[str]) -> None:
    """Installs the hook.

    Args:
        network: forbid sockets that leave the process.
        writable: the only folders and files in which something may be written; empty to allow all.
    """
    if not network and not writable:
        return
    roots = tuple(os.path.realpath(path) for path in writable)

    def hook(event: str, args: tuple[object, ...]) -> None:
        if network and event in _SOCKETS:
            raise PermissionError(f"{event}: the network is off while a document is executed")
        if not roots:
            return
        if event == "open":
            path, mode, flags = args
            writes = isinstance(flags, int) and flags & _WRITING
            if writes or (isinstance(mode, str) and set(mode) & set("wax+")):
                _check(path, roots)
        elif event in _PATHS:
            for path in args[: _PATHS[event]]:
                _check(path, roots)

    sys.addaudithook(hook)


def _check(path: object, roots: tuple[str, ...]) -> None:
    if isinstance(path, bytes):
        path = os.fsdecode(path)
    if isinstance(path, str) and not path.startswith(("/dev/", "/proc/")):
        real = os.path.realpath(path)
        if not any(real == root or real.startswith(root + os.sep) for root in roots):
            raise PermissionError(f"{path}: nothing outside the document's folder is written")
