"""Markdown: tagged and untagged fences, keras.io's outputs, tables in HTML, pictures."""

from __future__ import annotations

from pathlib import Path

from core.documents.reading import OutputKind, claims_of
from tests.core.documents.reading.reading_text import codes, document, sources

KERAS_IO = """
    # A title with `code`

    ```python
    print("Start of epoch 0")
    print("loss:", 0.5)
    ```

    <div class="k-default-codeblock">
    ```
    Start of epoch 0
    loss: 0.5

    ```
    </div>
    ---
    ## Next

    ```python
    x = 1
    ```
"""


def test_keras_io_outputs_without_blank_rows_swallow_nothing(tmp_path: Path) -> None:
    read = document(tmp_path, "guide.md", KERAS_IO)
    assert ['print("Start of epoch 0")\nprint("loss:", 0.5)', "x = 1"] == sources(read)
    assert ["A title with code", "Next"] == [section.title for section in read.sections]
    assert [0, 1] == [cell.section for cell in read.cells]
    (output,) = read.outputs
    assert "Start of epoch 0\nloss: 0.5" == output.text
    assert (10, 11) == output.lines


def test_an_output_block_never_closed_is_left_to_markdown(tmp_path: Path) -> None:
    text = '```python\nx = 1\n```\n\n<div class="k-default-codeblock">\n```\nloss 1\n'
    assert ["x = 1"] == sources(document(tmp_path, "guide.md", text))


def test_summary_tables_in_html_are_text_on_their_lines(tmp_path: Path) -> None:
    text = """
        ```python
        model.summary()
        ```

        <pre style="x"><b>Model: "net"</b>
        </pre>

        <pre>┏━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━┳━━━━━━━━━┓
        ┃<b> Layer (type) </b>┃ Output Shape ┃ Param # ┃
        ┡━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━╇━━━━━━━━━┩
        │ d (<i>Dense</i>)    │ (None, <i>1</i>)    │ <i>1,024</i>   │
        └──────────────┴──────────────┴─────────┘
        </pre>
    """
    read = document(tmp_path, "guide.md", text)
    assert [OutputKind.TABLE, OutputKind.TABLE] == [output.kind for output in read.outputs]
    (claim,) = claims_of(read)
    assert (11, "net", "d", "Dense", (None, 1), 1024) == (
        claim.line, claim.model, claim.name, claim.layer, claim.output_shape, claim.params,
    )  # fmt: skip


def test_untagged_fences_are_told_apart_by_what_they_hold(tmp_path: Path) -> None:
    text = """
        Words.

        ```
        def f(x):
            return x
        ```

        More.

        ```
        Epoch 1 of 3 with 10 batches...
        loss 0.5
        ```

        ```
        Summary
        ```

        ```
        x <- f(1)
        ```
    """
    read = document(tmp_path, "article.md", text)
    assert [("python", 4), ("r", 20)] == [(cell.language, cell.line) for cell in read.cells]
    assert ["Epoch 1 of 3 with 10 batches...\nloss 0.5", "Summary"] == [
        output.text for output in read.outputs
    ]


def test_an_untagged_block_right_after_tagged_code_is_its_output(tmp_path: Path) -> None:
    text = "```python\nprint(x)\n```\n\n```\nloss = 0.5\n```\n\nWords.\n\n```\ny = f(2)\n```\n"
    read = document(tmp_path, "guide.md", text)
    assert ["print(x)", "y = f(2)"] == sources(read)
    assert ["loss = 0.5"] == [output.text for output in read.outputs]


def test_an_untagged_block_with_one_wrong_row_is_still_code(tmp_path: Path) -> None:
    text = "```\nimport os\nx = (1, 2)\nprint(x)\ny = 3\nz = = 4\n```\n"
    read = document(tmp_path, "article.md", text)
    assert 1 == len(read.cells)
    assert ["cell-error"] == codes(read)
    assert read.findings[0].where.endswith("article.md:6")


def test_blocks_of_other_languages_are_cells_that_never_run(tmp_path: Path) -> None:
    text = "```python\nx = 1\n```\n\n```bash\npip install keras\n```\n\n```text\nloss 1.5\n```\n"
    read = document(tmp_path, "guide.md", text)
    assert [None, "a bash block, neither Python nor R"] == [cell.skip for cell in read.cells]
    assert [1, 0] == [len(cell.outputs) for cell in read.cells]


def test_a_session_at_the_prompt_is_split_into_code_and_output(tmp_path: Path) -> None:
    text = """
        ```pycon
        >>> for i in range(2):
        ...     print("loss", i)
        ...
        loss 0
        loss 1
        >>> x = 1
        ```
    """
    read = document(tmp_path, "session.md", text)
    assert ['for i in range(2):\n    print("loss", i)', "x = 1"] == sources(read)
    assert [(2, 3), (7,)] == [cell.lines for cell in read.cells]
    assert [(5, "loss 0"), (6, "loss 1")] == list(read.outputs[0].rows)


def test_code_in_lists_and_quotes_is_found(tmp_path: Path) -> None:
    text = "- first\n\n  ```python\n  x = 1\n  ```\n\n> ```python\n> y = 2\n> ```\n"
    assert ["x = 1", "y = 2"] == sources(document(tmp_path, "guide.md", text))


def test_front_matter_gives_title_and_the_original(tmp_path: Path) -> None:
    text = "---\ntitle: Named\ntether: ../original.md\n---\n\n```python\nx = 1\n```\n"
    read = document(tmp_path, "guide.md", text)
    assert ("Named", "../original.md") == (read.title, read.against)
    assert [7] == [cell.line for cell in read.cells]


def test_a_broken_front_matter_is_a_finding_and_the_rest_is_read(tmp_path: Path) -> None:
    read = document(tmp_path, "guide.md", "---\na: [\n---\n\n```python\nx = 1\n```\n")
    assert (["document-header"], ["x = 1"]) == (codes(read), sources(read))


def test_pictures_that_the_code_saves_are_claims(tmp_path: Path) -> None:
    text = """
        ![](images/logo.png)

        ```python
        plt.savefig(f"out/epoch{epoch}.png")
        ```

        ![after](images/epoch3.png)
        ![unrelated](images/other.png)
    """
    read = document(tmp_path, "guide.md", text)
    assert ["images/epoch3.png", "images/other.png"] == [output.text for output in read.outputs]
    assert [("epoch3.png", 7)] == [(claim.name, claim.line) for claim in claims_of(read)]


def test_headings_with_the_same_title_get_ids_of_their_own(tmp_path: Path) -> None:
    read = document(tmp_path, "guide.md", "# A b!\n\n## A b\n\n```python\nx = 1\n```\n")
    assert ["a-b", "a-b-1"] == [section.id for section in read.sections]
