"""What the tool finds in real releases; see docs/upgrades-measured.md.

Left out of a plain `pytest`, for they make environments: run `pytest -m environments`.
"""

from __future__ import annotations

import json

import pytest

from tests.tools.parity import parity

pytestmark = pytest.mark.environments

TENSORFLOW = "tensorflow-cpu==2.16.2"
SHORT = ("--steps", "40", "--json")


def test_keras_3_7_rounds_the_bias_otherwise() -> None:
    good, bad = f"keras==3.5.0 {TENSORFLOW}", f"keras==3.8.0 {TENSORFLOW}"
    called = parity("bisect", "--good", good, "--bad", bad, "keras_io_tf/first_loop", *SHORT)
    found = json.loads(called.out)
    assert ("keras", "3.7.0", "3.6.0") == (
        found["package"],
        found["first_changed"],
        found["last_same"],
    )
    assert "rounding" == found["verdict"]


def test_an_environment_is_identical_to_itself() -> None:
    spec = f"keras==3.5.0 {TENSORFLOW}"
    arguments = ("--baseline", spec, "--candidate", spec, "multi_backend", *SHORT)
    called = parity("upgrade", *arguments)
    results = json.loads(called.out)["results"]
    assert {"identical"} == {result["verdict"] for result in results}
    assert 0 == called.code


def test_legacy_keras_learns_the_same_up_to_rounding() -> None:
    arguments = (
        "--baseline",
        "tensorflow-cpu==2.15.1",
        "--candidate",
        f"keras==3.5.0 {TENSORFLOW}",
    )
    called = parity("upgrade", *arguments, "multi_backend/first_loop", *SHORT)
    (result,) = json.loads(called.out)["results"]
    assert "rounding" == result["verdict"]


def test_keras_3_9_1_breaks_with_an_older_jax() -> None:
    ends = [f"keras=={version} jax==0.4.20 numpy<2 packaging" for version in ("3.4.1", "3.11.3")]
    called = parity("bisect", "--good", ends[0], "--bad", ends[1], "multi_backend/first_loop")
    assert "keras 3.9.1 is the first release" in called.out.splitlines()[0]
    assert "is broken" in called.out.splitlines()[0]
    assert "splash_attention" in called.out
