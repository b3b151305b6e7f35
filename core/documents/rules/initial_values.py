"""`shared-initializer` and `seed-without-effect`: first weights that are not what they seem.

Sources: Keras 3's `RandomInitializer` draws its seed once, when it is made, and gives the same
values for the same shape at every call; Keras 2 has done so since 2.10. Keras 3 draws those seeds
from Python's `random`, which `tf.random.set_seed` leaves alone and `keras.utils.set_random_seed`
seeds.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from core.documents.reading import Document
from core.documents.rules.look import Look, listed
from core.documents.rules.naming import dotted, imported_names, python_trees
from core.trace.finding import Finding, FindingCode

_RANDOM = frozenset(
    f"{family}{law}" for family in ("Glorot", "He", "Lecun") for law in ("Normal", "Uniform")
) | {"RandomNormal", "RandomUniform", "TruncatedNormal", "VarianceScaling", "Orthogonal"}
_BUILDS = (
    "keras.layers.",
    "keras.Sequential",
    "keras.Model",
    "keras.models.",
    "keras.applications.",
)
_SEEDS = ("keras.utils.set_random_seed", "random.seed")


def shared_initializers(look: Look) -> Iterator[Finding]:
    """Random initializers that were made once and are given to several weights."""
    names = imported_names(look.document)
    made: dict[str, tuple[str, int]] = {}
    rebound: set[str] = set()
    given: dict[str, list[int]] = {}
    for cell, tree in python_trees(look.document):
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                target = node.targets[0]
                if isinstance(target, ast.Name):
                    kind = _initializer(node.value, names)
                    if target.id in made or not kind:
                        rebound.add(target.id)
                    else:
                        made[target.id] = kind, cell.line_of(node.lineno - 1)
            elif isinstance(node, ast.Call):
                for word in node.keywords:
                    if (word.arg or "").endswith("initializer") and isinstance(
                        word.value, ast.Name
                    ):
                        given.setdefault(word.value.id, []).append(cell.line_of(word.lineno - 1))
    for name, (kind, line) in made.items():
        lines = sorted(given.get(name, []))
        if name in rebound or len(lines) < 2:
            continue
        yield look.finding(
            FindingCode.SHARED_INITIALIZER,
            line,
            f"one {kind} is given to {len(lines)} weights, which begin with the same values",
            f"read from the code: given at lines {listed(map(str, lines), 8)}; an initializer "
            "draws its seed once, when it is made, and repeats its values at every call",
        )


def _initializer(value: ast.expr, names: dict[str, str]) -> str:
    """The name of the random initializer that an expression makes; empty for anything else."""
    if not isinstance(value, ast.Call):
        return ""
    full = dotted(value.func, names)
    last = full.rpartition(".")[2]
    if "keras." not in full or last not in _RANDOM:
        return ""
    seeds = [word.value for word in value.keywords if word.arg == "seed"]
    return last if all(isinstance(seed, ast.Constant) for seed in seeds) else ""


def seed_without_effect(look: Look) -> Iterator[Finding]:
    """Documents that seed TensorFlow and nothing else, and let Keras 3 draw weights."""
    if look.version("keras") < (3,):
        return
    calls = list(_calls(look.document))
    seeded = [line for name, line in calls if name == "tensorflow.random.set_seed"]
    others = any(name in _SEEDS for name, _ in calls)
    if not seeded or others or not any(name.startswith(_BUILDS) for name, _ in calls):
        return
    yield look.finding(
        FindingCode.SEED_WITHOUT_EFFECT,
        seeded[0],
        "this seed leaves Keras's first weights and dropout unseeded",
        "Keras 3 draws them from Python's `random`, which nothing here seeds; keras "
        f"{'.'.join(map(str, look.version('keras')))} ran here",
    )


def _calls(document: Document) -> Iterator[tuple[str, int]]:
    """The dotted name and line of each call."""
    names = imported_names(document)
    for cell, tree in python_trees(document):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield dotted(node.func, names), cell.line_of(node.lineno - 1)
