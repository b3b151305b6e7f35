"""What a result says of the machine that made it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.run.backends.emulation import emulated
from core.run.machine import document_environment, machine, processor, processor_of, vectors

CPUINFO = """\
processor\t: 0
model name\t: A quick one
flags\t\t: fpu {flags} sse4_2

processor\t: 1
model name\t: Another
flags\t\t: fpu
"""


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    """Nothing is remembered of the real machine, nor of the test's."""
    for told in (processor, vectors):
        told.cache_clear()
    yield
    for told in (processor, vectors):
        told.cache_clear()


@pytest.mark.parametrize(
    ("flags", "widest"),
    [("avx avx2 avx512f", "AVX-512"), ("avx2 avx", "AVX2"), ("avx", "AVX"), ("", "SSE4.2")],
)
def test_the_first_processor_s_name_and_its_widest_vectors(
    monkeypatch: pytest.MonkeyPatch, flags: str, widest: str
) -> None:
    text = CPUINFO.format(flags=flags)
    monkeypatch.setattr(Path, "read_text", lambda path, **kwargs: text)  # noqa: ARG005
    assert ("A quick one", widest) == (processor(), vectors())


def test_a_platform_without_such_a_list_still_names_its_processor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(path: Path, **kwargs: str) -> str:
        raise FileNotFoundError(path, kwargs)

    monkeypatch.setattr(Path, "read_text", missing)
    assert processor()
    assert "" == vectors()


def test_an_emulated_process_names_the_emulated_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    command = emulated("Haswell", [])
    monkeypatch.setenv(*command[command.index("-E") + 1].split("=", 1))
    assert "emulated Haswell" == processor() == machine()["cpu"]
    assert vectors() in ("AVX-512", "AVX2", "AVX", "SSE4.2")  # of what NumPy finds, here this one's


def test_who_lets_others_be_emulated_names_their_processor() -> None:
    assert "emulated EPYC" == machine("EPYC")["cpu"] == document_environment("EPYC")["cpu"]
    assert "emulated" not in machine()["cpu"]


def test_an_environment_without_vectors_names_the_processor_alone() -> None:
    assert "A" == processor_of({"cpu": "A"})
    assert "A, AVX2" == processor_of({"cpu": "A", "vectors": "AVX2", "keras": "3"})
    assert "" == processor_of({"keras": "3"})
