from __future__ import annotations

import pytest

from core.diff.same_code import Names, same_python, same_r


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("loss = f(x)", "cost = f(x)  # the cost"),
        ("size = 7 * 7 * 128", "size = 6272"),
        ("a += b", "a = a + b"),
        ("f(x, a=1, b=2)", "f(x, b=2, a=1)"),
        ("with tf.GradientTape() as tape:", "with tf.GradientTape() as t:"),
        ("for x, y in data:", "for images, labels in data:"),
        ("y = tensorflow.ones(3)", "z = tf.ones(3)"),
    ],
)
def test_code_that_says_the_same(a: str, b: str) -> None:
    assert same_python(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("model(x, training=True)", "model(x)"),
        ("model(x, training=True)", "model(x, training=1)"),
        ("model(x, training=True)", "model(x, training=False)"),
        ("loss = f(x)", "loss = f(x) / 2"),
        ("metric.reset_state()", "metric.result()"),
        ("x = keras.ops.sum(y)", "x = keras.ops.mean(y)"),
        ("a = b - c", "a = c - b - c"),
    ],
)
def test_code_that_says_something_else(a: str, b: str) -> None:
    assert not same_python(a, b)


def test_a_name_stands_for_the_same_from_its_assignment_on() -> None:
    names = Names()
    assert same_python("loss = f(x)", "cost = f(x)", names)
    assert same_python("print(loss)", "print(cost)", names)
    assert not same_python("print(loss)", "print(x)", names)


def test_what_is_no_python_is_compared_as_text() -> None:
    assert same_python("!pip install  keras", "!pip install keras")
    assert not same_python("!pip install keras", "!pip install jax")


def test_r_says_the_same_up_to_names_quotes_and_integer_marks() -> None:
    assert same_r("loss <- f(x, 'a', 10L)", 'cost <- f(x, "a", 10)  # cost')
    assert not same_r("model(x, training = TRUE)", "model(x, training = FALSE)")
    assert not same_r("f(10L)", "f(20L)")
    assert not same_r("layer_dense(x)", "layer_dropout(x)")
