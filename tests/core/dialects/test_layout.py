from __future__ import annotations

from core.dialects.layout import Group, Text, after, bare, before, call, flat, laid_out


def test_what_fits_stays_on_one_line() -> None:
    assert ["f(a, b=1)"] == laid_out(call("f", "a", b="1"))


def test_arguments_that_are_none_are_left_out() -> None:
    assert "f(a)" == flat(call("f", "a", None, name=None))


def test_what_does_not_fit_moves_into_the_brackets() -> None:
    long = "x" * 70
    assert ["function(", f"    {long}, y", ")"] == laid_out(call("function", long, "y"), indent=10)


def test_what_does_not_fit_there_either_gets_a_line_and_a_comma_each() -> None:
    names = ["a" * 50, "b" * 50]
    expected = ["f(", f"    {names[0]},", f"    {names[1]},", ")"]
    assert expected == laid_out(call("f", *names))


def test_the_items_of_a_list_get_a_line_each_at_once() -> None:
    items = Group("x = [", ("a" * 40, "b" * 45), "]")
    assert 4 == len(laid_out(items))


def test_a_tuple_loses_its_brackets_while_it_fits() -> None:
    assert ["return a, b"] == laid_out(before("return ", bare("a", "b")))
    wide = laid_out(after(bare("a" * 50, "b" * 50), " = state"))
    assert ["(", f"    {'a' * 50},", f"    {'b' * 50},", ") = state"] == wide


def test_a_long_string_is_spread_at_blanks_and_says_the_same() -> None:
    text = Text(("one " * 20, "{two} ", "three " * 10))
    lines = laid_out(Group("print(", (text,)))
    inside = [line.strip() for line in lines[1:-1]]
    assert ['"', 'f"'] == [line[: line.index('"') + 1] for line in inside]
    assert (
        flat(text).removeprefix("f")
        == '"' + "".join(line.removeprefix("f").strip('"') for line in inside) + '"'
    )
