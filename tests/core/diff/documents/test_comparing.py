from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.diff.asked import is_document
from core.diff.documents.comparing import documents_beside, turned
from core.errors import UsageError
from tests.conftest import published
from tests.core.diff.documents.loops import GUIDES, beside, planted, program, sentences
from tests.core.diff.sections import CATALOG

METRICS = "keras_io_tf/metrics"


def test_a_name_with_a_known_ending_is_a_document() -> None:
    assert is_document("my_loop.py")
    assert is_document("folder/loop.ipynb")
    assert not is_document("keras_io_tf/metrics@fit")


def test_beside_fit_only_what_the_document_does_not_do_itself_is_said(tmp_path: Path) -> None:
    source = planted(program(METRICS), ("    train_acc_metric.reset_state()\n", ""))
    found = {one.what for one in beside(tmp_path, source, f"{METRICS}@fit").spec}
    assert {"training metric:", "shuffling:", "loss averaging:"} <= found
    assert "metric reset:" not in found


def test_a_compiled_loop_beside_fit_is_not_told_that_fit_compiles(tmp_path: Path) -> None:
    found = {
        one.what for one in beside(tmp_path, program("keras_io_tf/compiled"), f"{METRICS}@fit").spec
    }
    assert not found & {"step runs", "compiled:"}


def test_statements_stand_level_with_those_that_do_the_same(tmp_path: Path) -> None:
    source = planted(program(METRICS), ("logits", "outputs_of_batch"))
    rows = beside(tmp_path, source, METRICS).rows
    level = {row.op: row for row in rows if row.a and row.b}
    assert "outputs_of_batch = model(x_batch_train, training=True)" in (level["step[0.0]"].a or "")
    assert level["step[0.0]"].same


def test_what_differs_is_marked_with_its_line(tmp_path: Path) -> None:
    source = planted(
        program(METRICS), ("model(x_batch_train, training=True)", "model(x_batch_train)")
    )
    comparison = beside(tmp_path, source, METRICS)
    (row,) = (row for row in comparison.rows if row.changed)
    assert "model(x_batch_train)" in (row.a or "")
    line = source.split("\n").index("            logits = model(x_batch_train)") + 1
    assert f"Line {line} trains" in comparison.spec[0].sentence
    assert line == row.a_pieces[0].line


def test_a_notebook_and_a_document_are_read_too(tmp_path: Path) -> None:
    source = planted(program(METRICS), ("batch_size = 32", "batch_size = 16"))
    cell: dict[str, object] = {"cell_type": "code", "source": source, "metadata": {}, "id": "a"}
    cell |= {"outputs": [], "execution_count": None}
    book = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "loop.ipynb").write_text(json.dumps(book), encoding="utf-8")
    (tmp_path / "loop.md").write_text(f"# A loop\n\n```python\n{source}```\n", encoding="utf-8")
    (tmp_path / "loop.py").write_text(source, encoding="utf-8")
    for one, other in (("loop.ipynb", "loop.py"), ("loop.md", "loop.ipynb")):
        found = documents_beside(tmp_path / one, tmp_path / other, GUIDES)
        assert () == found.spec
        assert all(row.same for row in found.rows)


def test_two_documents_are_asked_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(program(METRICS), encoding="utf-8")
    other = planted(program(METRICS), ("epochs = 2", "epochs = 5"))
    (tmp_path / "b.py").write_text(other, encoding="utf-8")
    found = documents_beside(tmp_path / "a.py", tmp_path / "b.py", GUIDES)
    assert ["epochs 2 ↔ 5"] == [one.sentence for one in found.spec]


def test_turned_a_comparison_says_the_same_the_other_way_round(tmp_path: Path) -> None:
    found = beside(tmp_path, planted(program(METRICS), ("epochs = 2", "epochs = 5")), METRICS)
    assert ["epochs 2 ↔ 5"] == [one.sentence for one in turned(found).spec]
    assert [row.b for row in found.rows] == [row.a for row in turned(found).rows]


def test_only_what_the_last_loop_needs_is_asked(tmp_path: Path) -> None:
    earlier = planted(
        program("keras_io_tf/first_loop"), ("learning_rate=1e-3", "learning_rate=5.0")
    )
    assert [] == sentences(tmp_path, f"{earlier}\n\n{program(METRICS)}", METRICS)


def test_a_loop_in_functions_is_found(tmp_path: Path) -> None:
    source = program("keras_io_tf/compiled")
    head, _, tail = source.partition("epochs = 2\n")
    body = "\n".join(f"    {row}" for row in tail.split("\n"))
    whole = f"{head}\n\ndef train(epochs, images):\n{body}\n\n\ntrain(2, train_dataset)\n"
    assert [] == sentences(
        tmp_path,
        whole.replace("in enumerate(train_dataset)", "in enumerate(images)"),
        "keras_io_tf/compiled",
    )


def test_a_train_step_that_fit_calls_is_called(tmp_path: Path) -> None:
    source = planted(
        program("keras_io_tf/metrics", "fit"),
        ("import tensorflow as tf\n", f"import tensorflow as tf\n{OWN_STEP}"),
        ("model = keras.Model(", "model = Own("),
    )
    found = sentences(tmp_path, source, f"{METRICS}@fit")
    assert not any("never called" in sentence for sentence in found)
    assert not any(" ↔ " in sentence for sentence in found), found


OWN_STEP = """

class Own(keras.Model):
    def train_step(self, data):
        images, labels = data
        with tf.GradientTape() as tape:
            logits = self(images, training=True)
            loss = self.compute_loss(y=labels, y_pred=logits)
        self.optimizer.apply(tape.gradient(loss, self.trainable_weights), self.trainable_weights)
        return {"loss": loss}
"""


def test_a_document_without_python_is_wrong_usage(tmp_path: Path) -> None:
    path = tmp_path / "text.md"
    path.write_text("# Words\n", encoding="utf-8")
    with pytest.raises(UsageError, match="no code in Python"):
        documents_beside(path, path, GUIDES)


def test_a_line_that_is_no_python_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="line 2 is no Python"):
        beside(tmp_path, "import keras\nfor x in:\n    pass\n", METRICS)


@pytest.mark.parametrize(
    ("name", "guide"),
    [
        ("keras_io_tf.md", "keras_io_tf"),
        ("multi_backend.md", "multi_backend"),
        ("dcgan_article.md", "dcgan_article"),
        ("keras_io_tf_zh.txt", "keras_io_tf_zh"),
    ],
)
def test_a_published_guide_differs_from_its_sections_in_nothing_but_what_it_never_calls(
    name: str, guide: str
) -> None:
    from core.diff.documents.comparing import document_beside_section
    from core.diff.subject import subject

    path = published(name)
    for scenario in CATALOG.select([guide]):
        if "~" in scenario.section:
            continue
        found = document_beside_section(path, subject(CATALOG, scenario.id), GUIDES).spec
        uncalled = ["train_step is defined and never called: nothing is trained."]
        expected = uncalled if scenario.section == "tracked_losses" else []
        assert expected == [one.sentence for one in found if one.kind != "printed"], scenario.id
