"""The worker program under a limit of memory: what a rehearsal runs in another environment.

Run as `python -m core.run.worker.limited BYTES`; 0 limits nothing. The limit is set by the process
itself, before a framework is imported, so that a run that needs more fails in place of the machine.
"""

from __future__ import annotations

import sys


def limit_memory(most: int) -> bool:
    """Limits the memory this process may hold; false where the platform cannot."""
    try:
        import resource
    except ImportError:  # no such module on Windows
        return False
    # Of memory that is only reserved, frameworks take far more than they use: RLIMIT_DATA counts
    # what is private and may be written to.
    try:
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    except (OSError, ValueError):  # a smaller limit is in force already
        return False
    return True


def main() -> int:
    """Limits the memory, then answers jobs."""
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    if most:
        limit_memory(most)
    from core.run.worker.program import main as answer_jobs

    return answer_jobs()


if __name__ == "__main__":
    sys.exit(main())
