"""Markdown's blocks by markdown-it: headings, fences, keras.io's outputs, HTML tables, pictures."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from core.documents.reading.blocks import (
    Code,
    Heading,
    OutputBlock,
    Picture,
    Prose,
    RawBlock,
    Row,
    Untagged,
    numbered,
    trimmed,
)
from core.documents.reading.document import OutputKind

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

PYTHON_TAGS = frozenset({"python", "py", "python3", "ipython", "ipython3"})
_CONSOLE_TAGS = frozenset({"pycon", "python-console", "python-repl", "doctest"})
_OUTPUT_TAGS = frozenset({"text", "txt", "output", "console-output", "none", "plaintext", "log"})
_OUTPUT_DIV = '<div class="k-default-codeblock">'

FenceReader = Callable[[str, tuple[Row, ...]], list[RawBlock] | None]
"""Reads a fence's info string and rows; `None` leaves it to the rules of plain Markdown."""


def read_markdown(
    text: str, first: int = 1, read_fence: FenceReader | None = None
) -> tuple[str | None, list[RawBlock]]:
    """The front matter, if any, and the blocks of a Markdown text.

    Args:
        text: the Markdown.
        first: the file's line of its first row.
        read_fence: what a format that extends Markdown makes of its fences.
    """
    tokens = _markdown_it().parse(text)
    header = next((t.content for t in tokens if t.type == "front_matter"), None)
    blocks: list[RawBlock] = []
    for token, following in zip(tokens, [*tokens[1:], None], strict=False):
        start = first + (token.map[0] if token.map else 0)
        match token.type:
            case "heading_open" if following is not None:
                blocks.append(Heading(start, int(token.tag[1:]), _plain(following.content)))
            case "inline":
                before = blocks[-1] if blocks else None
                if not (isinstance(before, Heading) and before.line == start):
                    blocks.extend(_prose(token.content, start))
            case "fence":
                rows = numbered(token.content.removesuffix("\n"), start + 1)
                own = read_fence(token.info.strip(), rows) if read_fence is not None else None
                blocks.extend(_fence(token.info.strip(), rows) if own is None else own)
            case "code_block":
                blocks.append(Untagged(trimmed(numbered(token.content, start))))
            case "keras_output":
                blocks.append(OutputBlock(numbered(token.content, start)))
            case "html_block":
                blocks.extend(_html(token.content, start))
            case _:
                pass
    return header, [block for block in blocks if _holds(block)]


def _holds(block: RawBlock) -> bool:
    """Whether a block holds anything but blank rows."""
    return not isinstance(block, Code | OutputBlock | Untagged) or any(
        row.text.strip() for row in block.rows
    )


def _fence(info: str, rows: tuple[Row, ...]) -> list[RawBlock]:
    tag = info.strip("{}").lstrip(".").replace(",", " ").split(" ", 1)[0].lower()
    if tag in PYTHON_TAGS or tag == "r":
        return [Code(trimmed(rows), "r" if tag == "r" else "python")]
    if tag in _CONSOLE_TAGS:
        return list(_console(rows))
    if tag in _OUTPUT_TAGS:
        return [OutputBlock(rows)]
    if tag:
        return [Code(rows, "other", skip=f"a {tag} block, neither Python nor R")]
    return [Untagged(rows)]


def _console(rows: tuple[Row, ...]) -> Iterator[RawBlock]:
    """A session at Python's prompt: each example a piece of code and what it printed."""
    import doctest

    try:
        examples = doctest.DocTestParser().get_examples("\n".join(row.text for row in rows))
    except ValueError:  # prompts without a blank after them, or uneven margins
        yield Code(rows, "other", skip="a session at a prompt that cannot be split")
        return
    for example in examples:
        first = rows[example.lineno].line
        source = example.source.removesuffix("\n")
        yield Code(numbered(source, first), "python")
        if example.want:
            prompts = 1
            while rows[example.lineno + prompts].text.lstrip().startswith("..."):
                prompts += 1
            yield OutputBlock(numbered(example.want.removesuffix("\n"), first + prompts))


def _prose(content: str, start: int) -> Iterator[RawBlock]:
    yield Prose(start, content)
    if "![" in content or "<img" in content:
        for token in _inline_tokens(content):
            if token.type == "image" and (source := token.attrGet("src")):
                yield Picture(start, str(source))


def _html(content: str, start: int) -> Iterator[RawBlock]:
    reader = _PreReader()
    reader.feed(content)
    reader.close()
    text = "".join(reader.text)
    if text.strip():
        rows = trimmed(numbered(text, start))
        yield OutputBlock(rows, OutputKind.STREAM)
    elif reader.pictures:
        for picture in reader.pictures:
            yield Picture(start, picture)
    else:
        yield Prose(start, content)


class _PreReader(HTMLParser):
    """The text inside `<pre>`, with the newlines of everything else: rows keep their lines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.pictures: list[str] = []
        self._inside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enters `<pre>`; notes pictures."""
        if tag == "pre":
            self._inside += 1
        elif tag == "img":
            self.pictures.extend(value for name, value in attrs if name == "src" and value)
        self.text.append("\n" * (self.get_starttag_text() or "").count("\n"))

    def handle_endtag(self, tag: str) -> None:
        """Leaves `<pre>`."""
        if tag == "pre":
            self._inside = max(0, self._inside - 1)

    def handle_data(self, data: str) -> None:
        """Keeps text inside, newlines outside."""
        self.text.append(data if self._inside else "\n" * data.count("\n"))


def _plain(content: str) -> str:
    """A heading without its markup."""
    tokens = _inline_tokens(content)
    return "".join(t.content for t in tokens if t.type in {"text", "code_inline"}).strip()


def _inline_tokens(content: str) -> list[Token]:
    if len(content) > 20_000:  # a paragraph of that size is no heading and shows no picture
        return []
    (root,) = _inline_reader().parseInline(content)
    return root.children or []


@cache
def _inline_reader() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark")


def _markdown_it() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.front_matter import front_matter_plugin

    reader = MarkdownIt("commonmark").use(front_matter_plugin)
    reader.core.ruler.enableOnly(["normalize", "block"])  # inline markup only where it is asked for
    reader.block.ruler.before(
        "html_block",
        "keras_output",
        _keras_output,
        {"alt": ["paragraph", "reference", "blockquote"]},
    )
    return reader


def _keras_output(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """keras.io's own output block: a `div` around a fence, without the blank rows CommonMark asks.

    Without this rule the fence's closing marks would open a new fence and swallow what follows.
    """

    def row(number: int) -> str:
        return state.src[state.bMarks[number] : state.eMarks[number]].strip()

    if row(start) != _OUTPUT_DIV:
        return False
    opening = start + 1
    if opening >= end or not row(opening).startswith("```"):
        return False
    closings = state.env.setdefault("closings", [n for n in range(end) if row(n) == "```"])
    later = bisect_right(closings, opening)
    closing = closings[later] if later < len(closings) else end
    if closing >= end:
        return False
    if silent:
        return True
    last = closing + 1 if closing + 1 < end and row(closing + 1) == "</div>" else closing
    token = state.push("keras_output", "", 0)
    token.content = state.getLines(opening + 1, closing, 0, False)
    token.map = [opening + 1, closing]
    state.line = last + 1
    return True
