"""The documentation is true: commands, options, helps and paths exist, and pages have readers."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from tests.conftest import REPOSITORY
from tools import json_page
from tools.cli.main import GROUPS, cli
from tools.pages import help_of, with_help

PAGES = [REPOSITORY / "README.md", REPOSITORY / "ARCHITECTURE.md", *REPOSITORY.glob("docs/*.md")]
TEXTS = {
    path.relative_to(REPOSITORY).as_posix(): path.read_text(encoding="utf-8") for path in PAGES
}
COMMAND_LINE = TEXTS["docs/command-line.md"]
VERBS = [verb for verbs in GROUPS.values() for verb in verbs]
ROOTS = ("core", "scenarios", "golden", "tools", "tests", "docs")
# What stands for the one or the other, or is made by a command that is shown.
NOT_HERE = re.compile(r"[A-Z]{3,}|[*…<]")


def commands(text: str) -> list[str]:
    """The commands that a page's console blocks show, each on one line."""
    found = []
    for block in re.findall(r"^```console\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        joined = block.replace("\\\n", " ")
        found += re.findall(r"^\$ (.*)$", joined, re.MULTILINE)
    return found


def parity_calls(text: str) -> list[tuple[str, list[str]]]:
    """Verb and options of every `parity` command that a page's console blocks show."""
    found = []
    for command in commands(text):
        for words in re.findall(r"(?:^|[\s(])(?:\.venv/bin/)?parity (?!-)([^|>()]*)", command):
            verb, *rest = shlex.split(words, comments=True)
            found.append((verb, [word.split("=")[0] for word in rest if word.startswith("--")]))
    return found


def options(verb: str) -> set[str]:
    """The options of a verb."""
    command = cli.get_command(click.Context(cli), verb)
    assert command is not None, verb
    return {option for parameter in command.params for option in parameter.opts} | {"--help"}


def paths(text: str) -> set[str]:
    """The paths of the repository that a page names in code or links to."""
    coded = re.findall(r"`([^`\s]+)`", text)
    named = {
        word.partition("::")[0] for word in coded if word.split("/")[0] in ROOTS and "/" in word
    }
    return {word.rstrip("/") for word in named if not NOT_HERE.search(word)}


@pytest.mark.parametrize("name", TEXTS)
def test_every_command_shown_is_one_with_options_that_exist(name: str) -> None:
    shown = parity_calls(TEXTS[name])
    assert [] == [verb for verb, _ in shown if verb not in VERBS]
    wrong = [(v, o) for v, given in shown for o in given if o not in options(v)]
    assert [] == wrong


def test_commands_are_seen_at_all() -> None:
    assert 20 < sum(len(parity_calls(text)) for text in TEXTS.values())
    assert ("validate", ["--accept", "--junit"]) in parity_calls(TEXTS["README.md"])


@pytest.mark.parametrize("name", TEXTS)
def test_every_option_in_the_text_is_one_of_some_verb(name: str) -> None:
    known = {option for verb in VERBS for option in options(verb)} | {"--version"}
    mentioned = set(re.findall(r"`(--[a-z][a-z-]*)", TEXTS[name]))
    foreign = {"--parity", "--parity-args", "--parity-command"}  # pytest's, by the plugin
    foreign |= {"--images", "--dialect", "--again", "--write"}  # of programs in `tools`
    assert set() == mentioned - known - foreign


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_its_section_with_an_example(verb: str) -> None:
    section = COMMAND_LINE.partition(f"### `parity {verb}`\n")[2].partition("\n### ")[0]
    assert verb in [shown for shown, _ in parity_calls(section)]
    assert f"```text\n{help_of(f'parity {verb}')}\n```" in section


def test_the_helps_shown_are_the_programs() -> None:
    remedy = "python -m tools.pages writes them again"
    assert with_help(COMMAND_LINE) == COMMAND_LINE, remedy


def test_the_fields_of_json_documents_are_the_schemas() -> None:
    remedy = "python -m tools.pages writes them again"
    assert json_page.page() == TEXTS["docs/json.md"], remedy


@pytest.mark.parametrize("name", TEXTS)
def test_every_path_named_exists(name: str) -> None:
    assert [] == sorted(path for path in paths(TEXTS[name]) if not (REPOSITORY / path).exists())


def test_paths_are_seen_at_all() -> None:
    assert {"core/spec/parts.py", "core/run/runner"} <= paths(TEXTS["ARCHITECTURE.md"])
    assert {"core/gone.py"} == paths("see `core/gone.py`, `core/…` and `tests/a/*.py`")


@pytest.mark.parametrize("name", TEXTS)
def test_every_link_leads_somewhere(name: str) -> None:
    folder = (REPOSITORY / name).parent
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", TEXTS[name])
    assert [] == [target for target in targets if not (folder / target).exists()]


@pytest.mark.parametrize("name", [name for name in TEXTS if name.startswith("docs/")])
def test_every_page_says_first_whom_it_is_for(name: str) -> None:
    title, empty, opening, *_ = TEXTS[name].splitlines()
    assert ("# ", "", "For ") == (title[:2], empty, opening[:4])


@pytest.mark.parametrize(
    "path", sorted(Path(REPOSITORY, "docs").glob("*.md")), ids=lambda p: p.name
)
def test_every_page_is_linked_from_another(path: Path) -> None:
    links = [text for name, text in TEXTS.items() if name != f"docs/{path.name}"]
    assert any(f"{path.name})" in text for text in links)
