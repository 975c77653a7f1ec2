"""Draw the charts of the report with Vega-Altair, as SVG, offline.

A chart has the colours of the page around it (`var(--…)`), so it is right in light, dark and print, and texts in both languages,
of which the page shows one. What a mark is of stands in its `data-figure`, as on every other figure of the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from etl.errors import ProjectError
from schemas.texts import Text

try:
    import altair as alt
    import vl_convert as vega
    from markupsafe import Markup
except ModuleNotFoundError as error:
    raise ProjectError(
        "The report needs Jinja2, Altair and vl-convert: pip install ip-bulletin-etl[report]",
        "生成报告需要 Jinja2、Altair 与 vl-convert：请运行 pip install ip-bulletin-etl[report]",
    ) from error

WIDTH, HEIGHT, ROW = 330, 150, 56
MOST_LABELLED = 8
FONT = 12
YEAR_LABEL = 36.0
LANGUAGES = ("zh", "en")
_NOTHING = Text("", "")


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark of a chart.

    Attributes:
        label: what stands at it.
        value: where it ends.
        low: where its bounds begin; None is open.
        high: where they end.
        year: of the value.
        series: its place among the series of the chart.
        figure: number of the figure that it is of; -1 for none.
        name: its name, where the chart has a row of its own for it.
        note: a note under its name.
    """

    label: Text
    value: float
    low: float | None = None
    high: float | None = None
    year: int = 0
    series: int = 0
    figure: int = -1
    name: Text = _NOTHING
    note: Text = _NOTHING


def bars_by_year(marks: Sequence[Mark]) -> Markup:
    """Draw bars at their years, series side by side, labelled where there is room."""
    years, count = sorted({mark.year for mark in marks}), len({mark.series for mark in marks})
    span = years[-1] - years[0] + 1.4
    thick = max(3.0, min(34.0, 0.8 * WIDTH / span / count, 200 / len(marks)))
    rows = [
        {
            **row,
            "top": max(row["value"], row["high"] or 0),
            "at": row["year"] + _offset(row["series"], count, thick) / WIDTH * span,
        }
        for row in _rows(marks)
    ]
    labelled = years if len(marks) <= MOST_LABELLED else (years[0], years[-1])
    labels_with_room = _without_overlaps([row for row in rows if row["year"] in labelled], WIDTH / span)
    place = alt.X(
        "at:Q",
        title=None,
        scale=alt.Scale(domain=[years[0] - 0.7, years[-1] + 0.7], nice=False),
        axis=_years(years, WIDTH / span),
    )
    top = alt.Y("value:Q", title=None, axis=None, scale=alt.Scale(domainMin=0, nice=False))
    bars = alt.Chart(alt.Data(values=rows)).mark_bar(size=thick).encode(x=place, y=top, color=_colour(), description="figure:N")
    bounded = alt.Chart(alt.Data(values=[row for row in rows if row["low"] is not None and row["high"] is not None]))
    bounds = bounded.mark_rule(strokeWidth=1.5, color="var(--ink)").encode(x=place, y=alt.Y("low:Q", axis=None), y2="high:Q")
    labels = [
        _texts(rows_beside, language, dy=-8, dx=dx, align=align).encode(x=place, y=alt.Y("top:Q", axis=None))
        for language in LANGUAGES
        for rows_beside, dx, align in (
            ([row for row in labels_with_room if row["series"] <= 1], 0, "center"),
            ([row for row in labels_with_room if row["series"] > 1], -thick / 2, "left"),
        )
    ]
    return render_chart(alt.layer(bars, bounds, *labels).properties(width=WIDTH, height=HEIGHT), (5, 24, 5, 24))


def share_bars(marks: Sequence[Mark]) -> Markup:
    """Draw a bar of the whole for each share, with its name and label."""
    rows = [{**row, "row": place, "whole": 100} for place, row in enumerate(_rows(marks))]
    data = alt.Data(values=rows)
    place = alt.Y("row:O", title=None, axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    across = alt.Scale(domain=[0, 100])
    whole = (
        alt.Chart(data)
        .mark_bar(size=12, yOffset=15, color="var(--line)")
        .encode(y=place, x=alt.X("whole:Q", axis=None, scale=across))
    )
    part = (
        alt.Chart(data)
        .mark_bar(size=12, yOffset=15, color="var(--first)")
        .encode(y=place, x=alt.X("value:Q", axis=None, scale=across), description="figure:N")
    )
    texts = []
    for language in LANGUAGES:
        names = _texts(rows, language, "name", align="left", dy=-15)
        notes = _texts(rows, language, "note", align="left", dy=1, fontSize=FONT - 1, color="var(--quiet)")
        values = _texts(rows, language, align="right", dy=-15, fontWeight=600)
        texts += [each.encode(y=place, x=alt.value(x)) for each, x in ((names, 0), (notes, 0), (values, WIDTH))]
    return render_chart(alt.layer(whole, part, *texts).properties(width=WIDTH, height=ROW * len(rows)), (5, 4, 5, 4))


def side_by_side(marks: Sequence[Mark]) -> Markup:
    """Draw one bar for each of a few numbers, such as cases received and closed."""
    rows = _rows(marks)
    longest = max(mark.value for mark in marks)
    place = alt.Y("series:O", title=None, axis=None)
    along = alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0, longest * 1.45 or 1], nice=False))
    bars = alt.Chart(alt.Data(values=rows)).mark_bar(size=16).encode(y=place, x=along, color=_colour(), description="figure:N")
    labels = [_texts(rows, language, align="left", dx=6).encode(y=place, x=along) for language in LANGUAGES]
    return render_chart(alt.layer(bars, *labels).properties(width=WIDTH, height=24 * len(marks)), (5, 2, 5, 2))


