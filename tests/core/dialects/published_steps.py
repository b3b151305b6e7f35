"""A guide's own training steps beside the printed ones, statement by statement."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from attrs import frozen

from core.dialects import Program
from core.diff.pairing import in_order
from core.diff.same_code import Names, r_tokens, same_nodes, same_r
from core.documents.facts.figures import figure
from core.documents.reading import Cell, Document, follow, load_known, read_document
from core.documents.reading.syntax import Statement, statements
from core.spec import Scenario
from tests.conftest import REPOSITORY


@frozen
class Difference:
    """Statements without a partner: the guide's lines, the printed ops."""

    lines: frozenset[int]
    ops: frozenset[str]


@cache
def _sections(path: Path, guide: str) -> Mapping[int, str]:
    """The section of each cell of a guide's document."""
    known = {code.guide: code for code in load_known(REPOSITORY / "scenarios")}
    return follow(document_of(path), known[guide]).cells


def cells_of(document: Document, scenario: Scenario) -> list[Cell]:
    """The cells of a scenario's section in a guide's document."""
    sections = _sections(document.path, scenario.guide.id)
    section = scenario.section.partition("~")[0]
    return [
        cell
        for cell in document.cells
        if sections.get(cell.index) == section and not cell.full_listing
    ]


@frozen
class Said:
    """A statement of a step: its syntax, and where it stands."""

    node: ast.stmt
    line: int
    ops: tuple[str, ...] = ()


def python_steps(document: Document, scenario: Scenario) -> list[Said]:
    """The guide's training step in Python: a function's body, or that of the loop over batches."""
    for cell in cells_of(document, scenario):
        for node in ast.walk(ast.parse(cell.runnable or cell.source)):
            body = _step_body(node)
            if body is not None:
                return [Said(n, cell.line_of(n.lineno - 1)) for n in _flat(body)]
    raise AssertionError(f"no training step of {scenario.id} in {document.path}")


def printed_python_steps(program: Program) -> list[Said]:
    """The printed training step of the program's own section."""
    assert program.watch is not None
    begin = program.spans[program.watch.begin][0]
    by_line = {
        line: statement.ops
        for statement, (first, last) in zip(program.statements, program.spans, strict=True)
        for line in range(first, last + 1)
    }
    found: list[Said] = []
    for node in ast.walk(ast.parse(program.source)):
        body = _step_body(node)
        if body is not None and body[0].lineno >= begin:
            found = [Said(n, n.lineno, by_line[n.lineno]) for n in _flat(body)]
    return found


def _step_body(node: ast.AST) -> list[ast.stmt] | None:
    """The statements of a step, where a node is a function or a loop that holds its tape."""
    if not isinstance(node, ast.FunctionDef | ast.For):
        return None
    tapes = [n for n in node.body if isinstance(n, ast.With)]
    if not any("GradientTape" in ast.unparse(n.items[0]) for n in tapes):
        return None
    kept = []
    for statement in node.body:
        if isinstance(statement, ast.If):
            break  # from here on the loop logs
        if not _docstring(statement):
            kept.append(statement)
    return kept


