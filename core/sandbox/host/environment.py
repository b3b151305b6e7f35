"""The environment variables of a document: what it needs, and nothing that is the user's alone."""

from __future__ import annotations

import os
from collections.abc import Mapping

from core.run.backends.arithmetic import Arithmetic
from core.run.backends.registry import PINNED, process_environment
from core.sandbox.host.workspace import Workspace

_KEPT = (
    "PATH",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TZ",
    "LD_LIBRARY_PATH",
    "VIRTUAL_ENV",
    "KERAS_BACKEND",
    "TF_CPP_MIN_LOG_LEVEL",
    "CUDA_VISIBLE_DEVICES",
    "JAX_PLATFORMS",
    "PYTHONHASHSEED",
)


def environment_of(
    workspace: Workspace,
    backend: str,
    arithmetic: Arithmetic = PINNED,
    extra: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The variables: those of this project's own runs, and folders that are thrown away.

    Args:
        workspace: the folders.
        backend: Keras's backend.
        arithmetic: threads and kernels.
        extra: more variables; they win, except that our own code stays first on `PYTHONPATH`.
    """
    own = process_environment(backend, arithmetic)
    kept = {name: own[name] for name in (*_KEPT, *arithmetic.variables(backend)) if name in own}
    home = str(workspace.home)
    more = dict(extra or {})
    path = os.pathsep.join(filter(None, (str(workspace.guest), more.pop("PYTHONPATH", ""))))
    return {
        **kept,
        "NPROC": own.get("OMP_NUM_THREADS", "1"),  # XLA sizes its thread pool by it
        "HOME": home,
        "KERAS_HOME": str(workspace.home / ".keras"),
        "XDG_CACHE_HOME": str(workspace.home / ".cache"),
        "MPLCONFIGDIR": str(workspace.home / ".matplotlib"),
        "TMPDIR": str(workspace.temporary),
        "MPLBACKEND": "agg",
        "PYTHONPATH": path,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONNOUSERSITE": "1",
        "PYTHONUTF8": "1",
        **more,
    }
