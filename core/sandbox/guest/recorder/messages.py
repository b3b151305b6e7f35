"""Warnings of Python and of the frameworks' loggers, each once per line of the document."""

from __future__ import annotations

import logging
import warnings
from typing import TextIO

from .. import events
from ..dynamic import Function, replace
from .channel import Channel
from .ledger import Ledger
from .places import Places

_MANY = 500
_LONGEST = 2000


class Messages:
    """Records warnings; they are still printed."""

    def __init__(self, channel: Channel, places: Places, ledger: Ledger) -> None:
        self._channel = channel
        self._places = places
        self._ledger = ledger
        self._known: set[tuple[str, str, int | None]] = set()

    def install(self) -> None:
        """Listens to the `warnings` module and to every logger, and adds no handler to any."""
        warnings.simplefilter("default")
        for unwanted in (ResourceWarning, ImportWarning):
            warnings.simplefilter("ignore", unwanted)
        shown = warnings.showwarning

        def show(
            message: Warning | str,
            category: type[Warning],
            filename: str,
            lineno: int,
            file: TextIO | None = None,
            line: str | None = None,
        ) -> None:
            quiet = issubclass(category, DeprecationWarning | PendingDeprecationWarning)
            self._note(category.__name__, str(message), quiet)
            if not quiet:
                shown(message, category, filename, lineno, file, line)

        vars(warnings)["showwarning"] = show
        replace(logging.Logger, "callHandlers", self._logging)

    def _logging(self, handle: Function) -> object:
        def call_handlers(logger: logging.Logger, record: logging.LogRecord) -> None:
            if record.levelno >= logging.WARNING:
                try:
                    text = record.getMessage()
                except (TypeError, ValueError):
                    text = str(record.msg)
                self._note(f"{record.name}.{record.levelname.lower()}", text, quiet=False)
            handle(logger, record)

        return call_handlers

    def _note(self, category: str, text: str, quiet: bool) -> None:
        """Sends one message; a quiet one only where the document caused it."""
        place = self._places.here(2)
        text = self._places.readable(text)[:_LONGEST]
        key = (category, text, place.line if place else None)
        if key in self._known or len(self._known) >= _MANY or (quiet and place is None):
            return
        self._known.add(key)
        self._channel.send(events.Warned(self._ledger.cell, key[2], category, text))
