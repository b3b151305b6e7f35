"""`parity plugin`: where the pytest plugin lies."""

from __future__ import annotations

from pathlib import Path

import click
import loop_parity

from tools.cli.main import OK
from tools.cli.verbs import verb


@verb("plugin")
def command() -> int:
    """Print the folder of the pytest plugin, to be put on PYTHONPATH.

    In a project that has pytest and not this package:
    PYTHONPATH="$(parity plugin)" python -m pytest -p pytest_parity --parity docs/
    """
    click.echo(str(Path(loop_parity.__file__).parent / "plugin"))
    return OK
