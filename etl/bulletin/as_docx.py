"""A bulletin as a Word document in the form of an official document (GB/T 9704).

Each figure is a content control whose tag names it, so that an office may write between the figures and around them: when the
bulletin is written again into the same file, only these controls and the charts change (`refill_docx`).
"""

from __future__ import annotations

import io
from typing import Any

from etl.bulletin.as_markdown import heading, level
from etl.bulletin.chart import draw_png, size
from etl.bulletin.content import Bulletin, Paragraph, PlacedFigure, SectionChart, SectionTable
from etl.bulletin.figures import FigureRequest
from etl.errors import ProjectError
from schemas.texts import Language

try:
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt
except ModuleNotFoundError as error:
    raise ProjectError(
        "A Word document needs python-docx: pip install ip-bulletin-etl[report]",
        "生成 Word 文件需要 python-docx：请运行 pip install ip-bulletin-etl[report]",
    ) from error

_MARGINS = {"top_margin": 37, "bottom_margin": 35, "left_margin": 28, "right_margin": 26, "footer_distance": 25}
_PAGE, _LINE, _INDENT = (210, 297), 28, 32
_CLOSER = -5
"""Twentieths of a point between Chinese characters, so that 28 of 16 points fit a line of 156 mm."""
_FONTS = {1: ("方正小标宋简体", 22), 2: ("黑体", 16), 3: ("楷体_GB2312", 16)}
_BODY, _CAPTION, _CELL, _PAGE_NUMBER = ("仿宋_GB2312", 16), ("黑体", 12), ("仿宋_GB2312", 12), ("宋体", 14)
_LATIN = "Times New Roman"
_NAME_SHARE = {2: 0.7, 4: 0.4}
CELL = " cell"
"""How the tag of a figure in a table ends."""
CHART = "chart "
"""How the name of a chart begins, before the id of its section."""


def render_bulletin(bulletin: Bulletin) -> bytes:
    """Render a bulletin as a new document: A4, margins, fonts and sizes of an official document."""
    document = Document()
    _set_page(document)
    _set_font(document.styles["Normal"], *_BODY)
    if bulletin.style.language == "zh":
        document.styles["Normal"].element.get_or_add_rPr().append(_element("w:spacing", val=str(_CLOSER)))
    for part in bulletin.parts:
        rank = level(part)
        title = document.add_heading(heading(part, bulletin.style.language), rank)
        _set_font(title.style, *_FONTS[rank])
        title.style.font.bold = bulletin.style.language == "en"  # Chinese headings differ by their font
        title.style.paragraph_format.line_spacing = Pt(_LINE if rank > 1 else 36)
        title.style.paragraph_format.space_before = title.style.paragraph_format.space_after = Pt(0 if rank > 1 else _LINE)
        if rank == 1:
            title.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif bulletin.style.language == "zh":
            title.paragraph_format.first_line_indent = Pt(_INDENT)
        for paragraph in part.paragraphs:
            _add_paragraph(document, paragraph, bulletin.style.language)
        if part.table:
            _add_table(document, part.table)
        if part.chart:
            _add_chart(document, part.chart)
    return saved(document)


def tag_of(request: FigureRequest) -> str:
    """Name a figure by address and categories, and by span and place where they are not those of the bulletin."""
    others = [word for word, usual in ((request.span, "this"), (request.place, "own")) if word != usual]
    return " ".join([request.address, *([request.categories] if request.categories else []), *others])


def controls_of(bulletin: Bulletin) -> dict[str, str]:
    """Return the text of each content control by its tag: of sentences, and of the cells of tables."""
    in_text = {placed.request: placed for placed in bulletin.placed if placed.is_figure and placed.request.span != "change"}
    texts = {_cell_tag(cell): _cell_text(in_text.get(cell.request, cell)) for cell in _cells(bulletin)}
    return texts | {tag_of(placed.request): placed.phrase for placed in reversed(bulletin.placed)}


def control(tag: str, text: str) -> Any:
    """Make a content control."""
    found, properties = OxmlElement("w:sdt"), OxmlElement("w:sdtPr")
    for element, value in (("w:alias", tag.partition(" ")[0]), ("w:tag", tag)):
        properties.append(_element(element, val=value))
    content, run, printed = OxmlElement("w:sdtContent"), OxmlElement("w:r"), OxmlElement("w:t")
    printed.text = text
    printed.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.append(printed)
    content.append(run)
    found.extend((properties, content))
    return found


