"""Golden files: written atomically, read strictly."""

from __future__ import annotations

import json
from pathlib import Path
from unittest import mock

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from core.check.golden.golden import Golden, key_of
from core.check.golden.store import FORMAT, Store, dumps, loads
from core.errors import GoldenError, UsageError
from tests.example_traces import GOLDEN, TRACE, goldens

TEXT = dumps(GOLDEN)


def _refused(text: str) -> GoldenError:
    with pytest.raises(GoldenError) as caught:
        loads(text, "the/file.json")
    assert "the/file.json" == caught.value.where
    assert caught.value.expected
    assert caught.value.remedy
    return caught.value


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


@given(goldens)
def test_a_golden_comes_back_as_it_was_written(golden: Golden) -> None:
    assert golden == loads(dumps(golden), "anywhere")


def test_a_golden_comes_back_from_its_file(store: Store) -> None:
    path = store.write(GOLDEN)
    assert store.path(GOLDEN.key) == path
    assert GOLDEN == store.read(GOLDEN.key)
    assert TEXT == path.read_text(encoding="utf-8")


def test_a_file_reads_well_in_a_difference() -> None:
    lines = TEXT.splitlines()
    assert f' "format": {FORMAT},' == lines[1]
    assert ' "reason": "the first recording, “quoted”",' == lines[2]
    assert 3 == sum('"loss": [' in line for line in lines)  # limits, trends, losses
    assert 2 == sum('"norm":' in line for line in lines)
    assert TEXT.endswith("}\n")


def test_a_golden_that_is_not_there_is_none(store: Store) -> None:
    assert store.read(GOLDEN.key) is None


@given(st.integers(0, len(TEXT) - 3))
def test_a_file_truncated_anywhere_is_refused(length: int) -> None:
    assert "damaged or truncated" in _refused(TEXT[:length]).expected


@pytest.mark.parametrize("mark", ["{", "}", "[", "]", ",", ":", '"', "\n"])
def test_a_file_truncated_at_any_kind_of_mark_is_refused(mark: str) -> None:
    places = [at for at, found in enumerate(TEXT[:-2]) if found == mark]
    assert places
    for at in {*places[:20], *places[-20:]}:
        assert "JSON" in _refused(TEXT[:at]).what
        assert "JSON" in _refused(TEXT[: at + 1]).what


@pytest.mark.parametrize("text", ["", " ", "\0", "[" * 200_000, TEXT + TEXT, TEXT + "x"])
def test_what_is_no_json_document_is_refused(text: str) -> None:
    assert "not a JSON document" in _refused(text).what


@pytest.mark.parametrize(
    "number", [0, 1, -1, 2.0, True, "2", None, [1]], ids=lambda value: repr(value)
)
def test_another_format_is_refused_by_its_number(number: object) -> None:
    error = _refused(json.dumps(json.loads(TEXT) | {"format": number}))
    assert f"format = {number!r}" == error.what
    assert f"format {FORMAT}, the one this version reads" == error.expected


@pytest.mark.parametrize("text", ["[]", "1", '"golden"', "null", "{}"])
def test_a_document_without_a_format_is_refused(text: str) -> None:
    assert "format = " in _refused(text).what


@pytest.mark.parametrize("name", ["reason", "recorded", "command", "version", "trace"])
def test_a_missing_field_is_refused_by_its_name(name: str) -> None:
    document = json.loads(TEXT)
    del document[name]
    assert f"missing fields ['{name}']" in _refused(json.dumps(document)).what


@pytest.mark.parametrize("name", ["reason", "recorded", "command", "version", "trace"])
@pytest.mark.parametrize("value", [None, 1, ["x"]])
def test_a_field_of_another_type_is_refused(name: str, value: object) -> None:
    error = _refused(json.dumps(json.loads(TEXT) | {name: value}))
    assert repr(value) in error.what


def test_an_unknown_field_is_refused_by_its_name() -> None:
    document = json.loads(TEXT) | {"approved": True}
    assert "unknown fields ['approved']" in _refused(json.dumps(document)).what


