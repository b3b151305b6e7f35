from core.upgrade.why.api import ApiChange
from core.upgrade.why.breaking import Break, Failure
from core.upgrade.why.meanings.changes import Changed
from core.upgrade.why.names import WarningChange
from core.upgrade.why.why import SubjectWhy, Why

REMOVED = ApiChange("metrics.Metric.reset_states", "removed")
FAILURE = Failure(1, 2, "AttributeError", "no attribute")


def test_loud_changes_are_counted_once_however_many_use_them() -> None:
    subjects = (
        SubjectWhy("a", api=(REMOVED,)),
        SubjectWhy("b", api=(REMOVED,), broken=Break(FAILURE)),
    )
    assert 2 == Why("new", subjects=subjects).loud


def test_streams_are_no_quiet_changes() -> None:
    stream = Changed("seed", "kernel", "1", "2", "", stream=True)
    meaning = Changed("dropout", "scale", "1.3", "1", "")
    why = Why("new", meanings=(stream, meaning))
    assert 1 == why.quiet
    assert "new: 0 loud, 1 quiet changes, 1 other random streams, 0 other names" == why.decision


def test_without_anything_nothing_is_told() -> None:
    assert not SubjectWhy("a").warnings
    assert WarningChange() == Why("new").warnings
