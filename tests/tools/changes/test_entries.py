from core.upgrade.why.api import ApiChange
from core.upgrade.why.meanings.changes import Changed
from core.upgrade.why.names import NameChange, WarningChange
from core.upgrade.why.usage import Usage
from tools.changes.entries import KINDS, Entry, entries

USAGES = {
    "first": Usage({"keras.layers.LeakyReLU": frozenset()}, {}),
    "second": Usage({"keras.optimizers.Adam": frozenset()}, {}),
}
REMOVED = ApiChange("metrics.Metric.reset_states", "removed")
ADDED = ApiChange("keras.layers.Dense", "parameter added", after="lora_rank=None")


def _entries(**given: object) -> list[Entry]:
    fields: dict[str, object] = {
        "api": {},
        "meanings": (),
        "names": (),
        "warnings": WarningChange(),
    } | given
    api, meanings = fields["api"], fields["meanings"]
    names, warnings = fields["names"], fields["warnings"]
    assert isinstance(api, dict)
    assert isinstance(meanings, tuple)
    assert isinstance(names, tuple)
    assert isinstance(warnings, WarningChange)
    return entries(USAGES, api, meanings, names, warnings)


def test_what_is_removed_is_loud_and_names_every_guide_that_uses_it() -> None:
    (entry,) = _entries(api={"first": [REMOVED], "second": [REMOVED]})
    assert ("loud", ("first", "second")) == (entry.kind, entry.guides)


def test_a_new_parameter_touches_nobody() -> None:
    assert [] == _entries(api={"first": [ADDED]})


def test_a_meaning_touches_the_guides_that_use_the_call() -> None:
    slope = Changed("leaky-relu-slope", "LeakyReLU()", "0.3", "0.2", "-0.3, -0.2")
    (entry,) = _entries(meanings=(slope,))
    assert ("quiet", ("first",), "computed: -0.3, -0.2") == (
        entry.kind,
        entry.guides,
        entry.evidence,
    )


def test_a_meaning_is_told_even_where_no_guide_uses_the_call() -> None:
    (entry,) = _entries(meanings=(Changed("dropout", "scale", "1.3", "1", ""),))
    assert ("quiet", ()) == (entry.kind, entry.guides)


def test_a_default_of_what_no_guide_uses_is_left_out() -> None:
    assert [] == _entries(meanings=(Changed("defaults", "layers.Dropout.seed", "1", "2", ""),))


def test_a_default_is_told_apart_from_a_meaning() -> None:
    beta = Changed("defaults", "optimizers.Adam.beta_2", "0.999", "0.99", "")
    (entry,) = _entries(meanings=(beta,))
    assert ("default", ("second",)) == (entry.kind, entry.guides)


def test_another_stream_touches_every_guide() -> None:
    stream = Changed("seed", "kernel: first draws", "0.1", "0.2", "", stream=True)
    (entry,) = _entries(meanings=(stream,))
    assert ("stream", ("first", "second")) == (entry.kind, entry.guides)


def test_the_loud_come_first() -> None:
    found = _entries(
        api={"first": [REMOVED]},
        meanings=(Changed("seed", "a", "1", "2", ""),),
        names=(NameChange("Adam", "variables", ("m",), ("momentum",)),),
        warnings=WarningChange(new=("UserWarning: a",), lost=("UserWarning: b",)),
    )
    kinds = [entry.kind for entry in found]
    assert ["loud", "quiet", "name", "warning", "warning"] == kinds
    assert kinds == sorted(kinds, key=KINDS.index)