def saved(document: Any) -> bytes:
    """Return a document as bytes."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _cells(bulletin: Bulletin) -> list[PlacedFigure]:
    tables = [part.table for part in bulletin.parts if part.table]
    return [cell for table in tables for row in table.rows for cell in table.cells(row) if cell]


def _cell_tag(cell: PlacedFigure) -> str:
    return tag_of(cell.request) + CELL


def _cell_text(cell: PlacedFigure) -> str:
    return cell.text + cell.mark


def _add_paragraph(document: Any, paragraph: Paragraph, language: Language) -> None:
    added = document.add_paragraph()
    added.paragraph_format.first_line_indent = Pt(_INDENT)
    added.paragraph_format.line_spacing = Pt(_LINE)
    added.paragraph_format.space_after = Pt(0)
    added.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY if language == "zh" else WD_ALIGN_PARAGRAPH.LEFT
    for piece in paragraph:
        if isinstance(piece, str):
            added.add_run(piece)
        else:
            added._p.append(control(tag_of(piece.request), piece.phrase))


def _add_table(document: Any, table: SectionTable) -> None:
    """Add a table, whose header is repeated on each page."""
    caption = _add_caption(document, table.caption)
    caption.paragraph_format.keep_with_next = True
    made = document.add_table(rows=1 + len(table.rows), cols=len(table.header))
    made.autofit = False
    _rule(made._tbl.tblPr, top=12, bottom=12, insideH=4, insideV=4)
    whole, share = Mm(_PAGE[0] - 54), _NAME_SHARE[len(table.header)]
    widths = [int(whole * share), *[int(whole * (1 - share) / (len(table.header) - 1))] * (len(table.header) - 1)]
    rows: list[list[str | PlacedFigure | None]] = [list(table.header), *([row.name, *table.cells(row)] for row in table.rows)]
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    for number, (row, texts) in enumerate(zip(made.rows, rows, strict=True)):
        properties = row._tr.get_or_add_trPr()
        properties.append(_element("w:cantSplit"))
        if number == 0:
            properties.append(_element("w:tblHeader"))
        for column, (cell, content, width) in enumerate(zip(row.cells, texts, widths, strict=True)):
            cell.width = width
            if number == 0:
                _rule(cell._tc.get_or_add_tcPr(), bottom=6)
            _fill_cell(cell.paragraphs[0], content, is_bold=number == 0, is_right=column > 0)


def _fill_cell(paragraph: Any, content: str | PlacedFigure | None, *, is_bold: bool, is_right: bool) -> None:
    paragraph.paragraph_format.space_after, paragraph.paragraph_format.line_spacing = Pt(0), Pt(18)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if is_right else WD_ALIGN_PARAGRAPH.LEFT
    if isinstance(content, PlacedFigure):
        paragraph._p.append(control(_cell_tag(content), _cell_text(content)))
        run = paragraph._p.findall(f".//{qn('w:r')}")[0]
        _style_run(run.get_or_add_rPr(), *_CELL)
    elif content:
        _style_run(paragraph.add_run(content)._r.get_or_add_rPr(), *(_CAPTION if is_bold else _CELL))


def _add_chart(document: Any, chart: SectionChart) -> None:
    """Add a chart as a picture, and its caption below."""
    width, height = size(chart)
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.keep_with_next = True
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(12), Pt(0)
    shape = paragraph.add_run().add_picture(io.BytesIO(draw_png(chart)), Pt(width), Pt(height))
    properties = shape._inline.docPr
    properties.set("name", CHART + chart.id)
    properties.set("descr", chart.description)
    _add_caption(document, chart.caption).paragraph_format.space_after = Pt(12)


def _add_caption(document: Any, text: str) -> Any:
    added = document.add_paragraph()
    added.alignment = WD_ALIGN_PARAGRAPH.CENTER
    added.paragraph_format.line_spacing, added.paragraph_format.space_after = Pt(20), Pt(0)
    _style_run(added.add_run(text)._r.get_or_add_rPr(), *_CAPTION)
    return added


def _style_run(properties: Any, name: str, points: int) -> None:
    fonts = properties.get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi"):
        fonts.set(qn(script), _LATIN)
    fonts.set(qn("w:eastAsia"), name)
    properties.append(_element("w:sz", val=str(2 * points)))
    properties.append(_element("w:szCs", val=str(2 * points)))


def _rule(properties: Any, **eighths: int) -> None:
    """Draw rules at the sides of a table or a cell, in eighths of a point."""
    is_table = properties.tag == qn("w:tblPr")
    borders = OxmlElement("w:tblBorders" if is_table else "w:tcBorders")
    for side, width in eighths.items():
        borders.append(_element(f"w:{side}", val="single", sz=str(width), space="0", color="000000"))
    properties.append(borders)


def _set_font(style: Any, name: str, points: int) -> None:
    style.font.name, style.font.size = _LATIN, Pt(points)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in [each for each in fonts.attrib if each.endswith("Theme")]:
        del fonts.attrib[attribute]
    fonts.set(qn("w:eastAsia"), name)
    style.font.bold = False
    style.font.color.rgb = None


def _set_page(document: Any) -> None:
    """Set size, margins, grid and page numbers: `— 1 —`, right on odd pages and left on even ones."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(_PAGE[0]), Mm(_PAGE[1])
    for name, width in _MARGINS.items():
        setattr(section, name, Mm(width))
    document.settings.odd_and_even_pages_header_footer = True
    for footer, side in ((section.footer, WD_ALIGN_PARAGRAPH.RIGHT), (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)):
        _number_pages(footer.paragraphs[0], side)


def _number_pages(paragraph: Any, side: Any) -> None:
    paragraph.alignment = side
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(_PAGE_NUMBER[1])
    before, field, number, after = (
        paragraph.add_run("— "),
        OxmlElement("w:fldSimple"),
        OxmlElement("w:r"),
        paragraph.add_run(" —"),
    )
    field.set(qn("w:instr"), "PAGE")
    shown = OxmlElement("w:t")
    shown.text = "1"
    number.append(shown)
    field.append(number)
    before._r.addnext(field)
    for run in (before._r, number, after._r):
        _style_run(run.get_or_add_rPr(), *_PAGE_NUMBER)


def _element(name: str, **values: str) -> Any:
    made = OxmlElement(name)
    for attribute, value in values.items():
        made.set(qn(f"w:{attribute}"), value)
    return made
