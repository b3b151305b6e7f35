import re
from html.parser import HTMLParser

import attrs
import pytest

from core.upgrade.page.curves import picture
from tests.core.upgrade.page.rehearsals import BASE, NEW, example_page
from tests.core.upgrade.rehearsal.runs import HORIZON, LOSSES, trace


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "img", "br", "link"}:
            self.open.append(tag)
        for name, value in attrs:
            if name in {"href", "src"} and value:
                self.links.append(value)
            if name == "id" and value:
                self.ids.append(value)

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open.pop()


@pytest.fixture(scope="module")
def text() -> str:
    return example_page()


@pytest.fixture(scope="module")
def parsed(text: str) -> _Parser:
    parser = _Parser()
    parser.feed(text)
    return parser


def test_every_element_is_closed(parsed: _Parser) -> None:
    assert [] == parsed.open


def test_the_page_needs_nothing_but_itself(parsed: _Parser) -> None:
    outside = [x for x in parsed.links if not x.startswith(("#", "data:image/svg+xml;base64,"))]
    assert [] == outside


def test_every_cell_leads_to_its_case(parsed: _Parser) -> None:
    wanted = [link[1:] for link in parsed.links if link.startswith("#")]
    assert ["case-0", "case-1", "case-2"] == wanted
    assert set(wanted) <= set(parsed.ids)


@pytest.mark.parametrize(
    "shown",
    [
        "loss at step 5 by 5.0e-01",
        "Call logits (layer 1), step 0",
        "keras.layers.LeakyReLU: slope=0.3 becomes slope=0.2",
        "metrics.Metric.reset_states is removed",
        "leaky-relu-slope, LeakyReLU(): slope 0.3 becomes slope 0.2",
        "line 9 (cell 5): E: 2nd",
        "line 6 (cell 4): NameError",
        "2.0e-08",
        "keras 3.9.2",
    ],
)
def test_the_page_shows(text: str, shown: str) -> None:
    plain = re.sub(r"<[^>]+>", "", text).replace("&#39;", "'")
    assert shown in plain


def test_the_patch_is_shown_whole(text: str) -> None:
    found = re.search(r'<pre class="patch">(.*?)</pre>', text, re.DOTALL)
    assert found is not None
    plain = re.sub(r"<[^>]+>", "", found.group(1))
    assert "-metric.reset_states()\n+metric.reset_state()" in plain


def test_the_patch_has_its_colours(text: str) -> None:
    """Removed and added lines are marked, and the page has a rule for each mark."""
    found = re.search(r'<pre class="patch">(.*?)</pre>', text, re.DOTALL)
    assert found is not None
    for mark in ("gd", "gi"):
        assert f'<span class="{mark}">' in found.group(1)
        assert re.search(rf"^\.patch \.{mark} {{ color: ", text, re.MULTILINE)


def test_what_is_said_is_escaped(text: str) -> None:
    assert "UserWarning: new &lt;b&gt;" in text
    assert "controlled: &lt;evidence&gt;" in text


def test_the_picture_names_both_sides_and_the_noise() -> None:
    base = trace()
    mine = attrs.evolve(base, losses={"loss": tuple(2 * value for value in LOSSES)})
    drawn = picture(base, mine, HORIZON, (BASE, NEW))
    for shown in (BASE, NEW, ">noise<", "what noise does", "relative difference"):
        assert shown in drawn


def test_without_a_horizon_no_noise_is_drawn() -> None:
    drawn = picture(trace(), trace(), None, (BASE, NEW))
    assert ">noise<" not in drawn


def test_a_long_run_is_thinned() -> None:
    long = attrs.evolve(trace(), losses={"loss": tuple(float(i) for i in range(20_000))})
    short = picture(trace(), trace(), None, (BASE, NEW))
    assert len(picture(long, long, None, (BASE, NEW))) < len(short) + 60_000
