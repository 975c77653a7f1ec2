"""A bulletin as PDF, in the form of an official document (GB/T 9704)."""

from __future__ import annotations

import io
from typing import Any
from xml.sax.saxutils import escape

from etl.bulletin.as_markdown import heading, level
from etl.bulletin.write import Bulletin, PlacedFigure
from etl.errors import ProjectError
from etl.tables.provisional import PROVISIONAL

try:
    from reportlab.lib.enums import TA_CENTER
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.lib.units import mm
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate
except ModuleNotFoundError as error:
    raise ProjectError(
        "PDF needs reportlab: pip install ip-bulletin-etl[report]",
        "生成 PDF 需要 reportlab：请运行 pip install ip-bulletin-etl[report]",
    ) from error

# A font of Adobe's collection for simplified Chinese, which readers of PDF have; it is not put into the file.
_FONT = "STSong-Light"
_MARGINS = {"topMargin": 37 * mm, "bottomMargin": 35 * mm, "leftMargin": 28 * mm, "rightMargin": 26 * mm}
_SIZES = {1: 22, 2: 16, 3: 16}
_BODY, _LINE = 16, 28


def render_bulletin(bulletin: Bulletin) -> bytes:
    """Render a bulletin as PDF: A4, with the margins and sizes of an official document."""
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    wrap = "CJK" if bulletin.style.language == "zh" else None
    body = ParagraphStyle("body", fontName=_FONT, fontSize=_BODY, leading=_LINE, firstLineIndent=2 * _BODY, wordWrap=wrap)
    headings = {
        rank: ParagraphStyle(
            f"heading {rank}", body, fontSize=size, leading=size * 1.6, firstLineIndent=0, spaceBefore=8,
            spaceAfter=4, keepWithNext=1, alignment=TA_CENTER if rank == 1 else 0,
        )
        for rank, size in _SIZES.items()
    }  # fmt: skip
    story: list[Any] = []
    for part in bulletin.parts:
        story.append(Paragraph(escape(heading(part, bulletin.style.language)), headings[level(part)]))
        story += [Paragraph("".join(map(_text_of, paragraph)), body) for paragraph in part.paragraphs]
    out = io.BytesIO()
    title = bulletin.parts[0].heading
    SimpleDocTemplate(out, pagesize=A4, title=title, invariant=1, **_MARGINS).build(story, _number, _number)
    return out.getvalue()


def _text_of(piece: str | PlacedFigure) -> str:
    if isinstance(piece, str):
        return escape(piece)
    is_provisional = piece.known is not None and piece.known.is_provisional
    return escape(piece.text + (PROVISIONAL if is_provisional else ""))


def _number(canvas: Any, document: Any) -> None:
    canvas.setFont(_FONT, 12)
    canvas.drawCentredString(A4[0] / 2, 28 * mm, f"- {document.page} -")
