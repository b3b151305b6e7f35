"""Emulated processors: our processes run on instruction sets and caches that nobody here owns.

QEMU's user mode emulates a processor for one process. Its arithmetic is exact, so that what a
framework computes there is what it computes on that processor, as far as the framework chooses its
kernels by what the processor says of itself.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from importlib import import_module

from core.errors import UsageError, did_you_mean

EMULATOR = "qemu-x86_64"
_VARIABLE = "LOOP_PARITY_EMULATED"  # tells an emulated process: Linux's list shows the real one
_TRIAL = "import numpy as np; np.linalg.norm(np.ones((8, 8)) @ np.ones((8, 8)))"


def emulated(model: str, command: Sequence[str]) -> list[str]:
    """The command that runs a command on a processor, unchanged where that is the machine's own.

    Args:
        model: the processor's name for QEMU; empty for the machine's own.
        command: the program and its arguments.
    """
    if not model:
        return list(command)
    # Without `check=off` it warns of every feature that it leaves out, on our stderr. What somebody
    # set for the BLAS of the machine's own processor may not run on another: it chooses by itself.
    variables = ["-E", f"{_VARIABLE}={model}", "-U", "OPENBLAS_CORETYPE"]
    return [EMULATOR, "-cpu", f"{model},check=off", *variables, *command]


def emulated_here() -> str:
    """The processor that this process is emulated on, empty where it runs on the machine's own."""
    return os.environ.get(_VARIABLE, "")


def features() -> frozenset[str]:
    """Which vectors this process can compute with, by Linux's names of the flags.

    NumPy asks the processor itself, emulated or not, and keeps the answer.
    """
    found: dict[str, bool] = import_module("numpy._core._multiarray_umath").__cpu_features__
    names = {"SSE42": "sse4_2", "AVX": "avx", "AVX2": "avx2", "AVX512F": "avx512f"}
    return frozenset(flag for name, flag in names.items() if found.get(name))


def _can_emulate() -> bool:
    return sys.platform == "linux" and platform.machine() == "x86_64"


@cache
def processors() -> tuple[str, ...]:
    """The processors that can be emulated here, none where there is no emulator."""
    if not (_can_emulate() and shutil.which(EMULATOR)):
        return ()
    # It ends with 1 after this help.
    listed = subprocess.run([EMULATOR, "-cpu", "help"], capture_output=True, text=True, check=False)
    words = (line.split() for line in listed.stdout.splitlines())
    return tuple(found[1] for found in words if len(found) > 1 and found[0] == "x86")


def require_processor(model: str, where: str) -> None:
    """Makes sure that our processes start on a processor, before anything takes time.

    Args:
        model: its name for QEMU.
        where: the option or file that names it.

    Raises:
        UsageError: there is no emulator, it does not know the processor, or NumPy, which every
            framework needs, does not run there.
    """
    known = processors()
    if not known:
        raise UsageError(
            f"no {EMULATOR} to emulate {model!r}",
            where=where,
            expected="QEMU's user mode, 7.2 or newer, on Linux on an x86-64 processor",
            remedy="apt install qemu-user" if _can_emulate() else "run it on such a machine",
        )
    if model not in known:
        raise UsageError(
            f"unknown processor {model!r}",
            where=where,
            expected=f"a processor that `{EMULATOR} -cpu help` lists",
            remedy=did_you_mean(model, known, "name one of them, such as EPYC or Haswell"),
        )
    tried = subprocess.run(
        emulated(model, [sys.executable, "-P", "-c", _TRIAL]),
        capture_output=True,
        text=True,
        check=False,
    )
    if tried.returncode:
        said = [line.strip() for line in tried.stderr.splitlines() if line.strip()]
        raise UsageError(
            f"NumPy does not run on {model}" + (f": {said[-1].rstrip('.')}" if said else ""),
            where=where,
            expected="a processor that this environment's Python and NumPy run on",
            remedy="name a newer one, such as EPYC or Haswell",
        )
