"""The site as a reader meets it, in a real browser, from the file system."""

from __future__ import annotations

import re
from importlib import resources

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Reader

pytestmark = pytest.mark.timeout(1800)  # a busy machine has taken ten minutes to begin
SECTION = "keras_io_tf-metrics.html"
GAN = "dcgan_article-dcgan.html"
PAGES = ("index.html", SECTION, GAN, "ops.html", "break.html", "agreement.html", "defects.html")
AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
VIOLATIONS = """
async (rules) => {
  const only = rules ? {runOnly: {type: "rule", values: rules}} : {};
  const found = await axe.run(document, {...only, resultTypes: ["violations"]});
  const places = (v) => v.nodes.map((n) => n.target.join(" ")).join("; ");
  return found.violations.map((v) => `${v.id}: ${places(v)}`);
}
"""


def visible_columns(reader: Reader) -> list[str]:
    heads = reader.page.locator("table.columns thead th[data-col]:visible .name")
    return heads.all_inner_texts()


def test_a_page_opens_with_two_columns_and_the_reader_chooses_others(reader: Reader) -> None:
    page = reader.open(SECTION)
    assert ["TensorFlow", "JAX"] == visible_columns(reader)
    page.get_by_label("torch", exact=True).check(force=True)
    page.get_by_label("TensorFlow", exact=True).uncheck(force=True)
    assert ["JAX", "torch"] == visible_columns(reader)
    expect(page.get_by_text("Why the torch loop looks like this")).to_be_visible()
    expect(page.get_by_text("Why the TensorFlow loop looks like this")).to_be_hidden()


def test_a_link_chooses_the_columns(reader: Reader) -> None:
    reader.open(f"{SECTION}?cols=r,fit")
    assert ["R", "fit"] == visible_columns(reader)


def test_the_last_column_cannot_be_taken_away(reader: Reader) -> None:
    page = reader.open(f"{SECTION}?cols=jax")
    expect(page.get_by_label("JAX", exact=True)).to_be_disabled()
    assert ["JAX"] == visible_columns(reader)


def test_pointing_at_an_op_lights_its_twin_in_the_other_column(reader: Reader) -> None:
    page = reader.open(SECTION)
    page.locator("#op-step-2 td[data-col=tensorflow] .st").hover()
    lit = page.locator(".st.twin")
    texts = lit.all_inner_texts()
    assert any(text.startswith("optimizer.apply(grads") for text in texts)
    assert any("optimizer.stateless_apply" in text for text in texts)
    assert 2 == lit.locator("visible=true").count()
    expect(page.locator("#explain")).to_contain_text("One step of the optimizer")


def test_every_statement_in_the_rows_of_fit_lights_fit(reader: Reader) -> None:
    page = reader.open(f"{SECTION}?cols=tensorflow,fit")
    page.locator("#op-step-1 td[data-col=tensorflow] .st").hover()
    expect(page.locator(".st.twin", has_text="model.fit(")).to_be_visible()


def test_the_keyboard_alone_moves_through_the_rows(reader: Reader) -> None:
    page = reader.open(SECTION)
    page.locator("#op-step-1 th a").focus()
    assert any("tape.gradient" in text for text in page.locator(".st.twin").all_inner_texts())
    page.keyboard.press("ArrowDown")
    expect(page.locator("#op-step-2 th a")).to_be_focused()
    page.keyboard.press("Escape")
    assert 0 == page.locator(".st.twin").count()


def test_the_first_tab_stop_skips_to_the_content(reader: Reader) -> None:
    page = reader.open(SECTION)
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_folded_part_opens_and_closes(reader: Reader) -> None:
    page = reader.open(SECTION)
    row = page.locator("tr.oprow", has_text="import keras").first
    expect(row).to_be_hidden()
    page.get_by_role("button", name="Preparation").press("Enter")
    expect(row).to_be_visible()


def test_a_link_to_a_row_in_a_folded_part_opens_it(reader: Reader) -> None:
    page = reader.open(f"{SECTION}#op-first_loop-setup-3")
    expect(page.locator("#op-first_loop-setup-3")).to_be_visible()


def test_the_language_is_switched_and_kept_on_the_next_page(reader: Reader) -> None:
    page = reader.open(SECTION)
    expect(page.locator("h1")).to_have_text(re.compile("Low-level handling of metrics"))
    expect(page.locator("h1 .zh")).to_be_hidden()
    page.get_by_role("button", name="中文").click()
    expect(page.locator("h1 .zh")).to_be_visible()
    expect(page.locator("h1 .en")).to_be_hidden()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    assert "自己更新与读取指标" in page.title()
    page.locator(".top nav a").first.click()
    expect(page.locator("h1 .zh")).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1 .en")).to_be_visible()