def test_a_wrong_trace_is_refused_with_the_place_in_it() -> None:
    document = json.loads(TEXT)
    document["trace"]["losses"]["loss"][3] = "many"
    what = _refused(json.dumps(document)).what
    assert "expected a number, found 'many'" in what
    assert "losses" in what


def test_an_image_with_too_few_pixels_is_refused() -> None:
    document = json.loads(TEXT)
    document["trace"]["images"][0]["pixels"] = "AAAA"
    assert "3 bytes of pixels for 3 rows of 4" in _refused(json.dumps(document)).what


def test_a_golden_under_another_key_is_refused_with_the_key_it_belongs_to(store: Store) -> None:
    other = key_of(evolve(TRACE, backend="jax"))
    store.path(other).parent.mkdir(parents=True)
    store.path(other).write_text(TEXT, encoding="utf-8")
    with pytest.raises(GoldenError) as caught:
        store.read(other)
    assert f"holds the golden of {GOLDEN.key.file}" == caught.value.what
    assert str(other.file) == caught.value.where


def test_a_folder_in_the_place_of_a_file_is_refused(store: Store) -> None:
    store.path(GOLDEN.key).mkdir(parents=True)
    with pytest.raises(GoldenError, match="cannot be read"):
        store.read(GOLDEN.key)


def test_bytes_that_are_no_utf_8_are_refused(store: Store) -> None:
    path = store.write(GOLDEN)
    path.write_bytes(path.read_bytes().replace("“".encode(), b"\xff\xfe"))
    with pytest.raises(GoldenError, match="cannot be read"):
        store.read(GOLDEN.key)


def test_a_second_write_replaces_the_first(store: Store) -> None:
    store.write(GOLDEN)
    newer = evolve(GOLDEN, reason="the second recording")
    store.write(newer)
    assert newer == store.read(GOLDEN.key)
    assert 1 == len(_files(store))


def _files(store: Store) -> list[Path]:
    return [path for path in store.root.rglob("*") if path.is_file()]


@pytest.mark.parametrize("broken", ["os.fsync", "pathlib.Path.replace", "pathlib.Path.chmod"])
def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(store: Store, broken: str) -> None:
    path = store.write(GOLDEN)
    full = OSError(28, "No space left on device")
    with mock.patch(broken, side_effect=full), pytest.raises(UsageError) as caught:
        store.write(evolve(GOLDEN, reason="never kept"))
    assert "cannot be written (No space left on device)" == caught.value.what
    assert str(path) == caught.value.where
    assert [path] == _files(store)
    assert GOLDEN == store.read(GOLDEN.key)


@pytest.mark.parametrize("broken", ["pathlib.Path.mkdir", "tempfile.mkstemp"])
def test_a_read_only_folder_is_told(store: Store, broken: str) -> None:
    # Root may write everywhere, so the system's refusal is played, not provoked.
    refusal = PermissionError(13, "Permission denied")
    with mock.patch(broken, side_effect=refusal), pytest.raises(UsageError) as caught:
        store.write(GOLDEN)
    assert "cannot be written (Permission denied)" == caught.value.what
    assert "make the golden folder writable" in caught.value.remedy
    assert [] == _files(store)


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    place = tmp_path / "golden"
    place.write_text("not a folder")
    with pytest.raises(UsageError) as caught:
        Store(place).write(GOLDEN)
    assert "a folder this user may write" == caught.value.expected


def test_all_keys_names_every_golden_readable_or_not(store: Store) -> None:
    other = evolve(GOLDEN, trace=evolve(TRACE, scenario="toy/second~intended", backend="torch"))
    store.write(GOLDEN)
    store.write(other).write_text("damaged")
    (store.root / "published").mkdir()
    (store.root / "published" / "toy.json").write_text("{}")
    (store.root / "toy" / "first" / "notes.txt").write_text("no golden")
    assert {GOLDEN.key, other.key} == set(store.all_keys())


def test_an_empty_or_missing_folder_has_no_keys(tmp_path: Path) -> None:
    assert [] == list(Store(tmp_path).all_keys())
    assert [] == list(Store(tmp_path / "missing").all_keys())
