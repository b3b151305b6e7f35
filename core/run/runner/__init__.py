"""The repository's only training loop: it knows no guide and no backend."""

from core.run.runner.options import RunOptions
from core.run.runner.runner import Runner
from core.run.runner.session import Session

__all__ = ["RunOptions", "Runner", "Session"]
