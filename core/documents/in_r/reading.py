"""What the R code of a document says of itself before it runs: packages, backend, training."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from core.documents.reading.syntax.grammar import node_text, parse

if TYPE_CHECKING:
    from tree_sitter import Node

FRAMEWORKS = ("tensorflow", "jax", "torch", "tf_keras", "keras")
_LOADING = frozenset({"library", "require", "requireNamespace", "loadNamespace", "p_load"})
_ASSIGNING = frozenset({"<-", "=", "<<-"})
_TRAINING = frozenset({"fit", "train_on_batch"})
_TRAINING_MEMBERS = _TRAINING | {
    "apply",
    "apply_gradients",
    "backward",
    "grad",
    "gradient",
    "minimize",
    "stateless_apply",
    "value_and_grad",
}


def packages(sources: Sequence[str]) -> frozenset[str]:
    """The R packages that code loads by `library` and its like, or names before `::`."""
    found: set[str] = set()
    for node in _nodes(sources):
        if node.type == "namespace_operator":
            found.add(_text(node.child_by_field_name("lhs")))
        elif node.type == "call" and _called(node) in _LOADING:
            found |= set(_first_argument(node))
    return frozenset(found)


def modules(sources: Sequence[str]) -> tuple[str, ...]:
    """The frameworks, as Python modules, that code reaches through its R packages or by name."""
    found = {"keras"} if packages(sources) & {"keras3", "keras"} else set[str]()
    if packages(sources) & {"tensorflow", "tfdatasets"}:
        found.add("tensorflow")
    for node in _nodes(sources):
        if node.type == "call" and _called(node) == "import":
            found |= {name.partition(".")[0] for name in _first_argument(node)}
    return tuple(name for name in FRAMEWORKS if name in found)


def backend(sources: Sequence[str]) -> str:
    """Keras's backend as the code sets it; the empty string where it leaves it alone."""
    for node in _nodes(sources):
        if node.type != "call":
            continue
        if _called(node) == "use_backend":
            return next(iter(_first_argument(node)), "")
        if _called(node) == "Sys.setenv":
            for argument in _arguments(node):
                if _text(argument.child_by_field_name("name")) == "KERAS_BACKEND":
                    return _text(argument.child_by_field_name("value")).strip("\"'")
    return ""


def training(sources: Sequence[str]) -> list[bool]:
    """Which pieces of code train when they are executed, as far as their text tells.

    A function counts where it is called, not where it is assigned.
    """
    functions: dict[str, list[Node]] = {}
    executed: list[list[Node]] = []
    for source in sources:
        calls: list[Node] = []
        waiting = [parse(source, "r").root_node]
        while waiting:
            node = waiting.pop()
            name = _assigned_function(node)
            if name:
                functions.setdefault(name, []).append(node)
                continue
            if node.type == "call":
                calls.append(node)
            waiting.extend(node.children)
        executed.append(calls)
    known: set[str] = set()
    while found := {
        name
        for name, nodes in functions.items()
        if name not in known and any(_trains(c, known) for n in nodes for c in _calls(n))
    }:
        known |= found
    return [any(_trains(call, known) for call in calls) for calls in executed]


def _trains(call: Node, known: set[str]) -> bool:
    function = call.child_by_field_name("function")
    if function is not None and function.type == "extract_operator":
        return _text(function.child_by_field_name("rhs")) in _TRAINING_MEMBERS
    return _called(call) in _TRAINING | known


def _assigned_function(node: Node) -> str:
    """The name that a function is assigned to, also through a call such as `tf_function`."""
    if node.type != "binary_operator":
        return ""
    operator = node.child_by_field_name("operator")
    target, value = node.child_by_field_name("lhs"), node.child_by_field_name("rhs")
    if _text(operator) not in _ASSIGNING or target is None or target.type != "identifier":
        return ""
    if value is not None and value.type == "call":
        first = next(iter(_arguments(value)), None)
        value = first.child_by_field_name("value") if first else None
    return _text(target) if value is not None and value.type == "function_definition" else ""


def _calls(node: Node) -> Iterator[Node]:
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if one.type == "call":
            yield one
        waiting.extend(one.children)


def _nodes(sources: Sequence[str]) -> Iterator[Node]:
    for source in sources:
        waiting = [parse(source, "r").root_node]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.children))


def _called(call: Node) -> str:
    """The name of the function of a call, without its package."""
    function = call.child_by_field_name("function")
    if function is not None and function.type == "namespace_operator":
        function = function.child_by_field_name("rhs")
    return _text(function) if function is not None and function.type == "identifier" else ""


def _arguments(call: Node) -> Iterator[Node]:
    inside = call.child_by_field_name("arguments")
    for node in inside.named_children if inside is not None else ():
        if node.type == "argument":
            yield node


def _first_argument(call: Node) -> Iterator[str]:
    """The name or text that a call is given first, where that is plain to see."""
    for argument in _arguments(call):
        value = argument.child_by_field_name("value")
        if value is not None and value.type in ("identifier", "string"):
            yield _text(value).strip("\"'`")
        return


def _text(node: Node | None) -> str:
    return "" if node is None else node_text(node)
