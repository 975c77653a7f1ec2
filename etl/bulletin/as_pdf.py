"""A bulletin as PDF, in the form of an official document (GB/T 9704)."""

from __future__ import annotations

import io
from typing import Any
from xml.sax.saxutils import escape

from etl.bulletin.as_markdown import heading, level
from etl.bulletin.chart import draw_png, size
from etl.bulletin.content import Bulletin, BulletinPart, PlacedFigure, SectionTable
from etl.errors import ProjectError

try:
    from reportlab.lib import textsplit
    from reportlab.lib.colors import black
    from reportlab.lib.enums import TA_CENTER, TA_RIGHT
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.lib.units import mm
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import CondPageBreak, Image, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle
    from reportlab.platypus import paragraph as fragments
except ModuleNotFoundError as error:
    raise ProjectError(
        "PDF needs reportlab: pip install ip-bulletin-etl[report]",
        "生成 PDF 需要 reportlab：请运行 pip install ip-bulletin-etl[report]",
    ) from error

# Full-width marks begin no line; reportlab's own lists, of plain paragraphs and of others, have only the half-width ones.
for _lines in (textsplit, fragments):
    _lines.ALL_CANNOT_START += "".join(each for each in "，。；：、？！）”》％" if each not in _lines.ALL_CANNOT_START)

# A font of Adobe's collection for simplified Chinese, which readers of PDF have; it is not put into the file.
_FONT = "STSong-Light"
_MARGINS = {"topMargin": 37 * mm, "bottomMargin": 35 * mm, "leftMargin": 28 * mm, "rightMargin": 26 * mm}
_WIDTH = 156 * mm
_SIZES = {1: 22, 2: 16, 3: 16}
_BODY, _LINE, _CELL, _PAGE_NUMBER = 16, 28, 12, 14
_NAME_SHARE = {2: 0.7, 4: 0.4}


def render_bulletin(bulletin: Bulletin) -> bytes:
    """Render a bulletin as PDF: A4, with the margins and sizes of an official document."""
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    styles = _Styles(bulletin.style.language == "zh")
    story: list[Any] = []
    for part in bulletin.parts:
        story.append(Paragraph(escape(heading(part, bulletin.style.language)), styles.headings[level(part)]))
        story += [Paragraph("".join(map(_text_of, paragraph)), styles.body) for paragraph in part.paragraphs]
        story += _summary(part, styles)
    out = io.BytesIO()
    title = bulletin.parts[0].heading
    SimpleDocTemplate(out, pagesize=A4, title=title, invariant=1, **_MARGINS).build(story, _number, _number)
    return out.getvalue()


class _Styles:
    """The styles of paragraphs."""

    def __init__(self, is_chinese: bool) -> None:
        wrap = "CJK" if is_chinese else None
        self.body = ParagraphStyle(
            "body", fontName=_FONT, fontSize=_BODY, leading=_LINE, firstLineIndent=2 * _BODY, wordWrap=wrap
        )
        self.headings = {
            rank: ParagraphStyle(
                f"heading {rank}", self.body, fontSize=size, leading=size * 1.6, firstLineIndent=0, spaceBefore=8,
                spaceAfter=4, keepWithNext=1, alignment=TA_CENTER if rank == 1 else 0,
            )
            for rank, size in _SIZES.items()
        }  # fmt: skip
        self.name = ParagraphStyle("name", self.body, fontSize=_CELL, leading=_CELL * 1.35, firstLineIndent=0)
        self.cell = ParagraphStyle("cell", self.name, alignment=TA_RIGHT)
        self.caption = ParagraphStyle("caption", self.name, alignment=TA_CENTER, spaceBefore=10, spaceAfter=4)


def _summary(part: BulletinPart, styles: _Styles) -> list[Any]:
    """Return the table and the chart of a section, each with its caption."""
    found: list[Any] = []
    if part.table:
        # A caption stands on the page of its table, with some rows of it.
        found += [CondPageBreak(90), Paragraph(escape(part.table.caption), styles.caption), _table(part.table, styles)]
    if part.chart:
        width, height = size(part.chart)
        drawn = Image(io.BytesIO(draw_png(part.chart)), width, height)
        found.append(KeepTogether([Spacer(1, 12), drawn, Paragraph(escape(part.chart.caption), styles.caption)]))
    return found


def _table(table: SectionTable, styles: _Styles) -> Table:
    """Draw a table, whose header is repeated on each page."""
    share, columns = _NAME_SHARE[len(table.header)], len(table.header) - 1
    rows = [[Paragraph(escape(title), styles.cell if rank else styles.name) for rank, title in enumerate(table.header)]]
    for row in table.rows:
        cells = (escape(cell.text + cell.mark) if cell else "" for cell in table.cells(row))
        rows.append([Paragraph(escape(row.name), styles.name), *(Paragraph(text, styles.cell) for text in cells)])
    drawn = Table(rows, [_WIDTH * share, *[_WIDTH * (1 - share) / columns] * columns], repeatRows=1)
    rules = [
        ("GRID", (0, 0), (-1, -1), 0.25, black),
        ("LINEABOVE", (0, 0), (-1, 0), 1.5, black),
        ("LINEBELOW", (0, 0), (-1, 0), 0.75, black),
    ]
    rules.append(("LINEBELOW", (0, -1), (-1, -1), 1.5, black))
    drawn.setStyle(TableStyle([*rules, ("VALIGN", (0, 0), (-1, -1), "TOP")]))
    return drawn


def _text_of(piece: str | PlacedFigure) -> str:
    return escape(piece if isinstance(piece, str) else piece.phrase)


def _number(canvas: Any, document: Any) -> None:
    """Print the number of a page, right on odd pages and left on even ones, 7 mm below the text."""
    canvas.setFont(_FONT, _PAGE_NUMBER)
    height, text = 28 * mm - _PAGE_NUMBER, f"— {document.page} —"
    if document.page % 2:
        canvas.drawRightString(A4[0] - _MARGINS["rightMargin"] - _PAGE_NUMBER, height, text)
    else:
        canvas.drawString(_MARGINS["leftMargin"] + _PAGE_NUMBER, height, text)
