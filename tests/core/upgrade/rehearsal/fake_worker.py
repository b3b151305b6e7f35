"""A worker program without a framework: it does what the subject's name says."""

from __future__ import annotations

import json
from pathlib import Path

from core.trace.encoding import plain
from tests.core.upgrade.rehearsal.runs import trace

PROGRAM = """
import json, os, signal, sys, time
trace = json.loads({trace!r})
for line in sys.stdin:
    name = json.loads(line)["scenarios"][0].rpartition("/")[2]
    def send(event, **fields):
        print(json.dumps(dict(event=event, **fields)), flush=True)
    if name == "sleeps":
        time.sleep(600)
    if name == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if name == "crashes":
        print("Fatal: segmentation fault", file=sys.stderr, flush=True)
        os._exit(139)
    if name == "aborts":
        print("terminate called after throwing std::bad_alloc", file=sys.stderr, flush=True)
        os._exit(134)
    if name == "chatters":
        print("I print to stdout", flush=True)
    if name == "raises":
        problem = dict(kind="AttributeError", what="AttributeError: no reset", where="line 3",
                       expected="", remedy="")
        send("failed", problem=problem)
    elif name == "starves":
        send("failed", problem=dict(kind="MemoryError", what="MemoryError: ", where=""))
    else:
        trace["seconds"] = float(os.getpid())
        trace["warnings"] = [sys.argv[1], os.environ.get("PYTHONPATH", "none")]
        send("progress", done=1, total=2)
        send("trace", trace=trace)
    send("done")
"""


def fake_code(folder: Path) -> Path:
    """A folder that offers `core.run.worker.limited`, as a copy of the code does."""
    place = folder / "core" / "run" / "worker"
    place.mkdir(parents=True)
    for package in (folder / "core", place.parent, place):
        (package / "__init__.py").write_text("")
    text = json.dumps(plain(trace()))
    (place / "limited.py").write_text(PROGRAM.replace("{trace!r}", repr(text)))
    return folder
