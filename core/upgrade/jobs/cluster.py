"""A Dask cluster as an executor of `concurrent.futures`.

Dask is an extra: `pip install 'loop-parity[dask]'`, here and on every worker. What travels is text;
a worker needs Loop Parity, its own cache folder and the package index. When a worker dies, Dask
gives its jobs to another one, and a job that was done is not done again.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Protocol, cast

from core.errors import ExecutionError
from core.extras import require

_WAIT = 30  # seconds for the scheduler to answer
_RETRIES = 0
"""What a job itself says is final; a job whose worker died is another matter, and is given away."""


class _Clients(Protocol):
    def __call__(self, *, timeout: int, set_as_default: bool, **where: str) -> _Client: ...


class _Client(Protocol):
    def get_executor(self, *, pure: bool, retries: int) -> Executor: ...
    def close(self) -> None: ...


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """The cluster at a scheduler's address.

    Args:
        address: such as `tcp://127.0.0.1:8786`, or the path of a scheduler file.

    Raises:
        UsageError: Dask is not installed.
        ExecutionError: no scheduler answers.
    """
    require("distributed", "dask", f"--dask {address}")
    import distributed

    where = {"scheduler_file": address} if address.endswith(".json") else {"address": address}
    try:
        client = cast(_Clients, distributed.Client)(timeout=_WAIT, set_as_default=False, **where)
    except (OSError, ValueError, TimeoutError) as error:
        raise ExecutionError(
            f"no scheduler answers ({error})",
            where=f"--dask {address}",
            expected="the address of a running scheduler, or a scheduler file",
            remedy="start one: dask scheduler; dask worker tcp://…:8786",
        ) from error
    try:
        yield client.get_executor(pure=False, retries=_RETRIES)
    finally:
        client.close()
