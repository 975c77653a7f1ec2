"""Texts and styles of XLSX: runs that are raised, lowered, struck out or unseen, by their own properties or those of the cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from etl.raw_files.workbooks.archive import local
from etl.raw_files.workbooks.fonts import BLACK, PLAIN, WHITE, Colours, Font, Rgb
from etl.raw_files.workbooks.number_format import built_in_format
from etl.raw_files.workbooks.sheet import Look, Run

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_OFF = ("0", "false")
_SIZE = re.compile(r"[0-9]{1,4}(?:\.[0-9]+)?")
_ALIGNED: dict[str, Look] = {"superscript": "raised", "subscript": "lowered"}

RichText = tuple[str, tuple[tuple[str, Font | None], ...]]
"""A text, and its runs where one has properties of its own: the font of each, None for that of the cell."""


@dataclass(frozen=True, slots=True)
class CellStyle:
    """The number format of a cell, its font, and its background.

    Attributes:
        background: its colour; None where it is unknown, as of a pattern.
        is_on_paper: whether it has no background of its own.
        is_repeated: whether its text is repeated over the width of the cell.
        look: how a text of the cell looks that has no properties of its own.
    """

    format: str = ""
    font: Font = PLAIN
    background: Rgb | None = WHITE
    is_on_paper: bool = True
    is_repeated: bool = False
    look: Look = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "look", self.font.on(self.background) or ("repeated" if self.is_repeated else ""))


def cell_styles(parts: Iterable[Element], colours: Colours) -> list[CellStyle]:
    """Return the styles that cells name by number, from the parts of the style sheet."""
    written: dict[str, str] = {}
    fonts: dict[str, Font] = {}
    fills: dict[str, tuple[Rgb | None, bool]] = {}
    formats: list[tuple[str, str, str, bool]] = []
    for element in parts:
        match local(element.tag):
            case "numFmts":
                written |= {each.get("numFmtId", ""): each.get("formatCode", "") for each in element}
            case "fonts":
                fonts = {str(number): _font(each, colours) for number, each in enumerate(element)}
            case "fills":
                fills = {str(number): _background(each, colours) for number, each in enumerate(element)}
            case "cellXfs":
                given = (each for each in element if local(each.tag) == "xf")
                formats += [
                    (each.get("numFmtId", "0"), each.get("fontId", "0"), each.get("fillId", "0"), _is_repeated(each))
                    for each in given
                ]
    return [
        CellStyle(
            written.get(number) or built_in_format(number), fonts.get(font, PLAIN), *fills.get(fill, (WHITE, True)), repeated
        )
        for number, font, fill, repeated in formats
    ]


NO_STYLE = CellStyle()
"""The style of a cell in a workbook without any."""


@dataclass(frozen=True, slots=True)
class ConditionalStyle:
    """What a conditional format does: whether it may change or hide what is seen, and whether it colours the background."""

    changes: bool
    colours: bool


def conditional_style(element: Element, colours: Colours) -> ConditionalStyle:
    """Return what a differential format does to a cell."""
    parts = {local(child.tag): child for child in element}
    fill = _background(parts["fill"], colours, is_differential=True) if "fill" in parts else (WHITE, True)
    font = _font(parts["font"], colours, automatic=None) if "font" in parts else PLAIN
    if not fill[1] and font.colour is None:  # that of the cell, which is black as a rule
        font = Font(font.look, BLACK, font.points)
    return ConditionalStyle("numFmt" in parts or font.on(fill[0]) != "", not fill[1])


def rich_text(element: Element, colours: Colours) -> RichText:
    """Return the text of a shared string or of a cell, without phonetic runs."""
    runs: list[tuple[str, Font | None]] = []
    for child in element:
        match local(child.tag):
            case "t":
                runs.append((unescaped(child.text or ""), None))
            case "r":
                properties = next((each for each in child if local(each.tag) == "rPr"), None)
                text = "".join(each.text or "" for each in child if local(each.tag) == "t")
                runs.append((unescaped(text), None if properties is None else _font(properties, colours)))
    text = "".join(run for run, _ in runs)
    return text, tuple(runs) if any(font is not None for _, font in runs) else ()


def in_cell(runs: Sequence[tuple[str, Font | None]], style: CellStyle) -> tuple[Run, ...]:
    """Return the runs of a text in a cell of a style; none where all stand alike and plain."""
    if not runs:
        return ()
    seen = tuple((run, (own or style.font).on(style.background)) for run, own in runs)
    return seen if any(each for _, each in seen) or style.look else ()


def unescaped(text: str) -> str:
    """Decode the control characters that the file writes as _x000D_."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def _is_repeated(style: Element) -> bool:
    return any(local(each.tag) == "alignment" and each.get("horizontal") == "fill" for each in style)


def _font(element: Element, colours: Colours, automatic: Rgb | None = BLACK) -> Font:
    """Return how a font is written."""
    given = {local(each.tag): each for each in element}
    look: Look = ""
    if "vertAlign" in given:
        look = _ALIGNED.get(given["vertAlign"].get("val", ""), "")
    if "strike" in given and given["strike"].get("val", "true") not in _OFF:
        look = "struck"
    colour = colours.of(given["color"].attrib, automatic) if "color" in given else automatic
    size = given["sz"].get("val", "") if "sz" in given else ""
    return Font(look, colour, float(size) if _SIZE.fullmatch(size) else 0)


def _background(element: Element, colours: Colours, *, is_differential: bool = False) -> tuple[Rgb | None, bool]:
    """Return the colour of a fill, None where it has several or is unknown, and whether it is none at all."""
    pattern = next((each for each in element if local(each.tag) == "patternFill"), None)
    if pattern is None:
        return (None, False) if len(element) else (WHITE, True)
    kind = pattern.get("patternType", "solid" if is_differential else "none")
    if kind == "none":
        return WHITE, True
    # That of a solid fill is the colour of its pattern; in a differential format, the one behind it.
    name = "bgColor" if is_differential else "fgColor"
    colour = next((colours.of(each.attrib) for each in pattern if local(each.tag) == name), None)
    return colour if kind == "solid" else None, False
