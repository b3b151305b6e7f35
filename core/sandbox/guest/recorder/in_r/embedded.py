"""The recorder inside the Python of reticulate, where R runs the document."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from .. import guards
from ..channel import Channel
from ..request import ExecutionRequest
from .places import Ask
from .session import Session


class Embedded(Session):
    """A session whose Python the document itself uses."""

    def take(self, fields: Sequence[str], values: Sequence[object] = ()) -> None:
        """As any session does; Python's own streams and guards are in place once it begins."""
        super().take(fields, values)
        if fields[0] == "begin":
            self.recorder.messages.install()
            request = self.recorder.request
            guards.install(network=request.guard_network, writable=request.guard_writes)
            sys.stdout, sys.stderr = self.outputs["stdout"], self.outputs["stderr"]


def opened(request_file: str, events: int, ask: Ask) -> Embedded:
    """The session of this process.

    Args:
        request_file: the request.
        events: descriptor of the event channel.
        ask: an R function that gives cell and row of the line that is running.
    """
    request = ExecutionRequest.loads(Path(request_file).read_text(encoding="utf-8"))
    sys.argv = [request.name]
    sys.path.insert(0, "")
    return Embedded(request, Channel(events), ask)
