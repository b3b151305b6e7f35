"""The page in a real Chromium, without a network."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from tests.core.upgrade.page.rehearsals import example_page

CHROMIUM = next(
    (p for name in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(name))),
    "",
)
pytestmark = pytest.mark.skipif(
    not CHROMIUM, reason="Chromium is not installed: apt-get install chromium"
)


def _chromium(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            CHROMIUM,
            *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
            *("--host-resolver-rules=MAP * ~NOTFOUND", "--enable-logging=stderr", "--v=0"),
            f"--user-data-dir={folder / 'profile'}",
            *arguments,
        ],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "page.html"
    path.write_text(example_page(), encoding="utf-8")
    return path


def test_a_cell_opens_its_case_and_no_script_fails(written: Path) -> None:
    done = _chromium(written.parent, "--dump-dom", f"{written.as_uri()}#case-1")
    cases = re.findall(r'<details class="case" id="(case-\d)"( open="")?>', done.stdout)
    assert [("case-0", ""), ("case-1", ' open=""'), ("case-2", "")] == cases
    assert "Uncaught" not in done.stderr


def test_the_page_is_painted_with_its_picture(written: Path) -> None:
    shot = written.parent / "shot.png"
    _chromium(
        written.parent,
        f"--screenshot={shot}",
        "--window-size=1200,2400",
        f"{written.as_uri()}#case-1",
    )
    with Image.open(shot) as image:
        colours = image.convert("RGB").getcolors(maxcolors=1 << 24)
    assert colours is not None
    seen = [colour for _, colour in colours if isinstance(colour, tuple)]
    blue, red = (0x4C, 0x78, 0xA8), (0xE4, 0x57, 0x2E)  # the two curves
    for wanted in (blue, red):
        assert any(max(abs(a - b) for a, b in zip(c, wanted, strict=True)) < 12 for c in seen)