def test_a_curve_renders_on_every_backend_and_follows_the_theme(reader: Reader) -> None:
    page = reader.open(SECTION)
    chart = page.locator("figure.chart", has=page.locator("#loss-loss-title"))
    drawn = (f"svg path[style*='--c-{name}']" for name in ("tensorflow", "jax", "torch"))
    lines = chart.locator(", ".join(drawn))
    sizes = [line.bounding_box() for line in lines.all()]
    assert len(sizes) >= 6  # three lines, three bands
    assert all(box is not None and box["width"] > 100 and box["height"] > 5 for box in sizes)
    colour = "element => getComputedStyle(element).stroke"
    line = chart.locator("svg path[style*='stroke: var(--c-jax)']").first
    before = line.evaluate(colour)
    page.get_by_role("button", name="Dark").click()
    assert before != line.evaluate(colour)


def test_the_numbers_of_a_chart_are_there_as_a_table(reader: Reader) -> None:
    page = reader.open(SECTION)
    chart = page.locator("figure.chart", has=page.locator("#loss-loss-title"))
    chart.locator("summary").click()
    assert 31 == chart.locator("tbody tr:visible").count()


def test_from_the_first_page_to_jax_and_its_loss_in_three_clicks(reader: Reader) -> None:
    page = reader.open("index.html")
    page.get_by_role("link", name=re.compile("Why does the JAX loop look different")).click()
    assert ["TensorFlow", "JAX"] == visible_columns(reader)
    expect(page.get_by_text("JAX transforms functions.")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("^TensorFlow, JAX"))).to_be_visible()
    page.get_by_role("link", name="See the curves").click()
    expect(page.locator("#agreement-loss-title")).to_be_in_viewport()


def test_samples_are_shown_step_by_step(reader: Reader) -> None:
    page = reader.open(GAN)
    page.locator("#samples").scroll_into_view_if_needed()
    images = page.locator("#samples ol.strip").first.locator("img")
    assert 6 == images.count()
    page.wait_for_function("document.querySelector('#samples img').naturalWidth > 0")
    said = images.evaluate_all("all => all.map((one) => one.alt)")
    steps = [int(text.rpartition(" ")[2]) for text in said]
    assert sorted(steps) == steps


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_fetched_nothing_complains_nothing_overflows(reader: Reader, name: str) -> None:
    for width in (390, 1024, 1920):
        reader.page.set_viewport_size({"width": width, "height": 900})
        page = reader.open(name)
        page.evaluate("document.querySelectorAll('img').forEach((i) => { i.loading = 'eager'; })")
        root = "document.documentElement"
        wide = page.evaluate(f"{root}.scrollWidth - {root}.clientWidth")
        assert 0 == wide, width
    inside = reader.folder.as_uri()
    assert reader.requests
    assert [] == [url for url in reader.requests if not url.startswith(inside)]
    assert [] == reader.complaints


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_violation_in_light_and_dark(reader: Reader, name: str) -> None:
    page = reader.open(name)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.evaluate(AXE)
    assert [] == page.evaluate(VIOLATIONS, None)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert [] == page.evaluate(VIOLATIONS, ["color-contrast"])


def test_axe_finds_no_violation_in_chinese_on_a_phone_with_a_row_lit(reader: Reader) -> None:
    reader.page.set_viewport_size({"width": 390, "height": 800})
    page = reader.open(f"{SECTION}?lang=zh&cols=tensorflow,jax,fit")
    page.locator("#op-step-2 th a").focus()
    page.evaluate(AXE)
    assert [] == page.evaluate(VIOLATIONS, None)


def test_paper_shows_code_and_curves_without_the_controls(reader: Reader) -> None:
    page = reader.open(SECTION)
    page.emulate_media(media="print")
    expect(page.locator(".top")).to_be_hidden()
    expect(page.locator("#picker")).to_be_hidden()
    expect(page.locator("#op-step-2 td[data-col=jax]")).to_be_visible()
    expect(page.locator("#loss-loss-title")).to_be_visible()


def test_without_javascript_two_columns_and_one_language_are_there(
    browser: Browser, reader: Reader
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{reader.folder.as_uri()}/{SECTION}")
    expect(page.locator("#op-step-2 td[data-col=tensorflow]")).to_be_visible()
    expect(page.locator("#op-step-2 td[data-col=torch]")).to_be_hidden()
    expect(page.locator("h1 .en")).to_be_visible()
    expect(page.locator("h1 .zh")).to_be_hidden()
    context.close()
