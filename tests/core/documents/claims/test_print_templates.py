"""What code can print, with holes for what it computes."""

from __future__ import annotations

import pytest

from core.documents.claims.print_templates import file_name_templates, print_templates
from core.documents.reading.syntax import Language


def texts(source: str, language: Language = "python") -> list[str]:
    return [template.text for template in print_templates(source, language)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('print(f"\\nStart of epoch {epoch}")', ["Start of epoch {epoch}"]),
        ('print("loss at %d: %.4f" % (step, float(v)))', ["loss at {step}: {float(v)}"]),
        ('print("Seen: %s%%" % x)', ["Seen: {x}%"]),
        ('print("epoch", n, "of", 3, sep="-")', ["epoch-{n}-of-3"]),
        ('print("a {} b {0} c {x}".format(p, x=q))', ["a {p} b {p} c {q}"]),
        ('print("sum " + str(a) + "!")', ["sum {a}!"]),
        ('tf.print("Step:", step)', ["Step: {step}"]),
        ('def f():\n    if x:\n        print("in a function", y)', ["in a function {y}"]),
        ('print("two\\nrows here")', ["two", "rows here"]),
        ("print(x)", []),
        ('log("not printed")', []),
        ('print("broken', []),
        ('print("lone { brace".format(x))', []),
    ],
)
def test_python_prints(source: str, expected: list[str]) -> None:
    assert expected == texts(source)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('cat("Start of epoch ", epoch, "\\n")', ["Start of epoch  {epoch} "]),
        ('cat(sprintf("loss at %d: %.4f\\n", step, loss))', ["loss at {step}: {loss}"]),
        ('message(paste0("step-", i))', ["step-{i}"]),
        ('cat("a b", x, sep = "")', ["a b{x}"]),
        ('if (a) {\n  cat(paste("lr", lr), "\\n")\n}', ["lr {lr} "]),
        ("cat(x)", []),
        ('print("not with its marks")', []),
    ],
)
def test_r_prints(source: str, expected: list[str]) -> None:
    assert expected == texts(source, "r")


def test_a_template_gives_back_what_filled_it_and_where() -> None:
    (template,) = print_templates('print(f"loss {a:.2f} at {b}")', "python")
    filled = template.match("loss   0.25 at 10 ")
    assert filled is not None
    assert [("a", 7, 11), ("b", 15, 17)] == [(f.expression, f.start, f.end) for f in filled]
    assert template.match("loss 0.25 near 10") is None


def test_the_row_is_that_of_the_text() -> None:
    (python,) = print_templates('x = 1\nprint(\n    f"loss {x}"\n)', "python")
    (r,) = print_templates('cat(sprintf(\n  "loss %d", x\n))', "r")
    assert (2, 1) == (python.row, r.row)


def test_names_of_saved_files_keep_their_holes() -> None:
    source = (
        'plt.savefig(f"./runs/{run}/images/epoch{e}_batch{b}.jpg")\n'
        'img.save(os.path.join(d, "img" + str(step) + ".png"))\n'
        'open("data.csv")'
    )
    found = file_name_templates(source, (".jpg", ".png"))
    assert {"epoch{e}_batch{b}.jpg", "img{step}.png"} <= {template.text for template in found}
    assert any(template.match("epoch0_batch50.jpg") for template in found)
    assert not any(template.match("other.gif") for template in found)
