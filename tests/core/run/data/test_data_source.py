from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from core.errors import DataError
from core.run.data import ImageData, load_data
from core.run.data.cache import load_or_generate
from core.run.data.digits import SHA256
from core.run.data.images import UInt8Array, sha256_of
from tests.core.run.data.conftest import save

FRAMEWORKS = ("keras", "tensorflow", "jax", "torch", "sklearn", "scipy")


@pytest.fixture
def keras_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keras's own folder, empty."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    return tmp_path / "keras"


def refusal(source: str) -> DataError:
    with pytest.raises(DataError) as caught:
        load_data(source)
    return caught.value


def run(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )


def test_importing_and_reading_cached_digits_imports_no_framework(
    digits: ImageData,
) -> None:
    load_or_generate("digits", SHA256, lambda: digits)
    program = (
        "import sys; from core.run.data import load_data; sha256 = load_data('digits').sha256;"
        f"print(sha256, [name for name in {FRAMEWORKS} if name in sys.modules])"
    )

    assert f"{SHA256} []" == run(program).stdout.strip()


def test_digits_are_loaded_once_per_process(digits: ImageData) -> None:
    load_or_generate("digits", SHA256, lambda: digits)
    first = load_data("digits")

    assert digits == first
    assert first is load_data("digits")


def test_path_is_loaded_under_its_file_name(npz: Path) -> None:
    assert load_data(str(npz)).name == "own.npz"


def test_path_may_begin_with_the_home_folder(npz: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(npz.parent))

    assert load_data("~/own.npz") == load_data(str(npz))


def test_file_changed_between_two_loads_is_read_again(
    npz: Path, layout: dict[str, UInt8Array]
) -> None:
    before = load_data(str(npz))
    save(npz, {**layout, "y_test": layout["y_test"][::-1]})

    assert before != load_data(str(npz))


def test_existing_file_needs_no_suffix(npz: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(npz.parent)
    npz.rename("own")

    assert load_data("own").name == "own"


@pytest.mark.parametrize("source", ["none.npz", "data/none", "~nobody-of-that-name/none.npz"])
def test_missing_path_is_refused_as_a_path(source: str) -> None:
    error = refusal(source)

    assert (source, "there is no such file") == (error.where, error.what)


@pytest.mark.parametrize("source", ["fashion", "MNIST", ""])
def test_unknown_word_is_refused_with_the_known_ones(source: str) -> None:
    error = refusal(source)

    assert error.what == f"unknown data set {source!r}"
    assert error.where == "--data"
    assert error.expected == "digits, mnist, or PATH.npz"


def test_mnist_is_read_from_the_file_that_keras_keeps(
    keras_folder: Path, npz: Path, layout: dict[str, UInt8Array]
) -> None:
    (keras_folder / "datasets").mkdir(parents=True)
    npz.rename(keras_folder / "datasets" / "mnist.npz")
    data = load_data("mnist")

    assert data.name == "mnist"
    assert sha256_of(layout.values()) == data.sha256


def test_mnist_is_read_from_the_home_folder_by_default(
    npz: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KERAS_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".keras" / "datasets").mkdir(parents=True)
    npz.rename(tmp_path / ".keras" / "datasets" / "mnist.npz")

    assert load_data("mnist").name == "mnist"


def test_damaged_mnist_is_refused_with_its_path_and_a_way_out(keras_folder: Path) -> None:
    path = keras_folder / "datasets" / "mnist.npz"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"PK half a download")
    error = refusal("mnist")

    assert str(path) == error.where
    assert error.what.startswith("the archive is truncated or damaged")
    assert "delete this file" in error.remedy
    assert "pass a path to an npz, or use --data digits" in error.remedy


@pytest.mark.usefixtures("keras_folder")
def test_mnist_without_keras_is_refused_with_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keras", None)
    error = refusal("mnist")

    assert error.what.startswith("Keras cannot be imported, so MNIST cannot be downloaded")
    assert "install Keras with a backend" in error.remedy
    assert "pass a path to an npz, or use --data digits" in error.remedy


@pytest.mark.skipif(
    find_spec("keras") is None, reason="Keras is not installed; get it with: make setup"
)
@pytest.mark.usefixtures("keras_folder")
def test_failed_download_of_mnist_is_refused_with_a_way_out_and_nothing_on_stdout() -> None:
    program = """
import sys
from core.run.data import load_data
from core.errors import DataError
try:
    load_data("mnist")
except DataError as error:
    sys.stdout.write(f"refused|{error.what}|{error.remedy}")
"""
    closed = "http://127.0.0.1:9"  # the discard port: refuses connections
    proxies = {"https_proxy": closed, "HTTPS_PROXY": closed, "no_proxy": "", "NO_PROXY": ""}
    done = run(program, KERAS_BACKEND="numpy", **proxies)
    refused, what, remedy = done.stdout.split("|")

    assert refused == "refused"
    assert what.startswith("Keras could not download MNIST (")
    assert remedy == "try again with a connection; pass a path to an npz, or use --data digits"
