"""Quiet changes planted in Keras: each is found, and by its name."""

import importlib.util
import os
import stat
import sys
from pathlib import Path

import pytest

from core.run.backends.registry import installed
from core.upgrade.why.api import api_changes
from core.upgrade.why.asking import Inside
from core.upgrade.why.explaining import SEEN
from core.upgrade.why.meanings.changes import Changed, changes
from core.upgrade.why.source import Source
from core.upgrade.why.usage import usage_of
from tests.core.upgrade.why.planted import PLANTS, overlay

CODE = """
import keras
from keras import layers
layers.LeakyReLU()
keras.optimizers.Adam()
keras.losses.BinaryCrossentropy()
keras.Sequential([])
"""
BACKEND = next(iter(installed()), "")
pytestmark = [
    pytest.mark.skipif(not BACKEND, reason="no backend is installed: make setup"),
    pytest.mark.skipif(os.name == "nt", reason="links files and starts a shell script, as POSIX"),
]


@pytest.fixture(scope="module")
def keras() -> Path:
    found = importlib.util.find_spec("keras")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent


@pytest.fixture(scope="module")
def planted(keras: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return overlay(tmp_path_factory.mktemp("planted") / "over", keras, PLANTS)


def _python_over(planted: Path) -> Path:
    """An interpreter like this one, which finds the planted Keras first."""
    script = planted.parent / "python"
    script.write_text(
        f'#!/bin/sh\nPYTHONPATH="{planted}:$PYTHONPATH" exec "{sys.executable}" "$@"\n'
    )
    script.chmod(script.stat().st_mode | stat.S_IEXEC)
    return script


@pytest.fixture(scope="module")
def found(planted: Path) -> list[Changed]:
    question = SEEN[0]
    (before,) = Inside(Path(sys.executable), BACKEND, "", "plain", seconds=500).ask([question])
    (after,) = Inside(_python_over(planted), BACKEND, "", "planted", seconds=500).ask([question])
    return [change for change in changes(before, after) if not change.stream]


@pytest.mark.parametrize(
    ("probe", "setting", "after"),
    [
        ("leaky-relu-slope", "LeakyReLU()", "slope 0.2"),
        ("optimizer-defaults", "Adam()", "β₂ 0.99"),
        ("loss-reduction", "BinaryCrossentropy", "the sum over the batch"),
        ("training-flag", "Sequential, training=True", "inference"),
        ("defaults", "layers.LeakyReLU.negative_slope", "0.2"),
        ("defaults", "optimizers.Adam.beta_2", "0.99"),
        ("defaults", "losses.BinaryCrossentropy.reduction", "sum"),
    ],
)
def test_a_planted_meaning_is_read(
    found: list[Changed], probe: str, setting: str, after: str
) -> None:
    assert [after] == [c.after for c in found if (c.probe, c.setting) == (probe, setting)]


def test_nothing_that_was_not_planted_is_found(found: list[Changed]) -> None:
    expected = {
        ("leaky-relu-slope", "LeakyReLU()"),
        ("optimizer-defaults", "Adam()"),
        ("training-flag", "Sequential, training=True"),
        ("defaults", "layers.LeakyReLU.negative_slope"),
        ("defaults", "optimizers.Adam.beta_2"),
        ("defaults", "losses.BinaryCrossentropy.reduction"),
    }
    probes = {"loss-reduction", "sigmoid-from-logits"}
    more = {(c.probe, c.setting) for c in found if c.probe not in probes}
    assert expected == more


def test_planted_defaults_are_read_from_the_source(keras: Path, planted: Path) -> None:
    changed = api_changes(Source(keras.parent), Source(planted), usage_of([CODE]))
    assert [
        "keras.layers.LeakyReLU: negative_slope=0.3 becomes negative_slope=0.2",
        "keras.losses.BinaryCrossentropy: reduction='sum_over_batch_size' becomes reduction='sum'",
        "keras.optimizers.Adam: beta_2=0.999 becomes beta_2=0.99",
    ] == sorted(change.words for change in changed)
