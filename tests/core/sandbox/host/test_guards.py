from __future__ import annotations

from pathlib import Path

import pytest

from core.sandbox.host import run
from core.sandbox.host.guards import Guards, available
from tests.core.sandbox.host.small_documents import QUICK, error_of, printed, program, statuses

NONE = Guards()


def test_a_machine_without_namespaces_and_landlock_says_so() -> None:
    record = run(program("print(1)"), QUICK, guards=NONE)
    assert ["1"] == printed(record)
    states = {state.name: state.mechanism for state in record.guards}
    assert "audit hook" == states["network"]
    assert "audit hook" == states["writes"]
    assert "sub-reaper" == states["processes"]
    notes = " ".join(record.notes)
    assert "native code" in notes


def test_without_landlock_an_audit_hook_forbids_writing_outside(tmp_path: Path) -> None:
    target = tmp_path / "outside"
    victim = tmp_path / "victim"
    victim.touch()
    record = run(
        program(
            f"open({str(target)!r}, 'w')",
            f"import os\nos.remove({str(victim)!r})",
            f"import os\nos.rename('here', {str(target)!r})",
            "open('here', 'w').write('x')\nprint(open('here').read())",
        ),
        QUICK,
        guards=NONE,
    )
    assert ["error", "error", "error", "ok"] == statuses(record)
    assert "PermissionError" == error_of(record)[0]
    assert not target.exists()
    assert victim.exists()


def test_without_a_network_namespace_an_audit_hook_forbids_sockets() -> None:
    source = "import socket\nsocket.create_connection(('192.0.2.1', 80), timeout=1)"
    record = run(program(source), QUICK, guards=NONE)
    assert ("PermissionError", 2) == error_of(record)


def test_without_a_process_namespace_children_are_still_ended() -> None:
    source = """
        import subprocess, sys
        code = "import time; time.sleep(1000)"
        subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
    """
    record = run(program(source), QUICK, guards=NONE)
    assert 1 == record.left_processes


def test_the_network_stays_on_where_it_is_allowed() -> None:
    record = run(program("print(1)"), QUICK, allow_network=True)
    (state,) = [s for s in record.guards if s.name == "network"]
    assert "none" == state.mechanism
    assert any("as asked" in note for note in record.notes)


def test_the_guards_in_force_are_those_of_this_machine() -> None:
    record = run(program("print(1)"), QUICK)
    assert available().states(network=False) == record.guards


@pytest.mark.skipif(
    not available().own_processes,
    reason="no process namespace here; needs util-linux's unshare and user namespaces",
)
def test_a_document_sees_no_process_but_its_own() -> None:
    source = "import os\nprint(sorted(p for p in os.listdir('/proc') if p.isdigit())[-1])"
    record = run(program(source), QUICK)
    assert int(printed(record)[0]) < 10