def coverage_map(cells: Sequence[dict[str, Any]], years: Sequence[int]) -> Markup:
    """Draw the coverage map: a row per domain, a column per year.

    The darker a box, the more indicators of the domain have a figure.
    """
    names = list(dict.fromkeys((cell["zh"], cell["en"]) for cell in cells))
    rows = [{**cell, "row": names.index((cell["zh"], cell["en"]))} for cell in cells]
    step, left = max(26, min(46, 560 // len(years))), 262
    data = alt.Data(values=rows)
    across = alt.X("year:O", title=None, sort=list(years), axis=alt.Axis(orient="top", labelAngle=0, ticks=False, domain=False))
    down = alt.Y("row:O", title=None, axis=None)
    boxes = (
        alt.Chart(data)
        .mark_rect(color="var(--first)", stroke="var(--page)", strokeWidth=2)
        .encode(
            x=across,
            y=down,
            fillOpacity=alt.FillOpacity("share_pct:Q", legend=None, scale=alt.Scale(domain=[0, 100], range=[0.12, 0.6])),
        )
    )
    counts = alt.Chart(data).mark_text(fontSize=FONT, color="var(--ink)").encode(x=across, y=down, text="indicators:Q")
    titles = [{"row": row, "label": {"zh": zh, "en": en}} for row, (zh, en) in enumerate(names)]
    labels = [_texts(titles, language, align="right", dx=-10).encode(y=down, x=alt.value(0)) for language in LANGUAGES]
    chart = alt.layer(boxes, counts, *labels).properties(width=step * len(years), height=24 * len(names))
    return render_chart(chart, (left, 24, 5, 4))


def render_chart(chart: Any, around: tuple[int, int, int, int]) -> Markup:
    """Render a chart as the `<svg>` of a page, with a margin around it."""
    text = {"labelFontSize": FONT, "labelColor": "var(--quiet)", "labelFont": "inherit"}
    axis = alt.AxisConfig(**text, domainColor="var(--line)", tickColor="var(--line)", grid=False)
    room = dict(zip(("left", "top", "right", "bottom"), around, strict=True))
    chart = chart.properties(padding=room, autosize=alt.AutoSizeParams(type="none"))
    whole = chart.configure(font="inherit", background="transparent", axis=axis, view=alt.ViewConfig(stroke=None))
    return Markup(_style_by_page(vega.vegalite_to_svg(whole.to_dict())))


def _style_by_page(svg: str) -> str:
    """Replace the labels of an SVG by the classes of the page's script and style."""
    svg = re.sub(r' (?:role|aria-roledescription|aria-hidden|xmlns:xlink|version|pointer-events)="[^"]*"', "", svg)
    svg = re.sub(r'aria-label="(zh|en)"', r'class="\1"', svg)
    svg = re.sub(r'aria-label="(\d+)"', r'class="mark" data-figure="\1"', svg)
    svg = re.sub(r' aria-label="[^"]*"', "", svg)
    svg = re.sub(r"<path class=\"(?:background|foreground)\"[^>]*/>", "", svg)
    svg = re.sub(r"<[^>]*>", lambda tag: re.sub(r"(\d+\.\d\d)\d+", r"\1", tag[0]), svg)
    return re.sub(r'<svg[^>]*?class="marks"', '<svg class="chart" aria-hidden="true" focusable="false"', svg, count=1)


def _rows(marks: Iterable[Mark]) -> list[dict[str, Any]]:
    return [{**asdict(mark), "figure": str(mark.figure) if mark.figure >= 0 else ""} for mark in marks]


def _colour() -> Any:
    colours = ["var(--first)", "var(--second)", "var(--third)"]
    return alt.Color("series:N", legend=None, scale=alt.Scale(domain=[1, 2, 3], range=colours))


def _texts(rows: Sequence[dict[str, Any]], language: str, name: str = "label", **style: Any) -> Any:
    """Write a text of each row in one language, so that the page can hide the other."""
    chart = alt.Chart(alt.Data(values=[{**row, "language": language} for row in rows]))
    marks = chart.mark_text(**{"fontSize": FONT, "color": "var(--ink)", **style})
    return marks.encode(text=f"{name}.{language}:N", description="language:N")


def _without_overlaps(rows: Sequence[dict[str, Any]], year: float) -> list[dict[str, Any]]:
    """Select the rows whose labels do not overlap, preferring the last years."""
    top, kept = max(row["top"] for row in rows) or 1.0, list[dict[str, Any]]()
    for row in sorted(rows, key=lambda row: (-row["year"], row["series"])):
        beside = (other for other in kept if abs(other["top"] - row["top"]) / top * HEIGHT < FONT + 2)
        if all(abs(other["at"] - row["at"]) * year >= _label_width(row) for other in beside):
            kept.append(row)
    return kept


def _label_width(row: dict[str, Any]) -> float:
    """Estimate the width in points of the longer label of a row."""
    return max(sum(FONT if ord(character) > 0x2E80 else 0.6 * FONT for character in text) for text in row["label"].values()) + 4


def _offset(series: int, count: int, thick: float) -> float:
    """Compute the offset of a bar from its year."""
    return (series - 1 - (count - 1) / 2) * thick * 1.06 if count > 1 else 0.0


def _years(years: Sequence[int], year: float) -> Any:
    """Build an axis of the years whose labels have room, preferring the last."""
    shown: list[int] = []
    for each in reversed(years):
        if not shown or (shown[-1] - each) * year >= YEAR_LABEL:
            shown.append(each)
    return alt.Axis(
        values=shown,
        format="d",
        labelAngle=0,
        ticks=False,
        labelFlush=False,
        labelOverlap=False,
        labelBound=False,
        labelPadding=6,
    )
