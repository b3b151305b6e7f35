from core.attribution.api import ApiChange
from core.attribution.names import WarningChange
from core.attribution.why import SubjectWhy, Why
from core.breaks.breaking import Break, Failure
from core.quiet.changes import Changed

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
