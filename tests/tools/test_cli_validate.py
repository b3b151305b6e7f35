"""`validate` over documents that need no framework: figures, hostile documents, wrong usage."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.tools.parity import Called, parity

DOCUMENT = """# Counting

```python
for step in range(3):
    print(f"Seen so far: {32 * (step + 1)} samples")
```

<div class="k-default-codeblock">
```
Seen so far: 32 samples
Seen so far: 64 samples
Seen so far: 96 samples

```
</div>
"""


def write(folder: Path, text: str | bytes, name: str = "page.md") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def codes(called: Called) -> list[str]:
    found = called.document()["findings"]
    assert isinstance(found, list)
    return [finding["code"] for finding in found]


def test_a_document_that_prints_what_it_publishes_holds(tmp_path: Path) -> None:
    called = parity("validate", write(tmp_path, DOCUMENT))
    assert 0 == called.code, called.err
    assert "page.md holds: 3 of 3 figures hold, 1 cell ran" == called.out.splitlines()[0]
    assert all(len(line) <= 80 for line in called.out.splitlines()[1:])


def test_the_json_document_keeps_the_contract(tmp_path: Path) -> None:
    path = write(tmp_path, DOCUMENT.replace("64 samples", "65 samples"))
    called = parity("validate", path, "--json")
    assert 1 == called.code
    document = called.document()
    assert (1, "validate", str(path)) == (
        document["format"], document["verb"], document["document"],
    )  # fmt: skip
    cells, claims = document["cells"], document["claims"]
    assert isinstance(cells, list)
    assert isinstance(claims, list)
    names = {"index", "section", "language", "line", "status", "seconds", "error"}
    assert names <= cells[0].keys()
    assert ("ok", 4) == (cells[0]["status"], cells[0]["line"])
    assert {"kind", "cell", "line", "published", "observed", "verdict"} <= claims[0].keys()
    assert ["holds", "differs", "holds"] == [claim["verdict"] for claim in claims]
    assert ("65", 64.0, 11) == tuple(claims[1][key] for key in ("published", "observed", "line"))
    assert ["claim-count"] == codes(called)


def test_several_documents_have_a_summary(tmp_path: Path) -> None:
    write(tmp_path, DOCUMENT, "one.md")
    write(tmp_path, DOCUMENT.replace("96", "97"), "two.md")
    called = parity("validate", tmp_path, "--json")
    assert 1 == called.code
    summary = called.document()["summary"]
    assert isinstance(summary, Mapping)
    assert ("1 of 2 hold", 2, 1) == (summary["decision"], summary["documents"], summary["hold"])


def test_a_failing_cell_and_what_follows_from_it(tmp_path: Path) -> None:
    text = "# A\n\n```python\nimport nowhere_at_all as n\n```\n\n```python\nn.run()\n```\n"
    called = parity("validate", write(tmp_path, text), "--json")
    assert 1 == called.code
    cells = called.document()["cells"]
    assert isinstance(cells, list)
    assert ["error", "cascade"] == [cell["status"] for cell in cells]
    findings = called.document()["findings"]
    assert isinstance(findings, list)
    assert ["cell-error", "cascade-error"] == codes(called)
    assert findings[0]["where"].endswith("page.md:4")


HOSTILE: dict[str, tuple[str | bytes, str, str, int]] = {
    "leaves": ("```python\nimport sys\nsys.exit(3)\n```\n", "page.md", "cell-error", 1),
    "dies": ("```python\nimport os\nos._exit(3)\n```\n", "page.md", "cell-error", 1),
    "endless": ("```python\nwhile True:\n    pass\n```\n", "page.md", "cell-timeout", 1),
    "syntax": ("```python\nfor in x\n```\n", "page.md", "cell-error", 1),
    "empty": ("", "page.md", "no-code", 2),
    "prose": ("# Only words\n\nNothing to run.\n", "page.md", "no-code", 2),
    "binary": (b"\x00\x01\x02\xff" * 100, "page.md", "document-unreadable", 2),
    "no notebook": ("{not json", "page.ipynb", "document-unreadable", 2),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_ends_as_a_finding(tmp_path: Path, name: str) -> None:
    text, file, code, exits = HOSTILE[name]
    before = {path.name for path in tmp_path.iterdir()}
    called = parity("validate", write(tmp_path, text, file), "--json", "--seconds", "5")
    assert exits == called.code, called.err
    assert code in codes(called)
    assert (exits == 2) == ("error" in called.document()) == (not called.document()["judged"])
    assert before | {file} == {path.name for path in tmp_path.iterdir()}
    assert "Traceback" not in called.err


def test_a_document_of_fifty_megabytes_is_refused_at_once(tmp_path: Path) -> None:
    called = parity("validate", write(tmp_path, b"x" * 50_000_000), "--json")
    assert (2, ["document-too-large"]) == (called.code, codes(called))


def test_a_translation_that_says_something_else_drifts(tmp_path: Path) -> None:
    original = write(tmp_path, DOCUMENT, "original.md")
    changed = write(tmp_path, DOCUMENT.replace("range(3)", "range(2 + 1)"), "copy.md")
    same = parity("validate", original, "--against", original, "--json")
    assert (0, []) == (same.code, codes(same))
    called = parity("validate", changed, "--against", original, "--json")
    assert (1, ["translation-drift"]) == (called.code, codes(called))
    against = called.document()["against"]
    assert isinstance(against, dict)
    assert (2, 1, 1, False) == tuple(
        against[name] for name in ("statements", "same", "differences", "identical")
    )


def test_a_translation_with_the_originals_code_is_told_so(tmp_path: Path) -> None:
    original = write(tmp_path, DOCUMENT, "original.md")
    copy = write(tmp_path, DOCUMENT.replace("# Counting", "# Zählen"), "zählen.md")
    sentence = f"the code is that of {original}, statement by statement (2 statements)"
    said = parity("validate", copy, "--against", original)
    assert 0 == said.code
    assert sentence in said.out.splitlines()
    against = parity("validate", copy, "--against", original, "--json").document()["against"]
    assert isinstance(against, dict)
    assert (str(original), True, sentence) == tuple(
        against[name] for name in ("document", "identical", "sentence")
    )
    several = parity("validate", copy, original, "--against", original)
    assert 2 == several.out.splitlines().count(sentence)


R_LOOP = "# Una\n\n```{r}\nfor (i in 1:3) print(i)\n```\n"


def test_a_document_that_is_only_read_is_no_success(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # no R
    path = write(tmp_path, R_LOOP, "page.Rmd")
    called = parity("validate", path)
    assert (2, "nothing of page.Rmd was judged") == (called.code, called.out.splitlines()[0])
    assert f"error: {path}: nothing was judged: " in called.err


def test_one_document_of_several_that_is_not_judged_is_no_success(tmp_path: Path) -> None:
    good, prose = write(tmp_path, DOCUMENT, "good.md"), write(tmp_path, "Words.", "prose.md")
    called = parity("validate", good, prose, "--json")
    assert 2 == called.code
    summary, error = called.document()["summary"], called.document()["error"]
    assert isinstance(summary, dict)
    assert isinstance(error, dict)
    assert ("1 of 2 hold", 1) == (summary["decision"], summary["not_judged"])
    assert str(prose) == error["where"]
    wrong = write(tmp_path, DOCUMENT.replace("64 samples", "65 samples"), "wrong.md")
    assert 1 == parity("validate", wrong, prose).code


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere.md",), "no such document"),
        ((".", "--scenario", "nobody"), "unknown guide 'nobody'"),
        ((".", "--data", "nothing"), "unknown data set"),
        ((".", "--max-steps", "0"), "--max-steps"),
    ],
)
def test_wrong_usage_exits_with_two(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    write(tmp_path, DOCUMENT)
    called = parity("validate", *arguments, cwd=tmp_path)
    assert 2 == called.code
    assert said in called.err
    assert json.dumps(called.out) == '""'
