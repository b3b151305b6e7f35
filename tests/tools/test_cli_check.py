"""`record` and `check` over a guide in a folder of its own, from no golden to a damaged one."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.tools.parity import Called, at_terminal, parity

NATIVE = Path("golden/tiny/loop/tensorflow.native.fused.float32.json")
CONTROLLED = Path("golden/tiny/loop/tensorflow.controlled.fused.float32.json")
REFERENCE = Path("golden/reference/tiny/loop/numbers.json")
HORIZON = Path("golden/horizons/tiny/loop.json")


def guide(name: str, folder: Path) -> Path:
    """A scenario folder with one of the tests' guides."""
    shutil.copytree(REPOSITORY / "tests" / "guides" / name, folder / name)
    return folder


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache of this module's own, for all its calls."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARITY_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny guide with its goldens recorded."""
    folder = guide("tiny", tmp_path_factory.mktemp("guides"))
    called = parity("record", "tiny", "--reason", "a test", "--scenarios", folder)
    said = "2 goldens written, 0 unchanged; 1 references written, 1 horizons measured"
    assert (0, said) == (called.code, called.out.strip()), called.err
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


def change_loss(folder: Path, by: float = 1.001, step: int = 0) -> tuple[float, float]:
    """Moves a loss of the reference, by 0.1 %; returns the old and the new value."""
    path = folder / REFERENCE
    text = path.read_text()
    (start,) = json.loads(text)["stations"]
    old: float = start["readings"]["tensorflow"]["losses"]["loss"][step]
    changed, count = re.subn(rf"(?<=[\[ ]){re.escape(str(old))}(?=[,\]])", str(old * by), text)
    assert 1 == count
    path.write_text(changed)
    return old, old * by


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
    figures = results[0]["figures"]
    assert 41 == figures["compared_steps"]
    assert 0.0 < figures["largest_share"] < 1.0
    assert figures["last"] == pytest.approx(figures["reference_last"], rel=1e-3)


def test_the_answer_is_the_decision_and_a_line_per_section(folder: Path) -> None:
    call = ("check", "tiny", "--scenarios", folder)
    lines = parity(*call).out.splitlines()
    assert "all 1 runs passed (1 scenarios)" in lines[0]
    assert ["guide", "section", "tensorflow"] == lines[1].split()
    assert re.fullmatch(r"tiny  loop    ✓  0\.\d\d", lines[2])
    share = lines[2].split()[-1]
    largest = f"largest difference {share} of its limit, tiny/loop@tensorflow"
    assert lines[3].startswith(largest)
    assert lines == [line.rstrip() for line in lines]
    shown = [line.rstrip() for line in at_terminal(80, *call) if line.strip()]
    assert lines[1:] == shown[1:]


def test_what_is_known_of_an_earlier_check_is_not_run_again(folder: Path) -> None:
    def lines(*options: str) -> list[str]:
        return parity("check", "tiny", "--scenarios", folder, *options).out.splitlines()

    lines()
    known, fresh = lines(), lines("--no-cache")
    assert "all 1 runs passed (1 scenarios); 1 from the cache, " in known[0]
    assert "cache" not in fresh[0]
    assert known[1:] == fresh[1:]
    document = check(folder).document()
    summary, results = document["summary"], document["results"]
    assert isinstance(summary, dict)
    assert isinstance(results, list)
    assert (1, True) == (summary["cached"], results[0]["cached"])
    # What it is judged by is read anew: damage to it is seen.
    change_loss(folder)
    assert 1 == check(folder).code


def test_what_failed_is_repeated_by_the_command_that_is_printed(folder: Path) -> None:
    old, new = change_loss(folder)
    called = parity("check", "t*", "--backend", "all", "--threads", "2", "--scenarios", folder)
    assert 1 == called.code
    lines = called.out.splitlines()
    assert "1 of 1 runs failed" in lines[0]
    repeat = lines[-1].removeprefix("to repeat what failed: ")
    assert f"parity check tiny/loop --backend tensorflow --threads 2 --scenarios {folder}" == repeat
    errors = [line for line in lines if line.startswith("error golden-mismatch  tiny/loop@")]
    assert 1 == len(errors)
    assert "(station start): losses.loss[0]" in errors[0]
    assert len(errors) == len(set(errors)) == len([line for line in lines if line[:5] == "error"])
    evidence = next(line for line in lines if "evidence:" in line)
    assert f"expected {new!r}" in evidence
    assert f"found {old:.3f}" in evidence  # single precision agrees to six digits
    again = parity(*shlex.split(repeat)[1:])
    assert (1, lines[1:]) == (again.code, again.out.splitlines()[1:])


def test_with_another_seed_numbers_are_judged_by_a_live_reference(folder: Path) -> None:
    call = ("check", "tiny", "--seed", "5", "--scenarios", folder)
    before = files(folder)
    called = parity(*call)
    assert 0 == called.code
    assert before == files(folder)
    assert re.search(r"^tiny  loop    ✓  0\.\d\d$", called.out, re.MULTILINE)
    said = [line for line in called.out.splitlines() if "structure and trend only" in line]
    assert 1 == len(said)
    assert "this run: seed 5 on digits; golden: seed 12 on digits" in said[0]
    # What is recorded is of another seed: it is not what these numbers are compared with.
    change_loss(folder, by=2.0)
    document = parity(*call, "--json").document()
    results = document["results"]
    assert isinstance(results, list)
    assert 41 == results[0]["figures"]["compared_steps"]
    assert "passed" == results[0]["status"]


