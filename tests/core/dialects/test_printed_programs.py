"""Every program of every section: formatted, complete, without a name that it does not define."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from core.dialects import DIALECTS, Printing, Program
from core.spec import PHASES, Scenario, ops
from core.spec.catalog import Catalog
from tests.conftest import REPOSITORY
from tests.example_scenarios import CLASSIFIER, CONTINUED, DRAWING

PUBLISHED = Catalog.load(REPOSITORY).scenarios
SCENARIOS = (*PUBLISHED, CLASSIFIER, CONTINUED, DRAWING)
PYTHON = ("tensorflow", "jax", "torch", "legacy", "fit")
SEED = 5


def printed_now(*names: str) -> list[Program]:
    return [
        DIALECTS[name].program(scenario, Printing(seed=SEED))
        for name in names
        for scenario in SCENARIOS
        if DIALECTS[name].refusal(scenario) is None
    ]


@cache
def programs(*names: str) -> list[Program]:
    return printed_now(*names)


def written(folder: Path, found: list[Program], suffix: str) -> list[Path]:
    paths = []
    for program in found:
        path = folder / f"{program.scenario.replace('/', '.')}@{program.dialect}{suffix}"
        path.write_text(program.source, encoding="utf-8")
        paths.append(path)
    return paths


def ruff(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ruff", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_ruff_leaves_every_python_program_as_it_is(tmp_path: Path) -> None:
    found = programs(*PYTHON)
    assert len(SCENARIOS) * 4 < len(found)
    written(tmp_path, found, ".py")
    formatted = ruff("format", "--isolated", "--diff", tmp_path)
    assert "" == formatted.stdout
    assert 0 == formatted.returncode


def test_no_python_program_uses_a_name_it_does_not_define_or_imports_one_in_vain(
    tmp_path: Path,
) -> None:
    written(tmp_path, programs(*PYTHON), ".py")
    # Left alone: zip without strict, a loop that only counts epochs, and `-(-n // m)` as a length.
    rules = ("--select", "F,E9,B,PLE", "--ignore", "B905,B007,PLE0303")
    checked = ruff("check", "--isolated", *rules, tmp_path)
    assert 0 == checked.returncode, checked.stdout


def test_every_line_of_code_fits_into_88_columns() -> None:
    for program in programs(*PYTHON):
        too_long = [line for line in program.source.split("\n") if len(line) > 88]
        docstring = [line for line in too_long if line.startswith(("Section ", '"""'))]
        assert docstring == too_long, program.scenario


@pytest.mark.parametrize("name", ["tensorflow", "jax", "torch", "legacy", "r"])
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.id)
def test_every_op_of_a_section_is_printed_under_its_id(name: str, scenario: Scenario) -> None:
    program = DIALECTS[name].program(scenario, Printing(seed=SEED))
    printed = {op for statement in program.statements for op in statement.ops}
    wanted = [op for op in ids(scenario) if name != "torch" or op not in tapes(scenario)]
    missing = [op for op in wanted if not any(p.startswith(op) for p in printed)]
    assert [] == missing


def ids(scenario: Scenario) -> list[str]:
    """The ids of what a section prints itself; an eager step returns nothing."""
    found = []
    for phase in PHASES:
        for index, op in enumerate(scenario.phase(phase)):
            if isinstance(op, ops.Continue) or (isinstance(op, ops.Return) and _eager(scenario)):
                continue
            found.append(f"{phase}[{index}]")
            if isinstance(op, ops.GradScope):
                found += [f"{phase}[{index}.{inner}]" for inner in range(len(op.body))]
    return found


def tapes(scenario: Scenario) -> list[str]:
    """The ids of gradient scopes, which torch opens no block for."""
    return [f"step[{n}]" for n, op in enumerate(scenario.step) if isinstance(op, ops.GradScope)]


def _eager(scenario: Scenario) -> bool:
    return scenario.execution == "eager"


@pytest.mark.parametrize("name", PYTHON)
def test_spans_are_the_lines_of_the_statements(name: str) -> None:
    for program in programs(name):
        lines = program.source.split("\n")
        for statement, (first, last) in zip(program.statements, program.spans, strict=True):
            assert statement.code.split("\n")[0] == lines[first - 1].lstrip()
            assert len(statement.code.split("\n")) == last - first + 1


def test_legacy_programs_say_nothing_that_keras_2_does_not_know() -> None:
    for program in programs("legacy"):
        assert "negative_slope" not in program.source
        assert ".reset_state()" not in program.source
        assert ".apply(" not in program.source
        ast.parse(program.source)


def test_programs_for_keras_3_use_no_name_of_keras_2() -> None:
    for program in programs("tensorflow", "jax", "torch", "fit"):
        for word in ("alpha=", "reset_states", "apply_gradients", "tf.keras"):
            assert word not in program.source


@pytest.mark.parametrize("name", ["tensorflow", "jax", "torch"])
def test_the_seed_and_the_file_asked_for_are_printed(name: str) -> None:
    program = DIALECTS[name].program(CLASSIFIER, Printing(seed=123, data="images.npz"))
    assert "keras.utils.set_random_seed(123)" in program.source
    assert 'np.load("images.npz")' in program.source
    assert "mnist" not in program.source


def test_programs_print_the_lines_of_their_logs_in_the_guides_own_numbers() -> None:
    (r_gan,) = (s for s in PUBLISHED if s.id == "r_style/gan")
    source = DIALECTS["tensorflow"].program(r_gan, Printing()).source
    assert "enumerate(dataset, start=1)" in source
    assert "for epoch in range(1, epochs + 1):" in source
    assert 'print(f"Start epoch:  {epoch} ")' in source


@pytest.mark.skipif(
    shutil.which("Rscript") is None,
    reason="R is not here; get it with `apt-get install r-base-core` to have the R programs parsed",
)
def test_r_parses_every_r_program(tmp_path: Path) -> None:
    paths = written(tmp_path, programs("r"), ".R")
    script = "for (file in commandArgs(TRUE)) invisible(parse(file, encoding = 'UTF-8'))"
    done = subprocess.run(
        ["Rscript", "--vanilla", "-e", script, *map(str, paths)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == done.returncode, done.stderr


def test_r_programs_count_steps_from_1_and_use_r_s_own_ways() -> None:
    for program in programs("r"):
        assert "step <- step + 1" in program.source
        assert "%as%" in program.source
        assert "|>" in program.source


def test_an_earlier_sections_log_is_not_printed_where_it_is_not_trained() -> None:
    scenario = next(s for s in PUBLISHED if s.id == "keras_io_tf/gan")
    said = [op for op in scenario.on_log if isinstance(op, ops.Log)]
    source = DIALECTS["tensorflow"].program(scenario, Printing()).source
    assert len(said) + 1 == source.count("print(")


def test_programs_are_the_same_every_time() -> None:
    again = [program.source for program in printed_now(*PYTHON)]
    assert [program.source for program in programs(*PYTHON)] == again
