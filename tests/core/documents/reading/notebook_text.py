"""Notebooks as JSON, the way Jupyter writes them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

Node = dict[str, object]


def rows(text: str) -> list[str]:
    """Text as notebooks keep it: its rows with their line ends."""
    return text.splitlines(keepends=True)


def words(text: str) -> Node:
    """A Markdown cell."""
    return {"cell_type": "markdown", "metadata": {}, "source": rows(text)}


def code(text: str, *outputs: Node, tags: tuple[str, ...] = ()) -> Node:
    """A code cell."""
    metadata: Node = {"tags": list(tags)} if tags else {}
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": metadata,
        "outputs": list(outputs),
        "source": rows(text),
    }


def printed(text: str, name: str = "stdout") -> Node:
    """A stream."""
    return {"output_type": "stream", "name": name, "text": rows(text)}


def shown(data: Mapping[str, str]) -> Node:
    """A display of some data."""
    return {"output_type": "display_data", "metadata": {}, "data": dict(data)}


def result(text: str) -> Node:
    """The value of the last expression."""
    data = {"text/plain": rows(text)}
    return {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": data}


def raised(name: str, value: str) -> Node:
    """A traceback."""
    return {"output_type": "error", "ename": name, "evalue": value, "traceback": [name]}


def kernel(language: str) -> Node:
    """Metadata of a notebook in a language."""
    spec = {"name": language, "language": language, "display_name": language}
    return {"kernelspec": spec}


def written(folder: Path, *cells: Node, metadata: Node | None = None) -> Path:
    """The file of a notebook with some cells."""
    path = folder / "course.ipynb"
    notebook = {"cells": cells, "metadata": metadata or {}, "nbformat": 4, "nbformat_minor": 4}
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False), encoding="utf-8")
    return path
