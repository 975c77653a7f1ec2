"""Draw the chart of a section with Vega-Altair, offline: bars in one shade, each with its name and its figure as printed."""

from __future__ import annotations

import re
from typing import Any

from etl.bulletin.content import SectionChart
from etl.errors import ProjectError

try:
    import altair as alt
    import vl_convert as vega
except ModuleNotFoundError as error:
    raise ProjectError(
        "The charts of a bulletin need Altair and vl-convert: pip install ip-bulletin-etl[report]",
        "公报的图需要 Altair 与 vl-convert：pip install ip-bulletin-etl[report]",
    ) from error

WIDTH = 442
"""In points: that of the text of an official document, 156 mm."""
_ROW, _BAR, _FONT_SIZE, _LINE, _TEXT_SHARE, _MOST_LINES = 24, 13, 11, 13, 0.45, 3
_DOTS_PER_POINT = 3
_CLOSING = re.compile("[，。；：、）”》]")
_FONTS = "FangSong_GB2312, FangSong, STFangsong, SimSun, Noto Serif CJK SC, Source Han Serif SC, serif"
_ON_PAPER = {"ink": "#000000", "bar": "#7f7f7f"}
_ON_PAGE = {"ink": "var(--ink)", "bar": "var(--quiet)"}


def draw_png(chart: SectionChart) -> bytes:
    """Draw a chart for a printed page, in black and grey, at 216 dots an inch."""
    return bytes(vega.vegalite_to_png(_chart(chart, _ON_PAPER, _FONTS), scale=_DOTS_PER_POINT))


def draw_svg(chart: SectionChart) -> str:
    """Draw a chart for an HTML page, in the colours and fonts of that page."""
    svg = str(vega.vegalite_to_svg(_chart(chart, _ON_PAGE, "inherit")))
    svg = re.sub(r' (?:role|aria-[a-z]+|xmlns(?::xlink)?|version|pointer-events)="[^"]*"', "", svg)
    return re.sub(r"<svg[^>]*?class=\"marks\"", f'<svg role="img" aria-label="{_attribute(chart.description)}"', svg, count=1)


def size(chart: SectionChart) -> tuple[int, int]:
    """Return the width and height of a chart in points."""
    lines = max(len(_lines(bar.name, _name_width(chart))) for bar in chart.bars)
    return WIDTH, max(_ROW, lines * _LINE + 6) * len(chart.bars) + 8


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def _chart(chart: SectionChart, colours: dict[str, str], font: str) -> dict[str, Any]:
    width, height = size(chart)
    left = _name_width(chart) + 8
    room = width - left - max(_width(bar.label) for bar in chart.bars) - 20
    rows = [
        {"row": rank, "name": _lines(bar.name, left - 8), "value": bar.value, "label": bar.label}
        for rank, bar in enumerate(chart.bars)
    ]
    base = alt.Chart(alt.Data(values=rows)).encode(y=alt.Y("row:O", title=None, axis=None))
    longest = max(bar.value for bar in chart.bars) or 1
    along = alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0, longest], range=[0, room], nice=False))
    text = {"fontSize": _FONT_SIZE, "font": font, "color": colours["ink"]}
    bars = base.mark_bar(size=_BAR, color=colours["bar"], stroke=colours["ink"], strokeWidth=0.6).encode(x=along)
    names = base.mark_text(**text, align="right", dx=-6, baseline="middle", lineHeight=_LINE).encode(
        x=alt.value(0), text="name:N"
    )
    labels = base.mark_text(**text, align="left", dx=5).encode(x=along, text="label:N")
    line = alt.Chart(alt.Data(values=[{}])).mark_rule(color=colours["ink"], strokeWidth=0.8)
    line = line.encode(x=alt.value(0), y=alt.value(0), y2=alt.value(height - 8))
    whole = alt.layer(bars, names, labels, line).properties(
        width=width - left, height=height - 8, padding={"left": left, "top": 4, "right": 0, "bottom": 4},
        autosize=alt.AutoSizeParams(type="none"), background="transparent" if font == "inherit" else "white",
    )  # fmt: skip
    found: dict[str, Any] = whole.configure(view=alt.ViewConfig(stroke=None)).to_dict()
    return found


def _width(text: str) -> int:
    """Estimate the width of a text in points."""
    return int(sum(_FONT_SIZE if ord(character) > 0x2E80 else 0.56 * _FONT_SIZE for character in text)) + 1


def _name_width(chart: SectionChart) -> int:
    """Return the width that names have, in points."""
    return min(max(_width(bar.name) for bar in chart.bars), int(WIDTH * _TEXT_SHARE))


def _lines(text: str, width: int) -> list[str]:
    """Break a name into lines; what no line has room for is left away."""
    lines = [""]
    for piece in re.findall(r"[\x21-\u2e7f]+ ?|.", text):
        if lines[-1] and _width(lines[-1] + piece.rstrip()) > width and not _CLOSING.match(piece):
            lines.append("")
        lines[-1] += piece
    lines = [line.rstrip() for line in lines]
    return lines if len(lines) <= _MOST_LINES else [*lines[: _MOST_LINES - 1], f"{lines[_MOST_LINES - 1]}…"]
