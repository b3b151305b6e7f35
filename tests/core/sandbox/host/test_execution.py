from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping

import pytest

from core.sandbox.host import run
from core.sandbox.host.execution import Execution
from tests.core.sandbox.host.small_documents import QUICK, printed, program


def test_no_descriptor_of_another_run_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    others: list[int] = []
    collect = Execution._collect

    def collect_beside_another_run(
        self: Execution, keeper: subprocess.Popen[bytes], reading: int
    ) -> Mapping[str, object]:
        others.extend(os.pipe())  # takes the number that the writing end had
        return collect(self, keeper, reading)

    monkeypatch.setattr(Execution, "_collect", collect_beside_another_run)
    assert ["hello"] == printed(run(program("print('hello')"), QUICK))
    for descriptor in others:
        os.close(descriptor)  # OSError where the run closed it
