from core.upgrade.why.meanings.changes import Changed, changes, meanings, unexplained
from core.upgrade.why.meanings.readings import AT_ITS_WORD, LOGITS, readings

PROBE, SETTING = "sigmoid-from-logits", "eager, float32 layer"
OFFERED = readings(PROBE, SETTING)


def _answer(value: object) -> dict[str, object]:
    return {PROBE: {SETTING: value}}


def _numbers(meaning: str, error: float = 0.0) -> list[float]:
    return [float(value) * (1 + error) for value in OFFERED[meaning]]


def test_numbers_are_read_as_what_they_agree_with() -> None:
    found = meanings(_answer(_numbers(LOGITS, 1e-7)))
    assert LOGITS == found[PROBE, SETTING].reading


def test_numbers_that_agree_with_nothing_are_told() -> None:
    found = meanings(_answer(_numbers(LOGITS, 1e-3)))
    assert [SETTING] == [meaning.setting for meaning in unexplained(found)]


def test_another_meaning_is_a_change_and_rounding_is_none() -> None:
    assert [] == changes(_answer(_numbers(LOGITS)), _answer(_numbers(LOGITS, 2e-7)))
    (change,) = changes(_answer(_numbers(LOGITS)), _answer(_numbers(AT_ITS_WORD)))
    assert (PROBE, SETTING, LOGITS, AT_ITS_WORD, False) == (
        change.probe,
        change.setting,
        change.before,
        change.after,
        change.stream,
    )


def test_other_random_numbers_are_a_stream_and_no_meaning() -> None:
    one = {"seed": {"kernel: first draws": [0.1, 0.2]}}
    other = {"seed": {"kernel: first draws": [0.3, 0.2]}}
    (change,) = changes(one, other)
    assert change.stream


def test_a_default_that_comes_or_goes_or_changes_is_told() -> None:
    one = {"defaults": {"Adam.epsilon": 1e-7, "Adam.old": None, "Adam.same": 1}}
    other = {"defaults": {"Adam.epsilon": 1e-8, "Adam.new": 3, "Adam.same": 1}}
    assert {
        ("Adam.epsilon", "1e-07", "1e-08"),
        ("Adam.old", "None", "nothing"),
        ("Adam.new", "nothing", "3"),
    } == {(change.setting, change.before, change.after) for change in changes(one, other)}


def test_what_is_not_there_in_one_generation_of_keras_is_no_change() -> None:
    one: dict[str, object] = {"leaky-relu-slope": {}}
    other = {"leaky-relu-slope": {"'leaky_relu'": [-0.2]}}
    assert [] == changes(one, other)


def test_a_probe_that_stops_working_is_told() -> None:
    one: dict[str, object] = {"metrics": {"Mean": 4.0}}
    other = {"metrics": {"error": "AttributeError: no Mean"}}
    assert ["error"] == [change.setting for change in changes(one, other)]


def test_a_change_in_one_sentence() -> None:
    change = Changed("dropout", "scale", "1 / (1 - rate)", "1", "1.3 and 1")
    assert "dropout, scale: 1 / (1 - rate) becomes 1" == change.words
