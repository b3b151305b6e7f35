from __future__ import annotations

from packaging.requirements import Requirement

from core.environments.processor import accelerators, on_cpu


def test_an_accelerators_distributions_are_told_from_the_others() -> None:
    names = ["nvidia-cublas-cu12", "triton", "keras", "jax-cuda12-plugin", "torch", "cuda-toolkit"]
    assert ["cuda-toolkit", "jax-cuda12-plugin", "nvidia-cublas-cu12", "triton"] == accelerators(
        names
    )


def test_a_requirement_for_the_processor_is_left_as_it_is() -> None:
    lines, notes = on_cpu({"jax": Requirement("jax[k8s]>=0.4,<0.5 ; python_version > '3.9'")})
    assert {"jax": 'jax[k8s]<0.5,>=0.4 ; python_version > "3.9"'} == lines
    assert [] == notes


def test_tensorflow_asked_for_twice_is_there_once() -> None:
    wanted = {
        "tensorflow-cpu": Requirement("tensorflow-cpu==2.18.1"),
        "tensorflow": Requirement("tensorflow==2.18.1"),
    }
    lines, _ = on_cpu(wanted)
    assert {"tensorflow-cpu": "tensorflow-cpu==2.18.1"} == lines
