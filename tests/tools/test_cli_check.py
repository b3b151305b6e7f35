"""`record` and `check` over a guide in a folder of its own, from no golden to a damaged one."""

from __future__ import annotations

import json
import shlex
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.tools.parity import Called, at_terminal, parity

NATIVE = Path("golden/tiny/loop/tensorflow.native.fused.float32.json")
CONTROLLED = Path("golden/tiny/loop/tensorflow.controlled.fused.float32.json")


def guide(name: str, folder: Path) -> Path:
    """A scenario folder with one of the tests' guides."""
    shutil.copytree(REPOSITORY / "tests" / "guides" / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny guide with its goldens recorded."""
    folder = guide("tiny", tmp_path_factory.mktemp("guides"))
    called = parity("record", "tiny", "--reason", "a test", "--scenarios", folder)
    assert (0, "2 goldens written, 0 unchanged") == (called.code, called.out.strip()), called.err
    return folder


@pytest.fixture
def folder(recorded: Path, tmp_path: Path) -> Path:
    """A copy of the recorded guide that a test may damage."""
    return Path(shutil.copytree(recorded, tmp_path / "guides"))


def check(folder: Path) -> Called:
    """Checks the folder's guide."""
    return parity("check", "tiny", "--scenarios", folder, "--json")


def findings(called: Called) -> list[Mapping[str, object]]:
    """All findings of a check."""
    document = called.document()
    results = document["results"]
    stray = document["findings"]
    assert isinstance(results, list)
    assert isinstance(stray, list)
    return [finding for part in [r["findings"] for r in results] + [stray] for finding in part]


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a folder but compiled Python."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return {str(path): path.read_bytes() for path in found}


def change_first_loss(folder: Path) -> tuple[float, float]:
    """Moves the controlled golden's first loss by 0.1 %; returns the old and the new value."""
    path = folder / CONTROLLED
    text = path.read_text()
    first: float = json.loads(text)["trace"]["losses"]["loss"][0]
    path.write_text(text.replace(f"[{first}, ", f"[{first * 1.001}, "))
    return first, first * 1.001


def test_a_recorded_guide_passes_writes_nothing_and_keeps_the_contract(folder: Path) -> None:
    before = files(folder)
    called = check(folder)
    assert (0, []) == (called.code, findings(called))
    assert before == files(folder)
    document = called.document()
    summary = document["summary"]
    assert isinstance(summary, dict)
    assert {"scenarios": 1, "runs": 1, "passed": 1, "failed": 0, "skipped": 0}.items() <= (
        summary.items()
    )
    results = document["results"]
    assert isinstance(results, list)
    assert {"scenario", "backend", "status", "findings", "seconds"} <= results[0].keys()
    assert 0.0 == results[0]["figures"]["largest_relative"]


def test_the_answer_is_the_decision_and_a_line_per_section(folder: Path) -> None:
    call = ("check", "tiny", "--scenarios", folder)
    lines = parity(*call).out.splitlines()
    assert "all 1 runs passed (1 scenarios)" in lines[0]
    assert ["guide   section   tensorflow", "tiny    loop      ✓     0"] == [
        "   ".join(lines[1].split()),
        lines[2].replace("tiny  ", "tiny    ").replace("loop    ", "loop      "),
    ]
    assert lines == [line.rstrip() for line in lines]
    shown = [line.rstrip() for line in at_terminal(80, *call) if line.strip()]
    assert lines[1:] == shown[1:]


def test_what_failed_is_repeated_by_the_command_that_is_printed(folder: Path) -> None:
    old, new = change_first_loss(folder)
    called = parity("check", "t*", "--backend", "all", "--threads", "2", "--scenarios", folder)
    assert 1 == called.code
    lines = called.out.splitlines()
    assert "1 of 1 runs failed" in lines[0]
    repeat = lines[-1].removeprefix("to repeat what failed: ")
    assert f"parity check tiny/loop --backend tensorflow --threads 2 --scenarios {folder}" == repeat
    errors = [line for line in lines if line.startswith("error golden-mismatch  tiny/loop@")]
    assert errors
    assert len(errors) == len(set(errors)) == len([line for line in lines if line[:5] == "error"])
    evidence = next(line for line in lines if "evidence:" in line)
    assert repr(old) in evidence
    assert repr(new) in evidence
    again = parity(*shlex.split(repeat)[1:])
    assert (1, lines[1:]) == (again.code, again.out.splitlines()[1:])


def test_a_run_with_another_seed_says_once_that_trends_only_were_judged(folder: Path) -> None:
    called = parity("check", "tiny", "--seed", "5", "--scenarios", folder)
    said = [line for line in called.out.splitlines() if "structure and trend only" in line]
    assert 1 == len(said)
    assert "this run: seed 5 on digits; golden: seed 12 on digits" in said[0]


def test_every_damage_to_the_goldens_is_a_finding_with_evidence_and_remedy(folder: Path) -> None:
    old, new = change_first_loss(folder)
    native = folder / NATIVE
    native.write_text(native.read_text()[:2000])
    orphan = folder / "golden/tiny/gone/tensorflow.controlled.fused.float32.json"
    orphan.parent.mkdir()
    shutil.copy(folder / CONTROLLED, orphan)
    called = check(folder)
    assert 1 == called.code
    by_code = {finding["code"]: finding for finding in findings(called)}
    assert {"golden-mismatch", "golden-unreadable", "golden-orphan"} == by_code.keys()
    evidence = next(str(f["evidence"]) for f in findings(called) if f["code"] == "golden-mismatch")
    assert repr(old) in evidence
    assert repr(new) in evidence
    assert "parity record" in str(by_code["golden-mismatch"]["remedy"])
    assert "truncated" in str(by_code["golden-unreadable"]["evidence"])


def test_record_prints_the_difference_then_mends_only_what_changed(folder: Path) -> None:
    change_first_loss(folder)
    native = (folder / NATIVE).read_bytes()
    called = parity("record", "tiny", "--reason", "mended", "--scenarios", folder)
    assert (0, "1 goldens written, 1 unchanged") == (called.code, called.out.strip())
    assert "first differs at step 0" in called.err
    assert '"reason": "mended"' in (folder / CONTROLLED).read_text()
    assert native == (folder / NATIVE).read_bytes()


def test_a_loss_that_is_not_finite_fails_a_run(tmp_path: Path) -> None:
    folder = guide("diverging", tmp_path)
    called = parity("run", "diverging", "--backend", "tensorflow", "--scenarios", folder, "--json")
    assert 1 == called.code
    assert "not-finite" in called.err
    trace = called.document()["trace"]
    assert isinstance(trace, dict)
    assert "nan" in trace["losses"]["loss"]


def test_a_machine_that_rounds_otherwise_passes(folder: Path) -> None:
    """One thread for two, and oneDNN on for off: both change the order of sums."""
    options = ("--threads", "1", "--kernels", "default")
    called = parity("check", "tiny", "--scenarios", folder, "--json", *options)
    assert (0, []) == (called.code, findings(called))


def test_the_horizon_lies_beside_the_goldens_and_in_them(folder: Path) -> None:
    measured = json.loads((folder / "golden/tiny/loop/horizon.json").read_text())
    golden = json.loads((folder / CONTROLLED).read_text())
    assert measured["backends"]["tensorflow"] == golden["horizon"]
    assert json.loads((folder / NATIVE).read_text())["horizon"] is None
    limits = golden["horizon"]["losses"]["loss"]
    assert 0 < len(limits) <= 41


def test_measuring_again_gives_the_same_horizon(folder: Path) -> None:
    path = folder / "golden/tiny/loop/horizon.json"
    before = json.loads(path.read_text())
    path.unlink()
    called = parity("horizon", "tiny", "--scenarios", folder, "--json")
    assert 0 == called.code, called.err
    after = json.loads(path.read_text())
    assert before["backends"] == after["backends"]
    assert "parity horizon tiny" == after["command"]


def test_a_loss_beyond_the_horizon_of_its_step_fails_and_one_inside_passes(folder: Path) -> None:
    golden = json.loads((folder / CONTROLLED).read_text())
    losses, limits = golden["trace"]["losses"]["loss"], golden["horizon"]["losses"]["loss"]
    beyond = len(limits) - 1
    losses[beyond] *= 1 + 2 * limits[beyond]
    losses[beyond - 1] *= 1 + 0.5 * limits[beyond - 1]
    (folder / CONTROLLED).write_text(json.dumps(golden))
    called = check(folder)
    assert 1 == called.code
    assert ["golden-mismatch"] == [finding["code"] for finding in findings(called)]
    assert f"step {beyond}" in str(findings(called)[0])


def test_a_controlled_golden_without_a_horizon_is_no_golden(folder: Path) -> None:
    golden = json.loads((folder / CONTROLLED).read_text())
    (folder / CONTROLLED).write_text(json.dumps(golden | {"horizon": None}))
    called = check(folder)
    assert 1 == called.code
    assert ["golden-unreadable"] == [finding["code"] for finding in findings(called)]
