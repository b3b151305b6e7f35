"""The rules that specs check, and how a broken one is told."""

from __future__ import annotations

import pytest
from attrs import field, frozen

from core.errors import SpecError
from core.spec import rules
from core.spec.rules import Rule


@frozen
class Thing:
    size: int = field(validator=rules.count)


def test_a_broken_rule_names_class_field_value_rule_and_remedy() -> None:
    with pytest.raises(SpecError) as caught:
        Thing(0)
    assert "Thing.size" == caught.value.where
    assert "size = 0" == caught.value.what
    assert "a whole number of at least 1" == caught.value.expected
    assert "give Thing a size that keeps the rule" == caught.value.remedy


def test_a_broken_rule_says_the_remedy_it_is_given() -> None:
    error = rules.broken(Thing(1), "size", 1, "an even number", "double it")
    assert "Thing.size: size = 1. Expected: an even number. Remedy: double it." == str(error)


ACCEPTED: tuple[tuple[Rule, tuple[object, ...]], ...] = (
    (rules.count, (1, 7)),
    (rules.natural, (0, 7)),
    (rules.counts, ((1,), (3, 4))),
    (rules.pair, ((1, 1),)),
    (rules.real, (0, -2, 0.5)),
    (rules.positive, (1, 1e-30)),
    (rules.fraction, (0, 0.999)),
    (rules.name, ("a", "Model_2")),
    (rules.names, ((), ("a", "b"))),
    (rules.some_names, (("a", "a"),)),
    (rules.distinct_names, (("a", "b"),)),
    (rules.identifier, ("a", "keras_io_tf", "compiled~intended")),
    (rules.text, ("", "any words")),
    (rules.flag, (True, False)),
    (rules.one_of("a", 1, None), ("a", 1, None)),
    (rules.optional(rules.count), (None, 1)),
    (rules.a(int | str), (1, "x")),
    (rules.each(int | str), ((), (1, "x"))),
)
REFUSED: tuple[tuple[Rule, tuple[object, ...]], ...] = (
    (rules.count, (0, True, 1.0, "1", None)),
    (rules.natural, (-1, False, 0.0, "0")),
    (rules.counts, ((), (0,), (True,), [1], "1")),
    (rules.pair, ((1,), (1, 2, 3), [1, 1], 2)),
    (rules.real, (True, "1", None, float("nan"), float("inf"))),
    (rules.positive, (0, -1, float("inf"), float("nan"))),
    (rules.fraction, (1, -0.1, float("nan"), True)),
    (rules.name, ("", "a b", "_a", "1a", 1)),
    (rules.names, (("a", "a"), ["a"], ("a b",), ([],))),
    (rules.some_names, ((), "a", (1,))),
    (rules.distinct_names, ((), ("a", "a"))),
    (rules.identifier, ("A", "a~", "a~b~c", "a/b", "", 1)),
    (rules.text, (None, 1)),
    (rules.flag, (1, 0, None)),
    (rules.one_of("a", 1, None), (True, 1.0, "b", ["a"])),
    (rules.optional(rules.count), (0, "None")),
    (rules.a(int | str), (1.0, None)),
    (rules.each(int | str), ([1], (1.0,), "a", None)),
)


@pytest.mark.parametrize(
    ("rule", "value"), [(rule, value) for rule, values in ACCEPTED for value in values]
)
def test_a_rule_accepts_what_keeps_it(rule: Rule, value: object) -> None:
    assert rule.holds(value)


@pytest.mark.parametrize(
    ("rule", "value"), [(rule, value) for rule, values in REFUSED for value in values]
)
def test_a_rule_refuses_what_breaks_it(rule: Rule, value: object) -> None:
    assert not rule.holds(value)


def test_rules_say_their_choices_in_words() -> None:
    assert "one of 'same', 'valid'" == rules.one_of("same", "valid").text
    assert "None, or a whole number of at least 1" == rules.optional(rules.count).text
    assert "a value of int or str" == rules.a(int | str).text
    assert "a tuple of values of int" == rules.each(int).text
