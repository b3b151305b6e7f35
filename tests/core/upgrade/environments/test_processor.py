from __future__ import annotations

from packaging.requirements import Requirement

from core.upgrade.environments.processor import accelerators, on_cpu


def test_an_accelerators_distributions_are_told_from_the_others() -> None:
    names = ["nvidia-cublas-cu12", "triton", "keras", "jax-cuda12-plugin", "torch", "cuda-toolkit"]
    assert ["cuda-toolkit", "jax-cuda12-plugin", "nvidia-cublas-cu12", "triton"] == accelerators(
        names
    )


def test_a_requirement_for_the_processor_is_left_as_it_is() -> None:
    lines, notes = on_cpu({"keras": Requirement("keras[x]>=3,<4 ; python_version > '3.9'")})
    assert {"keras": 'keras[x]<4,>=3 ; python_version > "3.9"'} == lines
    assert [] == notes


def test_jax_brings_its_library_along_unless_that_is_asked_for_itself() -> None:
    alone = {"jax": Requirement("jax==0.4.26")}
    assert {"jax": "jax[cpu]==0.4.26"} == on_cpu(alone)[0]
    with_library = alone | {"jaxlib": Requirement("jaxlib==0.4.25")}
    assert "jax==0.4.26" == on_cpu(with_library)[0]["jax"]


def test_tensorflow_asked_for_twice_is_there_once() -> None:
    wanted = {
        "tensorflow-cpu": Requirement("tensorflow-cpu==2.18.1"),
        "tensorflow": Requirement("tensorflow==2.18.1"),
    }
    lines, _ = on_cpu(wanted)
    assert {"tensorflow-cpu": "tensorflow-cpu==2.18.1"} == lines


def test_somebodys_own_build_is_asked_for_and_hardwares_is_not() -> None:
    wanted = {
        "keras": Requirement("keras==3.12.4+patched"),
        "torch": Requirement("torch==2.6+cu124"),
    }
    lines, notes = on_cpu(wanted)
    assert {"keras": "keras==3.12.4+patched", "torch": "torch==2.6"} == lines
    assert ["CPU only: torch==2.6+cu124 without its accelerator's build"] == notes
