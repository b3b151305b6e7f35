from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import UsageError
from core.upgrade.environments.request import read_spec


def test_a_requirement_list_keeps_its_pins_and_gains_what_the_worker_needs() -> None:
    request = read_spec("keras==3.6.0 tensorflow-cpu==2.18.1")
    assert {
        "keras": "keras==3.6.0",
        "tensorflow-cpu": "tensorflow-cpu==2.18.1",
        "attrs": "attrs",
        "numpy": "numpy",
    } == request.requirements
    assert "tensorflow" == request.backend
    assert () == request.notes


def test_a_list_of_versions_and_extras_is_read() -> None:
    request = read_spec("'keras>=3.4,<4' jax[cpu]==0.4.30 numpy<2")
    assert "jax[cpu]==0.4.30" == request.requirements["jax"]
    assert "numpy<2" == request.requirements["numpy"]
    assert "jax" == request.backend


@pytest.mark.parametrize("spec", ["keras @ {} torch==2.6.0", "keras@{} torch==2.6.0"])
def test_a_wheel_is_asked_for_by_its_address(spec: str) -> None:
    address = "file:///wheels/keras-3.12.4-py3-none-any.whl"
    request = read_spec(spec.format(address))
    assert f"keras @ {address}" == request.requirements["keras"]
    assert "torch" == request.backend


def test_accelerator_builds_become_the_processors_and_the_head_says_so() -> None:
    request = read_spec("tensorflow[and-cuda]==2.18.1 keras==3.6.0 torch==2.6.0+cu124")
    assert "tensorflow-cpu==2.18.1" == request.requirements["tensorflow-cpu"]
    assert "tensorflow" not in request.requirements
    assert "torch==2.6.0" == request.requirements["torch"]
    assert any(note.startswith("CPU only") for note in request.notes)


@pytest.mark.parametrize(
    ("spec", "backend"),
    [
        ("keras==3.6.0 torch==2.13.0", "torch"),
        ("keras==3.6.0 torch jax", "jax"),
        ("keras tensorflow jax torch", "tensorflow"),
    ],
)
def test_the_first_framework_named_is_run(spec: str, backend: str) -> None:
    assert backend == read_spec(spec).backend


def test_the_framework_can_be_chosen() -> None:
    assert "torch" == read_spec("keras tensorflow torch", backend="torch").backend


def test_a_framework_that_the_spec_does_not_name_cannot_be_chosen() -> None:
    with pytest.raises(UsageError) as caught:
        read_spec("keras==3.6.0 tensorflow-cpu", backend="torch")
    assert "names no torch" in caught.value.what


def test_what_a_document_imports_is_run_where_the_spec_names_it() -> None:
    spec = "keras tensorflow torch"
    assert "torch" == read_spec(spec, prefer=("torch",)).backend
    assert "tensorflow" == read_spec(spec, prefer=("jax",)).backend


@pytest.mark.parametrize("spec", ["", "keras==3.6.0", "attrs numpy"])
def test_a_spec_without_framework_is_wrong_usage(spec: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_spec(spec)
    assert "names no framework" in caught.value.what


def test_a_word_that_is_no_requirement_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="no requirement"):
        read_spec("keras=3.6 tensorflow-cpu")


def test_a_files_name_without_the_sign_gets_a_hint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my-freeze.txt").write_text("keras==3.6.0\n")
    with pytest.raises(UsageError) as caught:
        read_spec("./my-freeze.txt")
    assert "@./my-freeze.txt" in caught.value.what


FREEZE = """\
# Python 3.12
absl-py==1.4.0
jax==0.4.33
jaxlib==0.4.33
jax-cuda12-plugin==0.4.33
keras==3.5.0
ml_dtypes==0.4.1
numpy==2.0.2
nvidia-cudnn-cu12==9.1.0
pandas==2.2.2
tensorflow==2.18.0
torch @ file:///build/torch-2.5.1+cu121.whl
my-own @ file:///content/my-own
"""


def test_a_freeze_is_reduced_and_the_rest_holds_where_it_is_needed(tmp_path: Path) -> None:
    path = tmp_path / "freeze.txt"
    path.write_text(FREEZE)
    request = read_spec(f"@{path}")
    assert {"tensorflow-cpu", "keras", "numpy", "attrs"} == set(request.requirements)
    assert "numpy==2.0.2" == request.requirements["numpy"]
    assert "ml_dtypes==0.4.1".replace("_", "-") == request.constraints["ml-dtypes"]
    assert "pandas==2.2.2" == request.constraints["pandas"]
    assert not [name for name in request.constraints if name.startswith(("nvidia", "jax"))]
    assert "3.12" == request.python
    text = " ".join(request.notes)
    assert "reduced to" in text
    assert "CPU only" in text


def test_words_after_a_file_override_its_pins(tmp_path: Path) -> None:
    path = tmp_path / "freeze.txt"
    path.write_text(FREEZE)
    request = read_spec(f"@{path} keras==3.15.1")
    assert "keras==3.15.1" == request.requirements["keras"]
    assert "keras" not in request.constraints


def test_a_file_is_reduced_to_what_a_document_imports(tmp_path: Path) -> None:
    path = tmp_path / "freeze.txt"
    path.write_text(FREEZE)
    request = read_spec(f"@{path}", imports=["keras", "pandas"])
    assert {"keras", "pandas", "tensorflow-cpu"} <= set(request.requirements)


def test_a_named_interpreter_is_no_package() -> None:
    request = read_spec("python==3.12 keras jax")
    assert "3.12" == request.python
    assert "python" not in request.requirements


def test_naming_tf_keras_asks_for_legacy_keras() -> None:
    assert "tf_keras" == read_spec("tf-keras==2.18.0 tensorflow-cpu==2.18.1").legacy
    assert "" == read_spec("keras==3.6.0 tensorflow-cpu").legacy
