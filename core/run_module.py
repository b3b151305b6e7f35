"""Runs one of our modules as a program: `python -P core/run_module.py MODULE [ARGUMENT…]`.

The folder that holds `core` comes first on the path of this process and of no other. So our code is
found wherever it lies (a clone, or inside an installed package), and neither the folder somebody
stands in nor their PYTHONPATH, with a `tools` or a `core` of its own, comes before it.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path


def main() -> None:
    """Puts our code first on the path and runs the module with the arguments after its name."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    sys.argv[:] = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
