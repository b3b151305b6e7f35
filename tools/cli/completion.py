"""Completion on the Tab key: scenarios, dialects, and so on. No framework is imported."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from core.errors import ParityError
from core.spec import BACKENDS


def _starting(words: Iterable[str], incomplete: str) -> list[CompletionItem[str]]:
    return [CompletionItem(word) for word in words if word.startswith(incomplete)]


def _ids(ctx: click.Context) -> list[str]:
    """Every scenario and guide, those of `--scenarios` folders included."""
    from tools.cli import options

    given: tuple[Path, ...] = ctx.params.get("folders") or ()
    try:
        catalog = options.catalog(given)
    except ParityError:
        return []
    guides = [entry.guide.id for entry in catalog.guides]
    return [*guides, *(scenario.id for scenario in catalog.scenarios)]


def complete_ids(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    """Scenarios and guides that start as typed."""
    del param
    return _starting(_ids(ctx), incomplete)


def complete_ids_or_files(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    """Scenarios and guides, after `@` their dialects; where none starts as typed, files."""
    name, at, _ = incomplete.partition("@")
    if not at:
        found = complete_ids(ctx, param, incomplete)
    else:
        from core.dialects import DIALECTS

        found = _starting([f"{name}@{dialect}" for dialect in DIALECTS], incomplete)
    return found or [CompletionItem(incomplete, type="file")]


def complete_backends(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    """Backends that start as typed."""
    del ctx, param
    return _starting((*BACKENDS, "all"), incomplete)


def complete_processors(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    """Processors that can be emulated here and start as typed."""
    from core.run.backends.emulation import processors

    del ctx, param
    return _starting(processors(), incomplete)
