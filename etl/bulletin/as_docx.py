"""A bulletin as a Word document in the form of an official document (GB/T 9704), and such a document filled anew.

Each figure is a content control whose tag names it, so that an office may write between the figures and around them: when the
bulletin is written again into the same file, only the texts of these controls change.
"""

from __future__ import annotations

import io
from typing import Any
from zipfile import BadZipFile

from etl.bulletin.as_markdown import heading, level
from etl.bulletin.figures import FigureRequest
from etl.bulletin.write import Bulletin, Paragraph, PlacedFigure
from etl.errors import ProjectError
from etl.raw_files.workbooks.archive import open_archive
from etl.raw_files.workbooks.sheet import RefusedWorkbookError
from etl.tables.provisional import PROVISIONAL

try:
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.opc.exceptions import PackageNotFoundError
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt
except ModuleNotFoundError as error:
    raise ProjectError(
        "A Word document needs python-docx: pip install ip-bulletin-etl[report]",
        "生成 Word 文件需要 python-docx：请运行 pip install ip-bulletin-etl[report]",
    ) from error

_MARGINS = {"top_margin": 37, "bottom_margin": 35, "left_margin": 28, "right_margin": 26}
_PAGE, _LINE, _INDENT = (210, 297), 28, 32
_FONTS = {1: ("方正小标宋简体", 22), 2: ("黑体", 16), 3: ("楷体_GB2312", 16)}
_BODY = ("仿宋_GB2312", 16)
_LATIN = "Times New Roman"


def render_bulletin(bulletin: Bulletin) -> bytes:
    """Render a bulletin as a new document: A4, margins, fonts and sizes of an official document."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(_PAGE[0]), Mm(_PAGE[1])
    for name, width in _MARGINS.items():
        setattr(section, name, Mm(width))
    _set_font(document.styles["Normal"], *_BODY)
    for part in bulletin.parts:
        rank = level(part)
        title = document.add_heading(heading(part, bulletin.style.language), rank)
        _set_font(title.style, *_FONTS[rank])
        if rank == 1:
            title.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for paragraph in part.paragraphs:
            _add_paragraph(document, paragraph)
    _number_pages(section.footer.paragraphs[0])
    return _saved(document)


def fill_in(content: bytes, bulletin: Bulletin) -> tuple[bytes, list[str]]:
    """Fill the figures of a document anew; return it, and what changed, a line each.

    Text outside the figures stays as it is. A figure that the document no longer has is left out.

    Raises:
        ProjectError: the bytes are no Word document, or it has no figure that a bulletin has put in.
    """
    try:
        open_archive(content)  # which refuses what would unpack to more than a document is
        document = Document(io.BytesIO(content))
    except (RefusedWorkbookError, PackageNotFoundError, BadZipFile, SyntaxError, KeyError, ValueError) as error:
        raise ProjectError(
            "The file that is there is no Word document. Name another with -o FILE.docx.",
            "已有的文件不是 Word 文件。请用 -o FILE.docx 另行命名。",
        ) from error
    texts = {tag_of(placed.request): _text_of(placed) for placed in bulletin.placed}
    changes, is_any = [], False
    for control in document.element.body.iter(qn("w:sdt")):
        tag = control.find(f"{qn('w:sdtPr')}/{qn('w:tag')}")
        name = tag.get(qn("w:val")) if tag is not None else ""
        if name in texts:
            is_any = True
            before = "".join(text.text or "" for text in control.iter(qn("w:t")))
            if before != texts[name]:
                changes.append(f"{name}: {before} → {texts[name]}")
                _replace_text(control, texts[name])
    if not is_any:
        raise ProjectError(
            "The Word document that is there has no figure of a bulletin. Name another with -o FILE.docx.",
            "已有的 Word 文件中没有公报的数字。请用 -o FILE.docx 另行命名。",
        )
    return _saved(document), changes


def tag_of(request: FigureRequest) -> str:
    """Name a figure by address and categories, and by span and place where they are not those of the bulletin."""
    others = [word for word, usual in ((request.span, "this"), (request.place, "own")) if word != usual]
    return " ".join([request.address, *([request.categories] if request.categories else []), *others])


def _add_paragraph(document: Any, paragraph: Paragraph) -> None:
    added = document.add_paragraph()
    added.paragraph_format.first_line_indent = Pt(_INDENT)
    added.paragraph_format.line_spacing = Pt(_LINE)
    added.paragraph_format.space_after = Pt(0)
    for piece in paragraph:
        if isinstance(piece, str):
            added.add_run(piece)
        else:
            added._p.append(_control(piece))


def _control(placed: PlacedFigure) -> Any:
    """Make the content control of a figure."""
    control, properties = OxmlElement("w:sdt"), OxmlElement("w:sdtPr")
    for element, value in (("w:alias", placed.request.address), ("w:tag", tag_of(placed.request))):
        named = OxmlElement(element)
        named.set(qn("w:val"), value)
        properties.append(named)
    content, run, text = OxmlElement("w:sdtContent"), OxmlElement("w:r"), OxmlElement("w:t")
    text.text = _text_of(placed)
    run.append(text)
    content.append(run)
    control.extend((properties, content))
    return control


def _replace_text(control: Any, text: str) -> None:
    """Put a text into the first run of a control, which keeps its form."""
    for rank, each in enumerate(list(control.iter(qn("w:t")))):
        each.text = text if rank == 0 else ""


def _text_of(placed: PlacedFigure) -> str:
    is_provisional = placed.known is not None and placed.known.is_provisional
    return placed.text + (PROVISIONAL if is_provisional else "")


def _set_font(style: Any, name: str, size: int) -> None:
    style.font.name, style.font.size = _LATIN, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in [each for each in fonts.attrib if each.endswith("Theme")]:
        del fonts.attrib[attribute]
    fonts.set(qn("w:eastAsia"), name)
    style.font.bold = False
    style.font.color.rgb = None


def _number_pages(paragraph: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)


def _saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
