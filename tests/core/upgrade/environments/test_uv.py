from __future__ import annotations

import pytest

from core.upgrade.environments.uv import Answer, options_from, program, refuse, run_uv


def test_uv_comes_with_the_extra() -> None:
    answer = run_uv(["--version"])
    assert 0 == answer.code
    assert answer.out.startswith("uv ")
    assert program().endswith("uv")


def test_pips_folders_and_indexes_become_uvs() -> None:
    settings = {
        "find-links": "/wheels /more",
        "index-url": "mirror/simple",
        "extra-index-url": "file:///nowhere/at/all other/simple",
    }
    assert (
        *("--find-links", "/wheels", "--find-links", "/more"),
        *("--default-index", "mirror/simple", "--index", "other/simple"),
        *("--index-strategy", "unsafe-best-match"),
    ) == options_from(settings)


def test_without_settings_uv_is_left_alone() -> None:
    assert () == options_from({})


def test_no_index_is_passed_on() -> None:
    assert ("--no-index",) == options_from({"no-index": "true"})


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("failed to copy file: No space left on device (os error 28)", "disk is full"),
        ("hint: Packages were unavailable because the network was disabled.", "no network"),
        ("error: Failed to fetch: dns error", "no network"),
    ],
)
def test_a_full_disk_and_a_missing_network_are_named(said: str, words: str) -> None:
    error = refuse(Answer(1, "", said), "a resolution", "SPEC 'keras'")
    assert words in error.what
    assert said in error.what


def test_anything_else_is_told_in_uvs_own_words() -> None:
    assert "no wheel" == refuse(Answer(1, "", "no wheel"), "packages", "here").what


def test_an_answer_that_succeeded_is_neither_offline_nor_full() -> None:
    answer = Answer(0, "", "warning: failed to fetch something; No space left on device")
    assert not answer.offline
    assert not answer.full
