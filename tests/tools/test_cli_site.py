"""`parity site`: one call builds the whole site, and imports no framework."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from core.site.pages.page import section_file
from core.spec.catalog import Catalog
from tests.conftest import REPOSITORY
from tests.tools.parity import parity

pytestmark = pytest.mark.timeout(1800)  # a busy machine has taken ten minutes to begin
PROBE = """
import json, sys
from tools.cli.main import run
code = run(sys.argv[1:])
heavy = [n for n in ("tensorflow", "jax", "torch", "keras") if n in sys.modules]
print(json.dumps([code, heavy]), file=sys.stderr)
"""
FIXED = ["index.html", "ops.html", "break.html", "agreement.html", "defects.html"]


class Built:
    """The site of the whole repository and what the call said."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        done = subprocess.run(
            [sys.executable, "-c", PROBE, "site", str(folder), "--json"],
            capture_output=True,
            text=True,
            check=True,
        )
        self.document = json.loads(done.stdout)
        self.code, self.heavy = json.loads(done.stderr.strip().splitlines()[-1])

    @property
    def pages(self) -> dict[str, str]:
        return {path.name: path.read_text(encoding="utf-8") for path in self.folder.glob("*.html")}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return Built(tmp_path_factory.mktemp("whole") / "site")


def test_the_whole_site_is_built_without_a_framework(built: Built) -> None:
    assert (0, []) == (built.code, built.heavy)


def test_json_names_every_page_with_its_size(built: Built) -> None:
    document = built.document
    assert (1, "site") == (document["format"], document["verb"])
    assert {"version", "environment"} <= document.keys()
    sections = [section_file(s) for s in Catalog.load(REPOSITORY).scenarios]
    sizes = {page["file"]: page["bytes"] for page in document["pages"]}
    assert {*FIXED, *sections} == sizes.keys()
    assert {name: (built.folder / name).stat().st_size for name in sizes} == sizes


def test_no_page_is_larger_than_a_megabyte(built: Built) -> None:
    assert {} == {n: len(t) for n, t in built.pages.items() if len(t.encode()) >= 1_000_000}


def test_every_link_leads_to_a_file_and_place_of_the_site(built: Built) -> None:
    pages = built.pages
    places = {name: set(re.findall(r'\bid="([^"]+)"', text)) for name, text in pages.items()}
    broken = []
    for name, text in pages.items():
        for link in re.findall(r'\b(?:href|src)="([^"]+)"', text):
            target, _, place = link.partition("#")
            file = target.partition("?")[0] or name
            there = (built.folder / file).is_file()
            if not there or (place and file in places and place not in places[file]):
                broken.append((name, link))
    assert [] == broken


def test_no_id_stands_twice_on_a_page(built: Built) -> None:
    for name, text in built.pages.items():
        ids = re.findall(r'\bid="([^"]+)"', text)
        assert len(set(ids)) == len(ids), name


def test_no_page_names_an_address_outside(built: Built) -> None:
    found = re.compile(r'(?:href|src)="(?:https?:)?//')
    assert [] == [name for name, text in built.pages.items() if found.search(text)]
    for name in ("site.css", "site.js"):
        text = (built.folder / name).read_text(encoding="utf-8")
        assert not re.search(r"https?://|@import|fetch\(", text)


def test_every_program_is_there_to_take_along(built: Built) -> None:
    program = (built.folder / "programs" / "keras_io_tf-metrics-jax.py").read_text()
    assert parity("show", "keras_io_tf/metrics@jax").out == program


def test_a_folder_with_other_files_is_wrong_usage_and_stays_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    called = parity("site", tmp_path)
    assert 2 == called.code
    for words in (str(tmp_path), "expected:", "remedy:"):
        assert words in called.err
    assert ["thesis.tex"] == [path.name for path in tmp_path.iterdir()]


def test_a_site_without_a_folder_is_wrong_usage() -> None:
    assert 2 == parity("site").code
