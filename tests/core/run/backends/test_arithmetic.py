"""How a process does its sums."""

from __future__ import annotations

import pytest

from core.run.backends.arithmetic import KERNELS, THREADS, Arithmetic
from core.run.backends.registry import process_environment
from core.spec import BACKENDS


@pytest.mark.parametrize("backend", BACKENDS)
def test_threads_are_pinned_unless_asked_otherwise(backend: str) -> None:
    assert str(THREADS[backend]) == process_environment(backend)["OMP_NUM_THREADS"]
    assert "1" == process_environment(backend, Arithmetic(threads=1))["TF_NUM_INTRAOP_THREADS"]


@pytest.mark.parametrize("backend", BACKENDS)
def test_varied_kernels_are_other_than_the_portable_ones(
    backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", "1")
    asked = process_environment(backend, Arithmetic(kernels="varied"))
    usual = process_environment(backend)
    for name, value in KERNELS["varied"][backend].items():
        assert (value, value) != (asked[name], usual.get(name))
    for name, value in KERNELS["portable"][backend].items():
        assert value == usual[name]


def test_default_kernels_leave_the_choice_to_the_framework(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TF_ENABLE_ONEDNN_OPTS", raising=False)
    asked = process_environment("tensorflow", Arithmetic(kernels="default"))
    assert "TF_ENABLE_ONEDNN_OPTS" not in asked
    assert "0" == process_environment("tensorflow")["TF_ENABLE_ONEDNN_OPTS"]


def test_a_processor_is_a_matter_of_the_command_alone() -> None:
    asked = Arithmetic(processor="EPYC")
    assert ["python", "-P"] == Arithmetic().command(["python", "-P"])
    command = asked.command(["python", "-P"])
    assert ["qemu-x86_64", "-cpu", "EPYC,check=off"] == command[:3]
    assert ["python", "-P"] == command[-2:]
    assert Arithmetic().variables("jax") == asked.variables("jax")
