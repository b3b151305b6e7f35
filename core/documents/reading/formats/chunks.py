"""Chunks of R Markdown, Quarto and MyST: engines and the options that decide execution."""

from __future__ import annotations

from collections.abc import Mapping

import yaml
from attrs import define, evolve

from core.documents.reading.blocks import Code, OutputBlock, Prose, RawBlock, Row, Untagged, trimmed
from core.documents.reading.document import CellLanguage
from core.documents.reading.formats.markdown import PYTHON_TAGS
from core.documents.reading.syntax import r_code

SHOWN_ONLY = "shown, not executed: the document's executable chunks are written in braces"


@define
class ChunkReader:
    """Reads the fences of one document, remembering the options set for all later chunks.

    Attributes:
        evaluated: whether chunks that do not say are executed.
        may_raise: whether chunks that do not say may end in an error.
        shown: whether a rendering shows chunks that do not say.
    """

    evaluated: bool = True
    may_raise: bool = False
    shown: bool = True

    def set_defaults(self, header: Mapping[str, object]) -> None:
        """Takes the options of a Quarto header (`execute:`, `knitr: opts_chunk:`)."""
        for options in (header.get("execute"), _inside(header, "knitr", "opts_chunk")):
            if isinstance(options, Mapping):
                self._take(options)

    def _take(self, options: Mapping[str, object]) -> None:
        self.evaluated = _truth(options.get("eval"), self.evaluated)
        self.may_raise = _truth(options.get("error"), self.may_raise)
        self.shown = _shown_by(options, self.shown)

    def __call__(self, info: str, rows: tuple[Row, ...]) -> list[RawBlock] | None:
        """What a fence is, where its info string stands in braces."""
        if not info.startswith("{"):
            return None
        inside, _, after = info.removeprefix("{").partition("}")
        engine = inside.replace(",", " ").split(" ", 1)[0].strip()
        if engine.startswith("."):  # Pandoc's attributes: `{.r .numberLines}`
            return None
        if engine == "code-cell":
            return [_code_cell(after.strip() or "python", rows)]
        options: dict[str, object] = {}
        options.update(_braced_options(inside[len(engine) :]))
        options.update(_comment_options(rows))
        language: CellLanguage = "other"
        skip = None
        if engine.lower() == "r":
            language = "r"
        elif engine.lower() in PYTHON_TAGS:
            language = "python"
        else:
            skip = f"a {engine} chunk, neither Python nor R"
        if skip is None and not _truth(options.get("eval"), self.evaluated):
            skip = "eval=FALSE"
        may_raise = _truth(options.get("error"), self.may_raise)
        if language == "r":
            for given in r_code.calls("\n".join(row.text for row in rows), "opts_chunk$set"):
                self._take(dict(given))
        hidden = not _shown_by(options, self.shown)
        return [Code(trimmed(rows), language, skip, may_raise, chunk=True, hidden=hidden)]


def _code_cell(kernel: str, rows: tuple[Row, ...]) -> Code:
    """A MyST code cell, with its `:tags:`."""
    tags = ""
    first = 0
    while first < len(rows) and rows[first].text.startswith(":"):
        if rows[first].text.startswith(":tags:"):
            tags = rows[first].text
        first += 1
    python = kernel.lower() in PYTHON_TAGS
    skip = None if python else f"a {kernel} cell"
    if "skip-execution" in tags:
        skip = "skip-execution"
    language: CellLanguage = "python" if python else "other"
    may_raise = "raises-exception" in tags
    return Code(trimmed(rows[first:]) or rows[:1], language, skip, may_raise, chunk=True)


def _braced_options(text: str) -> dict[str, str]:
    """The `name = value` options of `{r label, eval = FALSE}`, read as R reads arguments."""
    call = r_code.first_call(f"f({text.strip().lstrip(',')})")
    return r_code.named_arguments(call) if call is not None else {}


def _comment_options(rows: tuple[Row, ...]) -> dict[str, object]:
    """The options of leading `#|` rows: YAML, or R's `name = value`."""
    given = []
    for row in rows:
        if not row.text.startswith("#|"):
            break
        given.append(row.text.removeprefix("#|").removeprefix(" "))
    text = "\n".join(given)
    try:
        options: object = yaml.safe_load(text)
    except yaml.YAMLError:
        options = None
    if isinstance(options, dict):
        return {str(name): value for name, value in options.items()}
    return dict(_braced_options(", ".join(given)))


def _truth(value: object, otherwise: bool) -> bool:
    """A literal yes or no; anything that would have to be computed counts as yes."""
    if value is None:
        return otherwise
    return str(value).strip().upper() not in {"FALSE", "F", "NO"}


def _shown_by(options: Mapping[str, object], otherwise: bool) -> bool:
    """Whether a rendering shows code under some options."""
    return _truth(options.get("include"), True) and _truth(options.get("echo"), otherwise)


def _inside(header: Mapping[str, object], *names: str) -> object:
    value: object = header
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def without_shown_only(blocks: list[RawBlock]) -> list[RawBlock]:
    """Plain fences among executable chunks are shown, not executed; alone they are the code.

    A rendered vignette keeps the name `.Rmd` and holds plain fences only.
    """
    if not any(isinstance(block, Code) and block.chunk for block in blocks):
        return blocks
    return [_shown(block) for block in blocks]


def _shown(block: RawBlock) -> RawBlock:
    if isinstance(
        block, Untagged | OutputBlock
    ):  # a source publishes nothing; it may sketch something
        return Prose(block.rows[0].line, "\n".join(row.text for row in block.rows))
    if isinstance(block, Code) and not block.chunk and block.skip is None:
        return evolve(block, skip=SHOWN_ONLY)
    return block
