"""Explaining a candidate whose packages are made up, and whose Keras answers from the cache."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from core.errors import ExecutionError
from core.upgrade.environments.interpreter import this_interpreter
from core.upgrade.environments.lock import lock_of
from core.upgrade.environments.request import read_spec
from core.upgrade.environments.resolve import Resolved
from core.upgrade.environments.store import Environment
from core.upgrade.rehearsal.report import ResultRow
from core.upgrade.rehearsal.verdict import Kind, Verdict
from core.upgrade.why.asking import Fields, Inside
from core.upgrade.why.breaking import Break, Failure
from core.upgrade.why.explaining import Case, Detective, Ready
from core.upgrade.why.usage import usage_of
from tests.core.upgrade.rehearsal.runs import trace
from tests.core.upgrade.why.packages import packages

ANSWERS: dict[str, Sequence[Fields]] = {
    "old": ({"dropout": {"scale": 4 / 3}}, {"Adam": {"variables": ["m"]}, "warnings": []}),
    "new": ({"dropout": {"scale": 1.0}}, {"Adam": {"variables": ["n"]}, "warnings": ["W: a"]}),
}
USAGE = usage_of(["import keras\nkeras.layers.LeakyReLU()"])


@pytest.fixture(autouse=True)
def answering(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask_once(place: Inside, *questions: Fields) -> Sequence[Fields]:
        assert 2 == len(questions)
        return ANSWERS[place.python.parents[1].name]

    monkeypatch.setattr(Inside, "ask_once", ask_once)


def _ready(folder: Path, spec: str, changed: dict[str, tuple[str, str]]) -> Ready:
    packages(folder / "lib/python3.11/site-packages", changed)
    resolved = Resolved(
        read_spec(spec), lock_of("keras==3.0.5", "3.11.7", "linux"), this_interpreter()
    )
    return resolved, Environment(folder, resolved.lock, 0.0, made=False)


def _case(kind: Kind, **more: object) -> Case:
    apart = more.get("take_apart")
    return Case(
        ResultRow("loop.md", "old", "new", Verdict(kind, 3, "")),
        USAGE,
        None,
        (trace(), trace()),
        apart if callable(apart) else None,
    )


def _places(folder: Path) -> tuple[Ready, Ready]:
    slope = {"keras/src/dense.py": ("slope=0.3", "slope=0.2")}
    return (
        _ready(folder / "old", "keras==3.0.5 tensorflow==2", {}),
        _ready(folder / "new", "keras==3.1.0 tensorflow==2", slope),
    )


def test_meanings_names_warnings_and_the_api_come_together(tmp_path: Path) -> None:
    old, new = _places(tmp_path)
    why = Detective(old, None, print).explain(new, [_case(Kind.IDENTICAL)])
    assert ["dropout, scale: 1 / (1 - rate) becomes 1"] == [c.words for c in why.meanings]
    assert ["Adam, variables: 'm' becomes 'n'"] == [change.words for change in why.names]
    assert ("W: a",) == why.warnings.new
    (subject,) = why.subjects
    assert ["keras.layers.LeakyReLU: negative_slope=0.3 becomes negative_slope=0.2"] == [
        change.words for change in subject.api
    ]
    assert subject.broken is None


def test_a_broken_document_is_taken_apart(tmp_path: Path) -> None:
    old, new = _places(tmp_path)
    broken = Break(Failure(0, 1, "AttributeError", "no"))
    why = Detective(old, None, print).explain(new, [_case(Kind.BROKEN, take_apart=lambda: broken)])
    assert broken == why.subjects[0].broken


def test_an_environment_that_does_not_answer_is_a_note(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(place: Inside, *questions: Fields) -> Sequence[Fields]:
        del place, questions
        raise ExecutionError("no answer", where="there", expected="one", remedy="again")

    monkeypatch.setattr(Inside, "ask_once", silent)
    old, new = _places(tmp_path)
    why = Detective(old, None, print).explain(new, [_case(Kind.IDENTICAL)])
    assert "its Keras did not answer: no answer" == why.note
    assert 1 == len(why.subjects[0].api)