@pytest.mark.parametrize("path", [REFERENCE, HORIZON])
def test_without_its_reference_or_its_horizon_a_section_fails(folder: Path, path: Path) -> None:
    (folder / path).unlink()
    called = check(folder)
    assert 1 == called.code
    (finding,) = findings(called)
    assert ("golden-missing", "error") == (finding["code"], finding["severity"])
    remedy = "parity horizon tiny/loop" if path == HORIZON else "parity record tiny/loop"
    assert remedy in str(finding["remedy"])


def test_every_damage_to_the_goldens_is_a_finding_with_evidence_and_remedy(folder: Path) -> None:
    old, new = change_loss(folder)
    native = folder / NATIVE
    native.write_text(native.read_text()[:2000])
    orphan = folder / "golden/tiny/gone/tensorflow.controlled.fused.float32.json"
    orphan.parent.mkdir()
    shutil.copy(folder / CONTROLLED, orphan)
    (folder / "golden/horizons/tiny/gone.json").write_text("damaged")
    called = check(folder)
    assert 1 == called.code
    by_code = {finding["code"]: finding for finding in findings(called)}
    assert {"golden-mismatch", "golden-unreadable", "golden-orphan"} == by_code.keys()
    orphans = [str(f["where"]) for f in findings(called) if f["code"] == "golden-orphan"]
    assert 2 == len(orphans)
    assert any("horizons/tiny/gone.json" in where for where in orphans)
    evidence = next(str(f["evidence"]) for f in findings(called) if f["code"] == "golden-mismatch")
    assert f"expected {new!r}" in evidence
    assert f"found {old:.3f}" in evidence
    assert "parity record" in str(by_code["golden-mismatch"]["remedy"])
    assert "truncated" in str(by_code["golden-unreadable"]["evidence"])


def test_record_prints_the_difference_then_mends_only_what_changed(folder: Path) -> None:
    controlled = folder / CONTROLLED
    first: float = json.loads(controlled.read_text())["trace"]["losses"]["loss"][0]
    controlled.write_text(controlled.read_text().replace(f"[{first}, ", f"[{first * 1.001}, "))
    change_loss(folder)
    kept = {path: (folder / path).read_bytes() for path in (NATIVE, HORIZON)}
    called = parity("record", "tiny", "--reason", "mended", "--scenarios", folder, "--json")
    document = called.document()
    said = "1 goldens written, 1 unchanged; 1 references written, 0 horizons measured"
    assert (0, said) == (called.code, document["decision"])
    assert (["tiny/loop"], []) == (document["references"], document["horizons"])
    written = document["files"]
    assert isinstance(written, list)
    assert {str(CONTROLLED.name): "changed", str(NATIVE.name): "unchanged"} == {
        Path(file["file"]).name: file["kind"] for file in written
    }
    assert "first differs at step 0" in called.err
    for path in (CONTROLLED, REFERENCE):
        assert '"reason": "mended"' in (folder / path).read_text()
    assert kept == {path: (folder / path).read_bytes() for path in kept}
    again = parity("record", "tiny", "--reason", "once more", "--scenarios", folder)
    nothing = "0 goldens written, 2 unchanged; 0 references written, 0 horizons measured"
    assert (0, nothing) == (again.code, again.out.strip())


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


def test_measuring_again_gives_the_same_horizon(folder: Path) -> None:
    path = folder / HORIZON
    before = json.loads(path.read_text())
    path.unlink()
    called = parity("horizon", "tiny", "--scenarios", folder, "--json")
    assert 0 == called.code, called.err
    after = json.loads(path.read_text())
    assert before | {"command": "parity horizon tiny"} == after
    (measured,) = json.loads(called.out)["horizons"]
    assert {"scenario": "tiny/loop", "horizon": after} == measured
    # Eight seeds as pinned, and two in each of three variations.
    assert 8 + 3 * 2 == len(after["samples"])
    stored = parity("horizon", "tiny", "--stored", "--scenarios", folder, "--json").document()
    assert [measured] == stored["horizons"]


def test_a_loss_beyond_the_horizon_of_its_step_fails_and_one_inside_passes(folder: Path) -> None:
    measured = json.loads((folder / HORIZON).read_text())
    largest = max(measured["stations"]["start"]["losses"]["loss"])
    change_loss(folder, 1 + 2 * largest, step=40)
    change_loss(folder, 1 + 6 * largest, step=30)
    called = check(folder)
    assert 1 == called.code
    assert ["golden-mismatch"] == [finding["code"] for finding in findings(called)]
    assert "losses.loss[30]" in str(findings(called)[0]["where"])
    change_loss(folder, 1 / (1 + 6 * largest), step=30)  # back to what it was, but for rounding
    assert 0 == check(folder).code