def _docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _flat(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements, the body of a `with` after its header."""
    for node in body:
        if isinstance(node, ast.With):
            header = ast.With(items=node.items, body=[])
            yield ast.copy_location(header, node)
            yield from _flat(node.body)
        else:
            yield node


def constants(document: Document) -> dict[str, object]:
    """Figures that a guide gives a name, but for the batch size, which programs name too."""
    found: dict[str, object] = {}
    for cell in document.cells:
        if cell.language != "python":
            continue
        for node in ast.walk(ast.parse(cell.runnable or cell.source)):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                value = figure(node.value)
                name = node.targets[0].id
                if value is not None and name.lower() not in {"batch_size", "step", "epochs"}:
                    found[name] = value
    return found


def python_differences(document: Document, scenario: Scenario, program: Program) -> Difference:
    """What of a guide's step has no partner in the printed one, and the other way round."""
    ours, theirs = python_steps(document, scenario), printed_python_steps(program)
    names = Names(constants(document))

    def likeness(a: Said, b: Said) -> float:
        return float(_shape(a.node, names.constants) == _shape(b.node, {}))

    lines: set[int] = set()
    ops: set[str] = set()
    for i, j in in_order(ours, theirs, likeness):
        if i is not None and j is not None and same_nodes(ours[i].node, theirs[j].node, names):
            continue
        if i is not None:
            lines.add(ours[i].line)
        if j is not None:
            ops.update(theirs[j].ops)
    return Difference(frozenset(lines), frozenset(ops))


class _Shape(ast.NodeTransformer):
    """Every name alike, figures folded, sums in place written out."""

    def __init__(self, known: dict[str, object]) -> None:
        self._known = known

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id in self._known:
            return ast.Constant(figure(ast.Constant(self._known[node.id])))  # type: ignore[arg-type]
        return ast.Name("_", ast.Load())

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        value = ast.BinOp(ast.Name("_", ast.Load()), node.op, self.visit(node.value))
        return ast.Assign([ast.Name("_", ast.Load())], value)

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        value = figure(node)
        return self.generic_visit(node) if value is None else ast.Constant(value)


def _shape(node: ast.stmt, known: dict[str, object]) -> str:
    copy = ast.parse(ast.unparse(node) + ("\n    pass" if isinstance(node, ast.With) else ""))
    return ast.dump(_Shape(known).visit(copy))


@frozen
class RSaid:
    """A statement of a step in R."""

    statement: Statement
    text: str
    line: int
    ops: tuple[str, ...] = ()


def r_differences(document: Document, scenario: Scenario, program: Program) -> Difference:
    """What of a guide's step in R has no partner in the printed one, and the other way round."""
    ours = r_steps(document, scenario)
    source = program.source
    by_line = {
        line: statement.ops
        for statement, (first, last) in zip(program.statements, program.spans, strict=True)
        for line in range(first, last + 1)
    }
    begin = next(
        first
        for statement, (first, _) in zip(program.statements, program.spans, strict=True)
        if any(op.startswith(("step.function", "loop.epochs")) for op in statement.ops)
    )
    theirs = [
        RSaid(s, text, s.first + 1, by_line[s.first + 1])
        for s, text in _r_step(source)
        if s.first + 1 >= begin
    ]
    names = Names(r_constants(document))

    def likeness(a: RSaid, b: RSaid) -> float:
        return float(_r_shape(a.text, names) == _r_shape(b.text, names))

    lines: set[int] = set()
    ops: set[str] = set()
    for i, j in in_order(ours, theirs, likeness):
        if i is not None and j is not None and same_r(ours[i].text, theirs[j].text, names):
            continue
        if i is not None:
            lines.add(ours[i].line)
        if j is not None:
            ops.update(theirs[j].ops)
    return Difference(frozenset(lines), frozenset(ops))


def r_steps(document: Document, scenario: Scenario) -> list[RSaid]:
    """The guide's training step in R."""
    for cell in cells_of(document, scenario):
        found = _r_step(cell.source)
        if found:
            return [RSaid(s, text, cell.line_of(s.first)) for s, text in found]
    raise AssertionError(f"no training step of {scenario.id} in {document.path}")


def _r_step(source: str) -> list[tuple[Statement, str]]:
    """The statements around and under the tapes of a source, with their rows' text."""
    listed = statements(source, "r")
    tapes = [n for n, s in enumerate(listed) if "GradientTape" in s.text]
    if not tapes:
        return []
    rows = source.split("\n")
    depth = listed[tapes[-1]].depth
    first = last = tapes[-1]
    while first > 0 and listed[first - 1].depth >= depth and _in_step(listed[first - 1]):
        first -= 1
    while last + 1 < len(listed) and listed[last + 1].depth >= depth and _in_step(listed[last + 1]):
        last += 1
    return [(s, "\n".join(rows[s.first : s.last + 1])) for s in listed[first : last + 1]]


def _in_step(statement: Statement) -> bool:
    """Whether a statement belongs to the step, not to the loop around it."""
    text = statement.text
    loop = ("if (", "step <- ", "c ( x_batch_train", "while", "iterator", "for (")
    return not text.startswith(loop)


_FIGURE = re.compile(r"^(\w+) <- ([0-9.e+-]+)L?\s*(?:#.*)?$", re.MULTILINE)


def r_constants(document: Document) -> dict[str, object]:
    """Figures that a guide in R gives a name, but for the batch size and the loop's own."""
    cells = [cell.source for cell in document.cells if cell.language == "r"]
    found = {name: float(value) for source in cells for name, value in _FIGURE.findall(source)}
    return {n: v for n, v in found.items() if n not in {"batch_size", "epochs", "step"}}


def _r_shape(text: str, names: Names) -> list[str]:
    """Every name alike, figures by value."""
    shape = []
    for kind, found in r_tokens(text):
        if found in names.constants or kind in {"float", "integer"}:
            value = names.constants.get(found, found)
            shape.append(str(float(str(value))) if str(value) else "")
        else:
            shape.append("_" if kind == "identifier" else found)
    return [item for item in shape if item]


@cache
def document_of(path: Path) -> Document:
    """A guide's document."""
    return read_document(path)
