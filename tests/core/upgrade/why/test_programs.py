"""The programs in this environment's own Keras: one process for every question."""

import json
import sys
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import h5py
import pytest

from core.run.backends.registry import installed
from core.sandbox.guest.programs.configs import (
    flat_references,
    keys,
    listed_references,
    read_config,
    without,
    write_config,
)
from core.sandbox.guest.programs.offending import named
from core.upgrade.why.artifacts.exchange import passages_of
from core.upgrade.why.asking import Fields, Inside
from core.upgrade.why.meanings.changes import meanings, unexplained

BACKEND = next(iter(installed()), "")
pytestmark = pytest.mark.skipif(not BACKEND, reason="no backend is installed: make setup")


def _with_an_odd_key(path: Path, target: Path) -> None:
    """A copy whose first layer has a key that no Keras knows."""
    config = read_config(path)
    layers = config["config"]
    assert isinstance(layers, dict)
    layers["layers"][1]["config"]["quantum"] = 3
    write_config(path, target, config)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Fields]:
    folder = tmp_path_factory.mktemp("written")
    place = Inside(Path(sys.executable), BACKEND, "", "here", seconds=500)
    found = place.ask(
        [
            {"do": "write", "folder": str(folder)},
            {"do": "meanings"},
            {"do": "surface"},
            {"do": "read", "folder": str(folder)},
        ]
    )
    odd = folder / "odd.keras"
    _with_an_odd_key(folder / "generator.keras", odd)
    asked = {"do": "apart", "path": str(odd), "predictions": str(folder / "generator.npz")}
    return [*found, *place.ask([asked])]


def test_every_probe_agrees_with_its_reference_in_numpy(answers: Sequence[Fields]) -> None:
    found = meanings(answers[1])
    assert len(found) > 150
    assert [] == unexplained(found)
    assert [] == [meaning for meaning in found.values() if meaning.setting == "error"]


def test_what_is_written_here_is_read_here(answers: Sequence[Fields]) -> None:
    passages = list(passages_of("here", "here", answers[0], answers[3]))
    assert 15 == len(passages)
    assert [] == [passage for passage in passages if not passage.works]


def test_a_key_that_this_keras_does_not_know_is_found(answers: Sequence[Fields]) -> None:
    odd = answers[4]
    assert "quantum" in str(odd["error"])
    assert ["Dense.quantum"] == odd["keys"]
    difference = odd["difference"]
    assert isinstance(difference, float)
    assert difference < 1e-6


def test_names_are_told(answers: Sequence[Fields]) -> None:
    seen = answers[2]["classifier"]
    assert isinstance(seen, Mapping)
    assert "dense_1: Dense" in seen["layers"]
    assert 6 == len(seen["weights"])
    assert any("dense_1" in line for line in seen["summary"])
    slots = answers[2]["Adam"]
    assert isinstance(slots, Mapping)
    assert any("momentum" in name or "/m/" in name for name in slots["variables"])


def test_a_configuration_is_written_without_a_key_of_one_class(tmp_path: Path) -> None:
    config = {
        "class_name": "Sequential",
        "config": {
            "layers": [
                {"class_name": "Dense", "config": {"units": 1, "odd": 2}},
                {"class_name": "Other", "config": {"odd": 3}},
            ]
        },
    }
    path = tmp_path / "a.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", json.dumps(config))
        archive.writestr("model.weights.h5", b"weights")
    assert ("Dense", "odd") in set(keys(config))
    less = without(config, "Dense", "odd")
    assert isinstance(less, dict)
    write_config(path, tmp_path / "b.keras", less)
    again = json.dumps(read_config(tmp_path / "b.keras"))
    assert '{"units": 1}' in again
    assert '{"odd": 3}' in again
    with zipfile.ZipFile(tmp_path / "b.keras") as archive:
        assert b"weights" == archive.read("model.weights.h5")


def test_a_single_input_gets_the_list_that_every_keras_reads() -> None:
    config: dict[str, dict[str, object]] = {
        "config": {
            "layers": [{"class_name": "Dense", "config": {"name": "x"}}],
            "input_layers": ["digits", 0, 0],
            "output_layers": [["a", 0, 0], ["b", 0, 0]],
        },
    }
    assert [("model", "input_layers")] == list(flat_references(config))
    listed = listed_references(config)
    assert [] == list(flat_references(listed))
    assert isinstance(listed, dict)
    assert [["digits", 0, 0]] == listed["config"]["input_layers"]
    assert config["config"]["output_layers"] == listed["config"]["output_layers"]


def test_what_an_h5_file_says_of_training_is_part_of_its_configuration(tmp_path: Path) -> None:
    training = {"loss": {"class_name": "SparseCategoricalCrossentropy", "config": {"fn": "f"}}}
    path = tmp_path / "a.h5"
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps({"class_name": "Functional", "config": {}})
        file.attrs["training_config"] = json.dumps(training)
    config = read_config(path)
    message = (
        "<class 'keras.src.losses.losses.SparseCategoricalCrossentropy'> could not be deserialized "
        "properly. Exception encountered: SparseCategoricalCrossentropy.__init__() got an "
        "unexpected keyword argument 'fn'"
    )
    (pair,) = named(message, config)
    assert ("SparseCategoricalCrossentropy", "fn") == pair
    less = without(config, *pair)
    assert isinstance(less, dict)
    write_config(path, tmp_path / "b.h5", less)
    assert less == read_config(tmp_path / "b.h5")
    with h5py.File(tmp_path / "b.h5") as file:
        assert {"model_config", "training_config"} == set(file.attrs)


@pytest.mark.parametrize(
    ("message", "pairs"),
    [
        (
            "Error when deserializing class 'InputLayer' using config={'name': 'digits'}. "
            "Unrecognized keyword arguments: ['batch_shape']",
            [("InputLayer", "batch_shape")],
        ),
        (
            "Unrecognized keyword arguments passed to Dense: {'quantization_config': None}",
            [("Dense", "quantization_config")],
        ),
        ("Dense.__init__() got an unexpected keyword argument 'name'", [("Dense", "name")]),
        (
            "Could not deserialize class 'Functional' because its parent module "
            "keras.src.models.functional cannot be imported. Full object config: {'name': 'x'}",
            [("Functional", "module")],
        ),
        ("Unrecognized keyword arguments: ['nowhere']", []),
        ("Layer 'loss' expected 2 variables, but received 0", []),
    ],
)
def test_a_message_names_the_keys_it_complains_of(
    message: str, pairs: list[tuple[str, str]]
) -> None:
    config: dict[str, object] = {
        "module": "keras.src.models.functional",
        "class_name": "Functional",
        "config": {
            "name": "x",
            "layers": [
                {"class_name": "InputLayer", "config": {"batch_shape": [None, 3], "name": "a"}},
                {"class_name": "Dense", "config": {"quantization_config": None, "name": "b"}},
            ],
        },
    }
    assert pairs == named(message, config)
