"""Answers questions: `python -m PACKAGE.programs`, a line of JSON for each, in and out."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def main() -> int:
    """Imports Keras and answers until stdin ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # a stray print must not break the answer

    from . import artifacts, meanings, surface
    from .loaded import Loaded

    at = Loaded()
    for line in sys.stdin:
        question = json.loads(line)
        match question:
            case {"do": "meanings"}:
                answer: object = meanings.answer(at)
            case {"do": "surface"}:
                answer = surface.answer(at)
            case {"do": "write", "folder": str(folder)}:
                answer = artifacts.write(at, Path(folder))
            case {"do": "read", "folder": str(folder)}:
                answer = artifacts.read(at, Path(folder))
            case {"do": "own", "path": str(path), "out": str(out)}:
                answer = artifacts.own(at, Path(path), Path(out))
            case {"do": "apart", "path": str(path), "predictions": str(predictions)}:
                answer = artifacts.apart(at, Path(path), Path(predictions))
            case _:
                raise ValueError(f"unknown question {question!r}")
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
    return 0


if __name__ == "__main__":
    status = main()
    sys.stderr.flush()
    os._exit(status)  # everything is answered; taking a framework apart would take a second
