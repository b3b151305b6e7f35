"""A section's page: its programs in columns, its curves, its models, its samples, its defects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen
from markupsafe import Markup

from core.dialects import DIALECTS, Dialect, Printing, Program, own_dialect, printed
from core.site.charts.accuracy import accuracy_charts
from core.site.charts.agreement import Pair, agreement_charts, pairs
from core.site.charts.chart import BACKEND_NAMES
from core.site.charts.losses import loss_charts
from core.site.code import statement
from core.site.columns import Line, base, columns
from core.site.pages.page import Page, anchor, program_file, section_file, slug
from core.site.recorded import Recorded
from core.site.sheets.saved import saved
from core.site.sheets.stored import strips
from core.site.texts import Text
from core.site.words.dialects import PORTRAITS, Portrait
from core.site.words.explanation import Explanation
from core.site.words.lookup import explanation, places
from core.site.words.parts import PARTS, part_of
from core.site.words.titles import guide_title, introduction, section_title
from core.spec import Scenario, layers, ops
from core.spec.catalog import GuideEntry
from core.spec.defect import Defect

SEED = 12  # the goldens'


@frozen
class Column:
    """One dialect's column.

    Attributes:
        id: the dialect's id.
        portrait: the dialect in words.
        file: the whole program, to take along.
        shown: whether the page shows it at first.
    """

    id: str
    portrait: Portrait
    file: str
    shown: bool


@frozen
class Row:
    """One row of the table of code.

    Attributes:
        line: the aligned statements.
        anchor: its place on the page; empty where an earlier row has the op.
        also: places of ops that its statements do besides, and that have no row of their own.
        explained: what explains it.
        cells: HTML by dialect.
    """

    line: Line
    anchor: str
    also: tuple[str, ...]
    explained: Explanation | None
    cells: Mapping[str, Markup]


@frozen
class Part:
    """Rows that belong together."""

    id: str
    title: Text
    folded: bool
    rows: tuple[Row, ...]


def default_columns(scenario: Scenario) -> tuple[str, str]:
    """The two dialects that a page opens with: the guide's own, and the one most unlike it."""
    own = own_dialect(scenario).id
    return own, ("tensorflow" if own == "r" else "jax")


def section_page(
    entry: GuideEntry, scenario: Scenario, recorded: Recorded, options: Printing
) -> tuple[Page, Mapping[str, bytes]]:
    """A section's page, and the programs and images that go with it, by file name."""
    spoken = [one for one in DIALECTS.values() if one.refusal(scenario) is None]
    programs = [printed(scenario, dialect, options) for dialect in spoken]
    files = {
        program_file(scenario, d.id, d.language): program.source.encode()
        for d, program in zip(spoken, programs, strict=True)
    }
    shown = default_columns(scenario)
    lines = columns(_ordered(programs, shown[0]))
    parts = tuple(_parts(lines, scenario, {d.id: d for d in spoken}))
    found = tuple(pairs(scenario, recorded))
    images = tuple(saved(slug(scenario), recorded.traces))
    page = Page(
        file=section_file(scenario),
        template="section.html",
        title=section_title(scenario),
        values={
            "scenario": scenario,
            "guide": guide_title(scenario),
            "introduction": introduction(scenario),
            "columns": [
                Column(
                    d.id,
                    PORTRAITS[d.id],
                    program_file(scenario, d.id, d.language),
                    d.id in shown,
                )
                for d in spoken
            ],
            "refused": [
                (PORTRAITS[d.id], d.refusal(scenario))
                for d in DIALECTS.values()
                if d.refusal(scenario) is not None
            ],
            "parts": parts,
            "silent": _silent(parts, scenario),
            "explained": _explained(parts),
            "pairs": found,
            "losses": tuple(loss_charts(recorded)),
            "agreement": tuple(agreement_charts(scenario, recorded)),
            "accuracies": tuple(accuracy_charts(recorded)),
            "models": recorded.models,
            "names": BACKEND_NAMES,
            "zero_slope": _zero_slope(scenario, found),
            "strips": strips(scenario),
            "saved": images,
            "defects": tuple(_defects(entry.defects, scenario)),
            "siblings": [(section_file(s), section_title(s)) for s in entry.scenarios],
        },
    )
    return page, files | {f"sheets/{one.file}": one.png for one in images}


def _ordered(programs: Sequence[Program], first: str) -> list[Program]:
    return sorted(programs, key=lambda program: program.dialect != first)


def _parts(
    lines: Sequence[Line], scenario: Scenario, dialects: Mapping[str, Dialect]
) -> Iterator[Part]:
    current, rows = "prepare", list[Row]()
    heads = {anchor(base(line.op)) for line in lines}
    known: set[str] = set()
    for line in lines:
        part = part_of(line.op, current)
        if part != current and rows:
            yield Part(current, PARTS[current].title, PARTS[current].folded, tuple(rows))
            rows = []
        current = part
        place = anchor(base(line.op))
        sequence = (op for cell in line.cells.values() for piece in cell.pieces for op in piece.ops)
        also = tuple(
            dict.fromkeys(a for op in sequence if (a := anchor(base(op))) not in heads | known)
        )
        rows.append(
            Row(
                line,
                "" if place in known else place,
                also,
                explanation(line.op, scenario),
                {name: _cell(line, name, dialects[name].language) for name in line.cells},
            )
        )
        known |= {place, *also}
    if rows:
        yield Part(current, PARTS[current].title, PARTS[current].folded, tuple(rows))


def _silent(parts: Sequence[Part], scenario: Scenario) -> tuple[str, ...]:
    """Places of ops that no program needs a statement for, such as going on with a model."""
    known = {place for part in parts for row in part.rows for place in (row.anchor, *row.also)}
    every = dict.fromkeys(anchor(place) for place, _ in places(scenario))
    return tuple(place for place in every if place not in known)


def _cell(line: Line, dialect: str, language: str) -> Markup:
    pieces = line.cells[dialect].pieces
    return Markup("").join(statement(piece, language) for piece in pieces)


def _explained(parts: Sequence[Part]) -> tuple[Explanation, ...]:
    found = {row.explained.key: row.explained for p in parts for row in p.rows if row.explained}
    return tuple(found.values())


def _defects(defects: Sequence[Defect], scenario: Scenario) -> Iterator[Defect]:
    """The ledger entries of a section, of its variants' original too."""
    section = f"{scenario.guide.id}/{scenario.section.partition('~')[0]}/"
    yield from (defect for defect in defects if defect.id.startswith(section))


def _zero_slope(scenario: Scenario, found: Sequence[Pair]) -> bool:
    """Whether JAX lies apart because of its LeakyReLU's slope at 0: ten times as far as others."""
    leaky = any(
        isinstance(layer, layers.LeakyReLU)
        for op in scenario.setup
        if isinstance(op, ops.BuildModel)
        for layer in op.model.layers
    )
    with_jax = [pair.largest for pair in found if "jax" in (pair.first, pair.second)]
    without = [pair.largest for pair in found if "jax" not in (pair.first, pair.second)]
    return leaky and max(with_jax, default=0.0) > 10 * max(without, default=1.0)
