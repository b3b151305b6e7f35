"""Drawings: the page's colours, ids of their own, text that stays text."""

from __future__ import annotations

import re

from core.site.charts.drawing import Band, Curve, Dots, Limit, draw

XS = (0.0, 1.0, 2.0)


def drawing(name: str = "loss", *, log: bool = False) -> str:
    return draw(
        name,
        (
            Band("jax", XS, (1.0, 2.0, 3.0), (2.0, 3.0, 4.0)),
            Limit(XS, (5.0, 5.0, 5.0)),
            Dots("published", XS, (1.0, 1.0, 1.0)),
            Curve("tensorflow", XS, (1.5, 2.5, 350.0)),
        ),
        log=log,
    )


def test_every_colour_is_a_variable_of_the_page() -> None:
    svg = drawing()
    assert [] == re.findall(r"#[0-9a-fA-F]{6}", svg)
    for colour in ("tensorflow", "jax", "published", "ink", "rule"):
        assert f"var(--c-{colour})" in svg


def test_ids_begin_with_the_chart_s_name_so_that_two_charts_share_none() -> None:
    ids = [re.findall(r'\bid="([^"]+)"', drawing(name)) for name in ("one", "two")]
    assert ids[0]
    assert set() == set(ids[0]) & set(ids[1])
    assert len(set(ids[0])) == len(ids[0])
    named = set(re.findall(r"url\(#([^)]+)\)", drawing("one")))
    assert set() == named - set(ids[0])


def test_ticks_are_text_in_the_page_s_own_typeface() -> None:
    svg = drawing(log=True)
    assert {"1", "10", "100"} <= set(re.findall(r"<text[^>]*>([^<]+)</text>", svg))
    assert "font-family" not in svg


def test_a_drawing_is_a_part_of_a_page_and_the_same_each_time() -> None:
    svg = drawing()
    assert svg.startswith("<svg ")
    for unwanted in ("<?xml", "<!DOCTYPE", "<metadata", "<style"):
        assert unwanted not in svg
    assert drawing() == svg
