"""Claim files: what they hold, and what loading one refuses."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from core.errors import GoldenError
from core.trace.claims import Claim, ClaimKind
from core.trace.published import PublishedGuide, load_published

ROOT = Path(__file__).resolve().parents[3] / "golden" / "published"
GUIDES = ("keras_io_tf", "multi_backend", "r_style", "dcgan_article", "keras_io_tf_zh")
K = ClaimKind

KERAS_IO = {
    "first_loop": {K.EPOCH: 3, K.LOSS: 48, K.COUNT: 48},
    "metrics": {K.EPOCH: 2, K.LOSS: 32, K.COUNT: 32, K.ACCURACY: 4, K.TIME: 2},
    "compiled": {K.EPOCH: 2, K.LOSS: 32, K.COUNT: 32, K.ACCURACY: 4, K.TIME: 2, K.SPEEDUP: 1},
    "gan": {K.EPOCH: 1, K.LOSS: 2, K.LAYER: 6, K.PARAMS: 3, K.OUTPUT: 1, K.TIME: 1},
}
MULTI = {
    "first_loop": {K.EPOCH: 2, K.LOSS: 8, K.COUNT: 8},
    "metrics": {K.EPOCH: 2, K.LOSS: 8, K.COUNT: 8, K.ACCURACY: 4, K.TIME: 2},
    "compiled": {K.EPOCH: 2, K.LOSS: 8, K.COUNT: 8, K.ACCURACY: 4, K.TIME: 2, K.SPEEDUP: 1},
    "gan": {K.EPOCH: 1, K.LOSS: 2, K.LAYER: 6, K.PARAMS: 3, K.OUTPUT: 1, K.TIME: 1},
}
R = {
    "first_loop": {K.EPOCH: 3, K.LOSS: 9, K.COUNT: 9},
    "metrics": {K.EPOCH: 2, K.LOSS: 6, K.COUNT: 6, K.ACCURACY: 4, K.TIME: 1},
    "compiled": {K.EPOCH: 2, K.ACCURACY: 4, K.TIME: 1, K.SPEEDUP: 1, K.ABSENT: 2},
    "gan": {K.EPOCH: 1, K.LAYER: 14, K.PARAMS: 6, K.OUTPUT: 1, K.TIME: 1, K.ABSENT: 2},
}
TOTALS = {
    "keras_io_tf": KERAS_IO,
    "keras_io_tf_zh": KERAS_IO,
    "multi_backend": MULTI,
    "r_style": R,
    "dcgan_article": {"dcgan": {K.EPOCH: 1, K.COUNT: 1, K.LOSS: 14}},
}
BATCH = {"keras_io_tf": 32, "keras_io_tf_zh": 32, "multi_backend": 64, "r_style": 64}


@pytest.fixture(params=GUIDES)
def published(request: pytest.FixtureRequest) -> PublishedGuide:
    return load_published(str(request.param), ROOT)


def test_every_section_holds_the_pinned_number_of_claims_of_each_kind(
    published: PublishedGuide,
) -> None:
    found: dict[str, Counter[ClaimKind]] = {}
    for claim in published.claims:
        found.setdefault(claim.section, Counter())[claim.kind] += 1
    assert TOTALS[published.guide] == found


def test_no_claim_file_belongs_to_an_unknown_guide() -> None:
    assert sorted(GUIDES) == sorted(path.stem for path in ROOT.glob("*.json"))


def test_claims_stand_in_document_order(published: PublishedGuide) -> None:
    lines = [claim.line for claim in published.claims]
    assert sorted(lines) == lines


def test_figures_are_what_their_print_says(published: PublishedGuide) -> None:
    printed = [claim for claim in published.claims if claim.printed is not None]
    assert printed
    for claim in printed:
        assert claim.printed is not None
        assert float(claim.printed.replace(",", "")) == claim.value, claim


def test_samples_seen_are_steps_taken_times_the_batch(published: PublishedGuide) -> None:
    for claim in published.claims:
        if claim.kind is K.COUNT and claim.name == "samples":
            assert claim.step is not None
            assert (claim.step + 1) * BATCH[published.guide] == claim.value, claim


def test_steps_are_counted_from_zero_whatever_the_page_prints(published: PublishedGuide) -> None:
    offset = 1 if published.guide in ("r_style", "dcgan_article") else 0
    logged = [c for c in published.claims if c.step is not None]
    assert logged
    for claim in logged:
        assert claim.step is not None
        assert claim.printed_step == claim.step + offset, claim


def test_each_loss_stands_once_for_each_step(published: PublishedGuide) -> None:
    keys = Counter(
        (c.section, c.name, c.epoch, c.step) for c in published.claims if c.kind is K.LOSS
    )
    assert set(keys.values()) == {1}


def test_layer_parameters_add_up_to_the_published_totals(published: PublishedGuide) -> None:
    totals = {c.model: c for c in published.claims if c.kind is K.PARAMS and c.name == "total"}
    for model, total in totals.items():
        rows = [c for c in published.claims if c.kind is K.LAYER and c.model == model]
        assert list(range(len(rows))) == [row.index for row in rows]
        assert total.value == sum(row.params or 0 for row in rows)


def test_printed_sizes_are_four_bytes_a_parameter(published: PublishedGuide) -> None:
    units = {"B": 1, "Byte": 1, "KB": 1024, "MB": 1024**2}
    for claim in published.claims:
        if claim.kind is K.PARAMS:
            number, unit = (claim.size or "").split()
            assert f"{(claim.value or 0) * 4 / units[unit]:.2f}" == number, claim


def test_a_speedup_is_the_ratio_of_the_times_it_derives_from(published: PublishedGuide) -> None:
    seconds = {c.line: c for c in published.claims if c.kind is K.TIME}
    for claim in published.claims:
        if claim.kind is K.SPEEDUP:
            times = [seconds[line] for line in claim.derived_from or ()]
            slow = sum(t.value or 0.0 for t in times if t.section == "metrics")
            fast = sum(t.value or 0.0 for t in times if t.section == "compiled")
            assert claim.value == pytest.approx(slow / fast, abs=1e-4)


def test_the_translation_publishes_the_figures_of_the_english_guide() -> None:
    """Nothing is left out: the Chinese page repeats every figure, the model summary included."""
    english, chinese = (load_published(g, ROOT) for g in ("keras_io_tf", "keras_io_tf_zh"))
    assert [_without_lines(c) for c in english.claims] == [
        _without_lines(c) for c in chinese.claims
    ]


def _without_lines(claim: Claim) -> tuple[object, ...]:
    return (claim.kind, claim.section, claim.epoch, claim.step, claim.value, claim.published)


def test_a_section_without_figures_and_a_variant_have_no_claims() -> None:
    guide = load_published("r_style", ROOT)
    assert guide.of_section("tracked_losses") == ()
    assert guide.of_section("compiled~intended") == ()
    assert len(guide.of_section("compiled")) == 10


def _document() -> dict[str, object]:
    claim = {"kind": "epoch", "section": "s", "line": 3, "epoch": 0, "value": 1, "printed": "1"}
    return {
        "format": 1,
        "guide": "g",
        "title": "t",
        "created": None,
        "modified": None,
        "year": 2021,
        "claims": [claim],
    }


def _changed(**change: object) -> str:
    document = _document()
    claims = document["claims"]
    assert isinstance(claims, list)
    assert isinstance(claims[0], dict)
    claims[0].update(change)
    return json.dumps(document)


def _write(folder: Path, text: str) -> Path:
    (folder / "g.json").write_text(text, encoding="utf-8")
    return folder


def test_a_correct_file_loads(tmp_path: Path) -> None:
    loaded = load_published("g", _write(tmp_path, json.dumps(_document())))
    epoch = Claim(kind=K.EPOCH, section="s", line=3, epoch=0, value=1.0, printed="1")
    assert loaded.claims == (epoch,)
    assert loaded.claims[0].kind is K.EPOCH


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (json.dumps(_document())[:-9], "not JSON"),
        ("", "not JSON"),
        ("# notes", "not JSON"),
        ("[]", "format None"),
        (json.dumps({**_document(), "format": 2}), "format 2"),
        (json.dumps({**_document(), "format": True}), "format True"),
        (json.dumps({**_document(), "guide": "other"}), "'other'"),
        (json.dumps({**_document(), "claims": []}), "claims"),
        (json.dumps({**_document(), "note": "x"}), "note"),
        (json.dumps({k: v for k, v in _document().items() if k != "title"}), "title"),
        (json.dumps({**_document(), "year": "2021"}), "year"),
        (_changed(kind="epohc"), "kind"),
        (_changed(line="3"), "line"),
        (_changed(line=True), "line"),
        (_changed(line=0), "line"),
        (_changed(epoch=0.5), "epoch"),
        (_changed(epoch=-1), "epoch"),
        (_changed(value="1"), "value"),
        (_changed(value=float("nan")), "finite"),
        (_changed(printed=1), "printed"),
        (_changed(printed=None), "printed"),
        (_changed(seed=4), "seed"),
        (_changed(model="m"), "model"),
    ],
)
def test_a_wrong_file_is_refused_with_what_is_wrong(
    tmp_path: Path, text: str, complaint: str
) -> None:
    with pytest.raises(GoldenError) as caught:
        load_published("g", _write(tmp_path, text))
    assert complaint in str(caught.value)
    assert "g.json" in caught.value.where


def test_a_missing_or_unreadable_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GoldenError, match="cannot be read"):
        load_published("g", tmp_path)
    (tmp_path / "g.json").mkdir()
    with pytest.raises(GoldenError, match="cannot be read"):
        load_published("g", tmp_path)


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "g.json").write_bytes(b"\xff\xfe{")
    with pytest.raises(GoldenError, match="not JSON"):
        load_published("g", tmp_path)
