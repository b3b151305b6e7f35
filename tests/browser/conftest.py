"""One build of the site and one browser for all tests that look at it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from core.site.site import build
from core.site.writing import write
from core.spec.catalog import Catalog
from tests.conftest import REPOSITORY

NAMES = ("chromium", "chromium-browser", "google-chrome")
GUIDES = {"keras_io_tf", "dcgan_article"}
WAIT = 60_000  # milliseconds; two busy cores make anything slow at times


def installed_browser() -> str:
    """The browser's path; else the test is skipped."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("Chromium is not here; get it with `apt-get install chromium`")
    return found


@pytest.fixture(scope="package")
def site_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of two guides."""
    installed_browser()
    whole = Catalog.load(REPOSITORY)
    folder = tmp_path_factory.mktemp("site") / "a site"
    write(build(Catalog(tuple(e for e in whole.guides if e.guide.id in GUIDES))), folder)
    return folder


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """The driver."""
    installed_browser()
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A real Chromium."""
    opened = playwright.chromium.launch(executable_path=installed_browser(), timeout=WAIT)
    yield opened
    opened.close()


class Reader:
    """A reader's tab: it opens pages from the file system and notes what a page should not do."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        self.folder = folder
        self.context = browser.new_context(viewport={"width": 1280, "height": 900})
        self.context.set_default_timeout(WAIT)
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type == "error" else None,
        )

    def open(self, page: str) -> Page:
        """Opens a page of the site."""
        self.page.goto(f"{self.folder.as_uri()}/{page}")
        return self.page


@pytest.fixture
def reader(browser: Browser, site_folder: Path) -> Iterator[Reader]:
    """A tab of its own, with its own storage."""
    one = Reader(browser, site_folder)
    yield one
    one.context.close()
