"""The repository's only training loop: it knows no guide and no backend."""

from core.runner.options import RunOptions
from core.runner.runner import Runner
from core.runner.session import Session

__all__ = ["RunOptions", "Runner", "Session"]
