"""`pytest --parity docs/`: each section of a published document is a test.

This module needs pytest alone, 7 or later. It imports nothing of Loop Parity: `parity` runs as a
program of its own, and executes the documents with the interpreter that runs pytest, so that they
meet the packages of the project under test. For that, this interpreter is Python 3.11 or later and
has NumPy; where it is not, `parity` says so and what to install.

Options, on the command line or in the ini file:

- `--parity` collects documents.
- `--parity-command`, `parity_command`: the program; default: `parity` on the path, else the one
  that was installed together with this file.
- `--parity-args`, `parity_args`: more options for `parity validate`, such as
  `--max-steps 200 --accept accepted.yml`.
- `parity_documents`: names of documents; default `*.md *.ipynb *.Rmd *.qmd *.py`, of the last only
  sources that begin with a `Title:`, as keras.io's tutorials do.
"""

from __future__ import annotations

import fnmatch
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

PATTERNS = ("*.md", "*.ipynb", "*.Rmd", "*.qmd", "*.py")
_ENDED_WELL = (0, 1)
_NOT_JUDGED = 2  # wrong usage, or a document of which nothing was judged
_TITLE = re.compile(r"\s*(?:#[^\n]*\n\s*)*[rR]?(?:\"\"\"|''')\s*Title:")
_HEAD = 2000  # characters in which a title stands

Fields = Mapping[str, object]


class ParityError(Exception):
    """`parity` could not be run, or could not read what it was given."""


class FindingsError(Exception):
    """A section has findings that matter."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the options."""
    group = parser.getgroup("parity", "published documents")
    group.addoption("--parity", action="store_true", help="collect documents, a test per section")
    group.addoption("--parity-command", metavar="COMMAND", help="the program `parity`")
    group.addoption("--parity-args", metavar="OPTIONS", help="more options for `parity validate`")
    parser.addini("parity_command", "the program `parity`", default="")
    parser.addini("parity_args", "more options for `parity validate`", type="args", default=[])
    parser.addini("parity_documents", "names of documents", type="args", default=list(PATTERNS))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> DocumentFile | None:
    """Collects a document."""
    if not parent.config.getoption("--parity") or not _is_document(parent.config, file_path):
        return None
    document: DocumentFile = DocumentFile.from_parent(parent, path=file_path)
    return document


def _is_document(config: pytest.Config, path: Path) -> bool:
    if not any(fnmatch.fnmatch(path.name, str(p)) for p in config.getini("parity_documents")):
        return False
    if path.suffix != ".py":
        return True
    with path.open(encoding="utf-8", errors="replace") as text:
        return _TITLE.match(text.read(_HEAD)) is not None


class DocumentFile(pytest.File):
    """A document."""

    def collect(self) -> Iterator[SectionItem]:
        """A test for each section with code."""
        for section in _runner(self.config).sections(self.path):
            item: SectionItem = SectionItem.from_parent(
                self, name=str(section["id"]), section=section
            )
            yield item


class SectionItem(pytest.Item):
    """A section of a document."""

    def __init__(self, *, section: Fields, **given: object) -> None:
        super().__init__(**given)  # type: ignore[arg-type]
        self.section = section

    def runtest(self) -> None:
        """Fails with the section's findings; its document is run for the first of its sections."""
        report = _runner(self.config).report(self.path, self.session.items)
        found = [s for s in _list(report, "sections") if s.get("id") == self.section["id"]]
        if not found:
            raise ParityError(f"`parity` reports no section {self.section['id']!r}")
        mine = found[0]
        rest = [f for f in _list(mine, "findings") if f.get("severity") == "note"]
        texts = [self._words(finding) for finding in rest]
        texts += [
            _accepted(self._words(_fields(one, "finding")), one) for one in _list(mine, "accepted")
        ]
        if texts:
            self.add_report_section("call", "parity", "\n\n".join(texts))
        if mine.get("status") == "failed":
            failed = [f for f in _list(mine, "findings") if f.get("severity") != "note"]
            raise FindingsError("\n\n".join(self._words(finding) for finding in failed))
        if mine.get("status") == "skipped":
            raise pytest.skip.Exception(str(mine.get("reason")), _use_item_location=True)

    def _words(self, finding: Fields) -> str:
        where = str(finding.get("where")).replace(str(self.path), _shown(self.path))
        return (
            f"{where}: {finding.get('severity')} {finding.get('code')}: {finding.get('message')}\n"
            f"    evidence: {finding.get('evidence')}\n    remedy: {finding.get('remedy')}"
        )

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None
    ) -> str:
        """The findings, without a traceback through this file."""
        if isinstance(excinfo.value, (FindingsError, ParityError)):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo, style))  # type: ignore[arg-type]

    def reportinfo(self) -> tuple[Path, int, str]:
        """The section's place."""
        return (
            self.path,
            int(str(self.section["line"])) - 1,
            f"{self.path.name}: {self.section['title']}",
        )


