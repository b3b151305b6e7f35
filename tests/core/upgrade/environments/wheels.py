"""Wheels made by hand, so that uv resolves and installs without any index."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path


def wheel(
    folder: Path,
    name: str,
    version: str,
    *,
    requires: Sequence[str] = (),
    modules: Mapping[str, str] | None = None,
    root: Mapping[str, str] | None = None,
    package: bool = True,
) -> Path:
    """Writes a wheel.

    Args:
        folder: where it goes.
        name: the distribution's name.
        version: its version.
        requires: what it needs.
        modules: files of its package, besides a plain `__init__.py`.
        root: files beside the package.
        package: whether there is one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    module = name.replace("-", "_")
    info = f"{module}-{version}.dist-info"
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Dist: {requirement}" for requirement in requires]
    files = {f"{module}/__init__.py": f"__version__ = '{version}'\n"} if package else {}
    files |= root or {}
    files |= {f"{module}/{path}": text for path, text in (modules or {}).items()}
    files[f"{info}/METADATA"] = "\n".join(lines) + "\n"
    tag = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files[f"{info}/WHEEL"] = tag
    record = []
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=")
        record.append(f"{path},sha256={digest.decode()},{len(text)}")
    files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,"]) + "\n"
    made = folder / f"{module}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(made, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return made


def keras_shop(folder: Path) -> tuple[str, ...]:
    """A folder of wheels named as the real ones, and uv's options to use it and nothing else."""
    for version in ("3.0.5", "3.1.0", "3.2.0", "3.3.0", "3.4.0"):
        wheel(folder, "keras", version, requires=["numpy"])
    wheel(folder, "keras", "2.15.0", requires=["numpy<2"])
    wheel(folder, "tensorflow-cpu", "2.15.1", requires=["keras<2.16,>=2.15", "numpy<2"])
    wheel(folder, "tensorflow-cpu", "2.16.2", requires=["keras>=3.0", "numpy<2"])
    wheel(folder, "tensorflow-cpu", "2.18.1", requires=["keras>=3.2", "numpy"])
    wheel(folder, "tensorflow", "2.18.1", requires=["keras>=3.2", "numpy"])
    wheel(folder, "tf-keras", "2.18.0", requires=["tensorflow<2.19,>=2.18"])
    wheel(folder, "torch", "2.9.0", requires=["nvidia-cudnn-cu12"])
    wheel(folder, "nvidia-cudnn-cu12", "9.1")
    wheel(folder, "numpy", "1.26.4")
    wheel(folder, "numpy", "2.0.2")
    wheel(folder, "attrs", "25.1.0")
    return ("--no-index", "--find-links", str(folder))
