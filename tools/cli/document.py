"""The JSON documents of the command line's contract."""

from __future__ import annotations

import json
from collections.abc import Mapping

import click

from core.errors import ParityError
from core.run.machine import document_environment, version
from core.trace import Trace
from core.trace.encoding import Json, plain, public_trace

FORMAT = 1


def emit(verb: str | None, fields: Mapping[str, Json], emulating: str = "") -> None:
    """Prints one JSON document with the fields that every document has.

    Args:
        verb: the verb that answers; None where it is not known.
        fields: the verb's own fields.
        emulating: the processor that its runs were emulated on; empty for the machine's own.
    """
    head: dict[str, Json] = {
        "format": FORMAT,
        "verb": verb,
        "version": version(),
        "environment": plain(document_environment(emulating)),
    }
    click.echo(json.dumps({**head, **fields}, ensure_ascii=False))


def error_fields(error: ParityError) -> dict[str, Json]:
    """The `error` of a document: a wrong use, or that nothing ran or was judged."""
    return {
        "what": error.what,
        "where": error.where,
        "expected": error.expected,
        "remedy": error.remedy,
    }


def run_fields(trace: Trace) -> dict[str, Json]:
    """The fields of one run."""
    return {
        "scenario": trace.scenario,
        "backend": trace.backend,
        "seed": trace.seed,
        "data": {"name": trace.data_name, "sha256": trace.data_sha256},
        "trace": public_trace(trace),
    }
