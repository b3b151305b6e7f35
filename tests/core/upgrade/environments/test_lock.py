from __future__ import annotations

from pathlib import Path

from core.upgrade.environments.lock import lock_of
from tests.core.upgrade.environments.wheels import wheel

TEXT = "# comment\nnumpy==2.0.2\nkeras==3.6.0\n    # via x\n--find-links /x\n"


def test_a_lock_holds_the_resolved_packages_sorted() -> None:
    lock = lock_of(TEXT, "3.11.7", "linux-x86_64")
    assert ("keras==3.6.0", "numpy==2.0.2") == lock.lines
    assert {"keras": "3.6.0", "numpy": "2.0.2"} == lock.versions


def test_interpreter_platform_and_every_version_are_part_of_the_digest() -> None:
    lock = lock_of(TEXT, "3.11.7", "linux-x86_64")
    others = [
        lock_of(TEXT, "3.12.1", "linux-x86_64"),
        lock_of(TEXT, "3.11.7", "macosx-arm64"),
        lock_of(TEXT.replace("2.0.2", "2.0.1"), "3.11.7", "linux-x86_64"),
    ]
    assert 4 == len({lock.digest, *(other.digest for other in others)})


def test_a_wheel_in_a_file_counts_with_its_bytes(tmp_path: Path) -> None:
    made = wheel(tmp_path, "keras", "3.6.0")
    before = lock_of(f"keras @ file://{made}\n", "3.11.7", "linux")
    assert {"keras": "3.6.0"} == before.versions
    digest = before.digest
    wheel(tmp_path, "keras", "3.6.0", modules={"patched.py": "x = 1\n"})
    after = lock_of(f"keras @ file://{made}\n", "3.11.7", "linux")
    assert digest != after.digest


def test_keras_2_is_legacy_and_keras_3_is_not() -> None:
    assert "keras" == lock_of("keras==2.15.0\n", "3.11.7", "linux").legacy
    assert "" == lock_of(TEXT, "3.11.7", "linux").legacy
