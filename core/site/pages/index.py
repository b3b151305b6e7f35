"""The first page: questions that lead to their answers, then every guide's sections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import frozen

from core.site.pages.page import Page, section_file
from core.site.recorded import Recorded
from core.site.texts import Text
from core.site.words.titles import guide_title, section_title
from core.spec.catalog import GuideEntry

TITLE = Text("One training loop, six ways to write it", "同一个训练循环，六种写法")
_ASKED: tuple[tuple[str, Text, Text], ...] = (
    (
        "keras_io_tf/first_loop?cols=tensorflow,jax#why",
        Text(
            "Why does the JAX loop look different, and is its loss the same?",
            "JAX 的循环为何看起来不同？损失相同吗？",
        ),
        Text("TensorFlow beside JAX", "TensorFlow 与 JAX 对照"),
    ),
    (
        "keras_io_tf/metrics?cols=tensorflow,fit#why",
        Text("Why does my loop differ from `fit`?", "我的循环为何与 `fit` 不同？"),
        Text("a loop beside `fit`", "循环与 `fit` 对照"),
    ),
    (
        "ops.html",
        Text(
            "What does each line do, and what if I leave it out?",
            "每一行做什么？漏掉会怎样？",
        ),
        Text("every line explained", "逐行讲解"),
    ),
    (
        "break.html",
        Text("What does a bug do to the curve?", "一个错误会把曲线变成什么样？"),
        Text("break it yourself", "故意弄坏"),
    ),
    (
        "multi_backend/metrics?cols=legacy,tensorflow#code",
        Text(
            "I found old code with `reset_states`. How is it written today?",
            "找到了带 `reset_states` 的旧代码，如今怎么写？",
        ),
        Text("Keras 2 beside Keras 3", "Keras 2 与 Keras 3 对照"),
    ),
    (
        "r_style/metrics?cols=r,tensorflow#code",
        Text("How is it said in R?", "用 R 怎么写？"),
        Text("R beside Python", "R 与 Python 对照"),
    ),
    (
        "keras_io_tf/gan#samples",
        Text("What does a GAN draw in its first steps?", "GAN 在最初几步画出什么？"),
        Text("samples, step by step", "逐步的样本"),
    ),
    (
        "defects.html",
        Text("What is wrong in the published guides?", "已发布的教程里有什么错误？"),
        Text("the ledger of defects, with evidence", "带证据的缺陷清单"),
    ),
)

_ORDER = ("keras_io_tf", "multi_backend", "r_style", "dcgan_article", "keras_io_tf_zh")


@frozen
class Question:
    """A question and the page that answers it."""

    href: str
    asked: Text
    where: Text


@frozen
class Card:
    """A section on the first page."""

    href: str
    title: Text
    fact: Text | None


@frozen
class Shelf:
    """A guide on the first page."""

    id: str
    title: Text
    year: int
    cards: tuple[Card, ...]


def index_page(entries: tuple[GuideEntry, ...], recorded: Mapping[str, Recorded]) -> Page:
    """The first page.

    Args:
        entries: the guides.
        recorded: what was recorded, by scenario id.
    """
    return Page(
        file="index.html",
        template="index.html",
        title=TITLE,
        values={
            "questions": tuple(_questions(entries)),
            "shelves": tuple(_shelf(e, recorded) for e in sorted(entries, key=_place)),
        },
    )


def _place(entry: GuideEntry) -> int:
    """Guides in the order in which one would read them; others after these."""
    known = entry.guide.id in _ORDER
    return _ORDER.index(entry.guide.id) if known else len(_ORDER)


def _questions(entries: tuple[GuideEntry, ...]) -> Iterator[Question]:
    """The questions whose pages exist."""
    files = {s.id: section_file(s) for entry in entries for s in entry.scenarios}
    for target, asked, where in _ASKED:
        section = target.partition("?")[0].partition("#")[0]
        if section in files:
            yield Question(files[section] + target.removeprefix(section), asked, where)
        elif section.endswith(".html"):
            yield Question(target, asked, where)


def _shelf(entry: GuideEntry, recorded: Mapping[str, Recorded]) -> Shelf:
    first = entry.scenarios[0]
    return Shelf(
        entry.guide.id,
        guide_title(first),
        entry.guide.year,
        tuple(
            Card(section_file(s), section_title(s), _fact(recorded[s.id])) for s in entry.scenarios
        ),
    )


def _fact(recorded: Recorded) -> Text | None:
    """The first and last loss, and the last validation accuracy."""
    trace = next(iter(recorded.traces.values()), None)
    if trace is None or not trace.steps:
        return Text("no step is taken", "一步也没有走") if trace is not None else None
    name = next(iter(trace.losses))
    values = trace.losses[name]
    said = Text("{steps} steps, `{name}` {a} → {b}", "{steps} 步，`{name}` {a} → {b}")
    ends = {"a": _short(values[0]), "b": _short(values[-1])}
    return said.format(steps=f"{trace.steps:,}", name=name, **ends)


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
