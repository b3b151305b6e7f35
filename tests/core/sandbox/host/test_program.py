from __future__ import annotations

from pathlib import Path

import attrs
import pytest

from core.documents.program import program_of
from core.documents.reading.reader import read_document
from tests.core.sandbox.host.small_documents import program


@pytest.mark.parametrize(
    ("source", "frameworks", "backend"),
    [
        ("import numpy", (), "tensorflow"),
        ("import tensorflow as tf\nfrom tensorflow import keras", ("tensorflow", "keras"), None),
        ("import torch", ("torch",), "torch"),
        ("import jax.numpy as jnp\nimport keras", ("jax", "keras"), "jax"),
        (
            "import os\nos.environ['KERAS_BACKEND'] = 'jax'\nimport tensorflow as tf",
            ("tensorflow",),
            "jax",
        ),
        ("import os\nos.environ.setdefault('KERAS_BACKEND', 'torch')\nimport keras", None, "torch"),
        ("import tf_keras as keras", ("tf_keras",), "tensorflow"),
    ],
)
def test_frameworks_and_backend_of_the_code(
    source: str, frameworks: tuple[str, ...] | None, backend: str | None
) -> None:
    one = program(source)
    if frameworks is not None:
        assert frameworks == one.frameworks()
    assert (backend or "tensorflow") == one.chosen_backend()


def test_frameworks_of_a_module_beside_the_document(tmp_path: Path) -> None:
    (tmp_path / "training.py").write_text("import torch\n")
    assert ("torch",) == program("import training", folder=tmp_path).frameworks()


def test_what_is_asked_for_wins() -> None:
    one = attrs.evolve(program("import torch"), backend="jax", imports=("keras",))
    assert ("jax", ("keras",)) == (one.chosen_backend(), one.frameworks())


def test_a_document_that_was_read(tmp_path: Path) -> None:
    path = tmp_path / "guide.md"
    path.write_text(
        "# Title\n\n```python\nx = 1\nprint(x)\n```\n\nText.\n\n```python\ny = 2\n```\n"
    )
    one = program_of(read_document(path))
    assert ["x = 1\nprint(x)", "y = 2"] == [cell.source for cell in one.cells]
    assert [(4, 5), (11,)] == [cell.lines for cell in one.cells]
    assert ("guide.md", tmp_path, False) == (one.name, one.folder, one.script)
