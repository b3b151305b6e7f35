"""What a result was made with: interpreter, platform, processor, versions. Imports no framework."""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from pathlib import Path

from core.run.backends.emulation import emulated_here, features
from core.run.backends.registry import PACKAGES, version_of


def machine(emulating: str = "") -> dict[str, str]:
    """Python, platform and processor of this machine.

    Args:
        emulating: the processor that this process lets others run on; empty for its own.
    """
    return {
        "python": platform.python_version(),
        "platform": f"{platform.system()}-{platform.machine()}",
        "cpu": named_emulated(emulating) if emulating else processor(),
        "byteorder": sys.byteorder,
    }


@cache
def processor() -> str:
    """The processor's name, as far as the platform tells; of an emulated one, that it is one."""
    if model := emulated_here():
        return named_emulated(model)
    return _cpuinfo("model name") or platform.processor() or platform.machine()


def named_emulated(model: str) -> str:
    """How an emulated processor is called."""
    return f"emulated {model}"


@cache
def vectors() -> str:
    """The widest vectors that the processor computes with, empty where the platform tells none.

    Frameworks choose their kernels by these, so that processors of one name may round differently.
    """
    flags = features() if emulated_here() else _cpuinfo("flags").split()
    widest = {"avx512f": "AVX-512", "avx2": "AVX2", "avx": "AVX", "sse4_2": "SSE4.2"}
    return next((name for flag, name in widest.items() if flag in flags), "")


def processor_of(environment: Mapping[str, str]) -> str:
    """The processor that an environment names, with its widest vectors where they are noted."""
    named = (environment.get(name, "") for name in ("cpu", "vectors"))
    return ", ".join(filter(None, named))


def _cpuinfo(field: str) -> str:
    """A field of the first processor in Linux's list, empty where there is none."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    found = (line.partition(":")[2].strip() for line in lines if line.startswith(field))
    return next(found, "")


def version() -> str:
    """The version of Loop Parity."""
    return metadata.version("loop-parity")


def document_environment(emulating: str = "") -> dict[str, str]:
    """The `environment` object of every JSON document: the machine, Keras and every backend.

    Args:
        emulating: the processor that the runs were emulated on; empty for the machine's own.
    """
    found = {"keras": version_of("keras")}
    found |= {name: version_of(package) for name, package in PACKAGES.items()}
    return machine(emulating) | {name: text for name, text in found.items() if text is not None}