def _accepted(words: str, one: Fields) -> str:
    return f"{words}\n    accepted until {one.get('expires')}: {one.get('reason')}"


def _shown(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


class Runner:
    """Runs `parity`, and remembers what it said."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._sections: dict[Path, list[Fields]] = {}
        self._reports: dict[Path, Fields] = {}
        self._problem = ""

    def sections(self, path: Path) -> list[Fields]:
        """The sections of a document with code; the documents beside it are read along with it."""
        if path not in self._sections:
            beside = [p for p in sorted(path.parent.iterdir()) if p.is_file()]
            wanted = [p for p in beside if p == path or _is_document(self._config, p)]
            try:
                listed = self._documents(["--list"], wanted)
            except ParityError:
                listed = self._documents(["--list"], [path])  # another document is at fault
            for one in wanted:
                fields = listed.get(str(one), {})
                sections = _list(fields, "sections") if fields.get("cells") else []
                self._sections[one] = sections
        return self._sections[path]

    def report(self, path: Path, items: Sequence[pytest.Item]) -> Fields:
        """The report of a document.

        All documents of the session are run together, several at a time; in a process of xdist,
        which need not run the others, this one alone.
        """
        if path not in self._reports:
            if self._problem:
                raise ParityError(self._problem)
            wanted = [path]
            if not hasattr(self._config, "workerinput"):
                others = [item.path for item in items if isinstance(item, SectionItem)]
                wanted = [one for one in dict.fromkeys([path, *others]) if one not in self._reports]
            more = [*self._config.getini("parity_args")]
            more += shlex.split(self._config.getoption("--parity-args") or "")
            try:
                found = self._documents(["--python", sys.executable, *more], wanted)
            except ParityError as error:
                self._problem = str(error)
                raise
            for one in wanted:
                if str(one) in found:
                    self._reports[one] = found[str(one)]
        if path not in self._reports:
            raise ParityError(f"`parity` reports nothing of {path}")
        return self._reports[path]

    def _documents(self, options: Sequence[str], paths: Sequence[Path]) -> dict[str, Fields]:
        """The JSON of some documents, by path."""
        command = [*self._command(), "validate", "--json", *options, "--", *map(str, paths)]
        try:
            done = subprocess.run(
                command, capture_output=True, encoding="utf-8", errors="replace", check=False
            )
        except OSError as error:
            raise ParityError(f"{command[0]} cannot be run: {error}") from None
        try:
            answer = json.loads(done.stdout)
        except ValueError:
            answer = {}
        told = bool({"document", "documents"} & answer.keys())  # wrong usage tells of none
        if done.returncode not in _ENDED_WELL and not (done.returncode == _NOT_JUDGED and told):
            shown = shlex.join(command)
            raise ParityError(f"`{shown}` ended with {done.returncode}:\n{done.stderr.strip()}")
        if not answer:
            raise ParityError(f"`{command[0]}` gave no JSON: {done.stdout[:500]}")
        documents = _list(answer, "documents") or [answer]
        return {str(document.get("document")): document for document in documents}

    def _command(self) -> list[str]:
        asked = self._config.getoption("--parity-command") or self._config.getini("parity_command")
        if asked:
            return shlex.split(str(asked))
        found = shutil.which("parity") or _beside()
        if found is None:
            raise ParityError(
                "there is no `parity` on the path; name it with --parity-command, or in the ini "
                "file with parity_command"
            )
        return [found]


def _beside() -> str | None:
    """The program that was installed together with this file: in a folder above it."""
    folder, name = ("Scripts", "parity.exe") if os.name == "nt" else ("bin", "parity")
    for parent in Path(__file__).resolve().parents:
        for place in (parent / folder / name, parent / ".venv" / folder / name):
            if place.is_file():
                return str(place)
    return None


_KEY = "_parity_runner"


def _runner(config: pytest.Config) -> Runner:
    known = getattr(config, _KEY, None)
    if not isinstance(known, Runner):
        known = Runner(config)
        setattr(config, _KEY, known)
    return known


def _list(fields: Fields, name: str) -> list[Fields]:
    value = fields.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _fields(fields: Fields, name: str) -> Fields:
    value = fields.get(name)
    return value if isinstance(value, dict) else {}
