"""Requirements for the processor alone: no CUDA build comes in.

A rehearsal runs on the CPU, where an accelerator's build computes the same and takes gigabytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from packaging.requirements import Requirement

# `tensorflow-cpu` is TensorFlow without the accelerator's code; the same version computes the same.
_TENSORFLOW = frozenset({"tensorflow", "tensorflow-gpu", "tensorflow-intel", "tensorflow-macos"})
CPU_TENSORFLOW = "tensorflow-cpu"
_EXTRAS = ("cuda", "rocm", "tpu")
_ACCELERATOR = ("nvidia-", "cuda-", "jax-cuda", "jax-rocm", "pytorch-triton", "tensorflow-gpu")
_HARDWARE = re.compile(r"\+(?:cpu|cu\d+|cuda|rocm|xpu|tpu|hip)[\w.]*", re.IGNORECASE)
_ACCELERATORS = frozenset({"triton", "libtpu", "libtpu-nightly"})


def is_accelerator(name: str) -> bool:
    """Whether a distribution is an accelerator's."""
    return name in _ACCELERATORS or name.startswith(_ACCELERATOR)


def accelerators(names: Iterable[str]) -> list[str]:
    """The distributions among these that belong to an accelerator."""
    return sorted(name for name in names if is_accelerator(name))


def on_cpu(wanted: Mapping[str, Requirement]) -> tuple[dict[str, str], list[str]]:
    """Requirements for the CPU, as lines by name, and notes on what was replaced.

    Args:
        wanted: requirements by canonical name.
    """
    lines: dict[str, str] = {}
    notes: list[str] = []
    for name, requirement in wanted.items():
        if is_accelerator(name) and name != "tensorflow-gpu":
            notes.append("CPU only: the accelerator's packages are left out")
            continue
        kept = CPU_TENSORFLOW if name in _TENSORFLOW else name
        if kept in lines and kept != name:
            continue  # both are asked for; the CPU's own requirement came first
        extras = sorted(e for e in requirement.extras if not any(a in e for a in _EXTRAS))
        dropped_extras = len(extras) < len(requirement.extras)
        if name == "jax" and "jaxlib" not in wanted and "cpu" not in extras:
            extras.append("cpu")  # older releases bring jaxlib only so
        specifier, dropped = _public(str(requirement.specifier))
        if dropped or dropped_extras:
            notes.append(f"CPU only: {requirement} without its accelerator's build")
        if kept != name:
            notes.append(f"CPU only: {kept} in place of {requirement.name}")
        marker = f" ; {requirement.marker}" if requirement.marker else ""
        place = f" @ {requirement.url}" if requirement.url else specifier
        options = f"[{','.join(extras)}]" if extras else ""
        lines[kept] = f"{kept}{options}{place}{marker}"
    return lines, notes


def _public(specifier: str) -> tuple[str, bool]:
    """A specifier without hardware's local versions (`+cu124`), and whether one was there.

    Other local versions name a build of somebody's own, and stay.
    """
    kept = _HARDWARE.sub("", specifier)
    return kept, kept != specifier
