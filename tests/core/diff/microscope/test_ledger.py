"""The ledger of precision leaks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.diff.microscope.ledger import CAUSES, FILE, Ledger, leaks_from, read_ledger
from core.errors import GoldenError
from tests.conftest import REPOSITORY
from tools.measure_leaks.probes import PROBES

MEASURED = {
    "torch": {
        "Dense": {"output": 8e-7, "gradient": 1.5e-7},
        "Conv2D": {"output": 5e-16, "gradient": 1.1e-7},
        "LeakyReLU": {"output": 0.0, "gradient": 9e-7},
    },
    "jax": {"Dense": {"output": 2e-15, "gradient": 3e-16}, "tanh": {"output": 1e-7}},
}


def test_a_leak_is_what_is_off_by_more_than_rounding() -> None:
    found = {leak.id: (leak.size, leak.part) for leak in leaks_from(MEASURED)}
    assert (8e-7, "output") == found["torch/Dense"]
    assert (1e-7, "output") == found["jax/tanh"]
    assert "jax/Dense" not in found


def test_a_gradient_that_only_passes_through_a_leaking_layer_is_no_leak() -> None:
    found = {leak.id for leak in leaks_from(MEASURED)}
    assert "torch/Conv2D" not in found
    assert "torch/LeakyReLU" in found


def test_leaks_are_looked_up_by_backend_and_kind_the_largest_first() -> None:
    ledger = Ledger(leaks_from(MEASURED))
    found = ledger.leaks_of(("jax", "torch"), ("tanh", "Dense", "relu"))
    assert ["torch/Dense", "jax/tanh"] == [leak.id for leak in found]
    assert () == ledger.leaks_of(("tensorflow", "jax"), ("Dense",))


def test_a_meaning_counts_between_two_backends_only() -> None:
    ledger = Ledger()
    assert ["jax/LeakyReLU"] == [m.id for m in ledger.meanings_of(("jax", "torch"), ("LeakyReLU",))]
    assert () == ledger.meanings_of(("jax", "jax"), ("LeakyReLU",))
    assert () == ledger.meanings_of(("tensorflow", "torch"), ("LeakyReLU",))


def test_a_folder_without_the_file_has_no_leaks(tmp_path: Path) -> None:
    assert () == read_ledger(tmp_path).leaks


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"measured": 3}', '{"measured": {"jax": [1]}}'])
def test_a_damaged_file_says_how_to_write_it_again(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(GoldenError) as caught:
        read_ledger(tmp_path)
    assert "write it again" == caught.value.remedy


def test_every_measured_leak_has_a_cause_and_goes_with_it() -> None:
    """In the committed file each leak is explained, and gone where its cause was replaced."""
    golden = REPOSITORY / "golden"
    document = json.loads((golden / FILE).read_text())
    leaks = read_ledger(golden).leaks
    assert {(leak.backend, leak.kind) for leak in leaks} == set(CAUSES)
    assert [leak.id for leak in leaks] == [entry["id"] for entry in document["leaks"]]
    assert all(entry["mended"] < 1e-11 < entry["size"] for entry in document["leaks"])
    assert () == leaks_from(document["mended"])


def test_every_probe_was_measured_on_every_backend() -> None:
    document = json.loads((REPOSITORY / "golden" / FILE).read_text())
    kinds = [probe.kind for probe in PROBES]
    assert {"tensorflow", "jax", "torch"} == set(document["measured"])
    for measured in (*document["measured"].values(), *document["mended"].values()):
        assert kinds == list(measured)
