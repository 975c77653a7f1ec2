"""PDF with text, read in a child process by PDFium: its characters and where they stand, page by page."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Container, Iterator
from dataclasses import replace
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from etl.documents.contents import LEADER
from etl.documents.forms.blocks import PAGE_BREAK, as_json
from etl.documents.forms.pdf_layout import Character, Run, regions, rows_of, runs_of, without_margins
from etl.documents.forms.pdf_rules import ruled_tables, rules_of
from etl.documents.forms.pdf_text import TextRow, blocks_of, body_height, paragraphs
from etl.documents.forms.spans import table_blocks
from etl.documents.table_layout import LOST, Grid
from schemas.texts import listed_names

LEAST_FILLED_CELLS, HYPHEN = 4, 2
"""Cells with text that a ruled table has at least; and what PDFium gives for a hyphen at the end of a line."""
MOST_PAGES, MOST_CHARACTERS, MOST_LOST, LARGE_IMAGE = 3_000, 3_000_000, 0.02, 0.6
_RECOGNIZE = "recognize its text (OCR), check the numbers by hand, and save it as .docx or text"
_RECOGNIZE_ZH = "请先做文字识别（OCR），人工核对数字，另存为 .docx 或文本"
_NOTE_MARK = re.compile("^(?:[0-9]{1,2}|\\[[0-9]{1,2}\\]|[①-⑳])[ \u3000]+(?=[\u4e00-\u9fffA-Za-z])")


class _RefusedError(Exception):
    """A document that is not read, with the reason in both languages."""


def read(request: dict[str, Any], content: bytes) -> dict[str, Any]:
    """Read the blocks of a document, or the refusal."""
    try:
        return {"blocks": as_json(paragraphs(list(_found(content))))}
    except _RefusedError as refused:
        return {"refused": list(refused.args)}
    except pypdfium2.PdfiumError as error:
        return {"refused": [f"it is damaged ({error}); get it anew", f"文件已损坏（{error}）；请重新获取"]}
    except (MemoryError, RecursionError):
        return {"refused": ["it needs more memory than a text does", "所需内存超出文本的合理范围"]}


def _found(content: bytes) -> Iterator[TextRow | Grid | str]:
    """Yield the lines and tables of all pages; a page begins with its break."""
    document = _opened(content)
    pages: list[list[Run]] = []
    heights: list[float] = []
    without_text: list[int] = []
    characters = lost = 0
    for number in range(len(document)):
        page = document[number]
        found = list(_characters(page))
        characters += len(found)
        lost += sum(each.text == LOST for each in found)
        if characters > MOST_CHARACTERS:
            raise _RefusedError("it has more characters than a report; take the pages with figures", "字符过多；请只取含数字的页")
        if not found and _is_image(page):
            without_text.append(number + 1)
        pages.append(_runs(page, found))
        heights.append(page.get_height())
        page.close()
    _refuse_images(len(pages), characters, without_text)
    if lost > MOST_LOST * characters:
        raise _RefusedError(
            f"its fonts do not say which characters they show ({lost} of {characters}); print it anew, or {_RECOGNIZE}",
            f"字体未说明所示字符（{characters} 个中有 {lost} 个）；请重新导出，或{_RECOGNIZE_ZH}",
        )
    for page, height in zip(without_margins(pages, heights), heights, strict=True):
        yield PAGE_BREAK
        yield from _of_page(page, height)


def _runs(page: pypdfium2.PdfPage, characters: list[Character]) -> list[Run]:
    """Return the runs of a page; a ruled table is one, where it stands."""
    horizontal, vertical = rules_of(page)
    tables = ruled_tables(horizontal, vertical)
    runs = runs_of(characters, vertical if tables else ())
    for table in tables:
        within = [run for run in runs if table.holds(run)]
        rows = table.cells(within)
        filled = sum(bool(cell.lines) for row in rows for cell in row)
        if filled >= LEAST_FILLED_CELLS and 3 * filled >= sum(map(len, rows)):
            top = table.ys[0] - 8
            runs = [run for run in runs if not table.holds(run)]
            runs.append(Run("table", table.xs[0], table.xs[-1], top, 8.0, table_blocks(rows)))
    return runs


def _opened(content: bytes) -> pypdfium2.PdfDocument:
    try:
        document = pypdfium2.PdfDocument(content)
        number = len(document)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD or b"/Encrypt" in content[-4096:]:
            raise _RefusedError("it is encrypted; save it without a password", "文件已加密；请另存为无密码的文件") from None
        raise _RefusedError(
            f"it is cut off or damaged ({error}); get it anew", f"文件被截断或损坏（{error}）；请重新获取"
        ) from None
    if b"%%EOF" not in content[-8192:]:
        raise _RefusedError("it is cut off: its end is missing; get it anew", "文件被截断，缺少结尾；请重新获取")
    if number > MOST_PAGES:
        raise _RefusedError(f"it says that it has {number:,} pages; no report has", f"文件声明有 {number:,} 页，异常")
    if not number:
        raise _RefusedError("it has no pages", "文件没有页面")
    return document


def _refuse_images(pages: int, characters: int, without_text: list[int]) -> None:
    """Refuse a scan, whole or in part; a cover may be an image."""
    if not characters:
        en = f"it has no text, only images, as a scan has; {_RECOGNIZE}"
        raise _RefusedError(en, f"没有文字，只有图像（扫描件）；{_RECOGNIZE_ZH}")
    inner = [number for number in without_text if 1 < number < pages]
    if inner:
        named = listed_names(inner[:5])
        raise _RefusedError(
            f"its pages {named.en} are images without text; {_RECOGNIZE}, or take them out",
            f"第 {named.zh} 页为图像；{_RECOGNIZE_ZH}",
        )


def _is_image(page: pypdfium2.PdfPage) -> bool:
    """Whether an image covers most of a page."""
    width, height = page.get_size()
    for image in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = image.get_bounds()
        if (right - left) * (top - bottom) > LARGE_IMAGE * width * height:
            return True
    return False


def _of_page(runs: list[Run], height: float) -> Iterator[TextRow | Grid]:
    """Yield the lines and tables of a page; notes at its foot come before the last paragraph, which may go on overleaf."""
    found: list[TextRow | Grid] = []
    for region in regions(runs):
        found += blocks_of(rows_of(region))
    found = [each for each in found if isinstance(each, Grid) or not LEADER.search(each.text)]
    small = 0.88 * body_height(rows_of(runs))
    end = len(found)
    while end and isinstance(note := found[end - 1], TextRow) and note.height < small:
        end -= 1
    body, notes = found[:end], [_without_mark(note) for note in found[end:]]
    start = len(body)
    if notes and body and isinstance(body[-1], TextRow) and body[-1].is_full:
        start -= 1
        while start and isinstance(line := body[start - 1], TextRow) and line.is_full and not line.text.endswith("。"):
            start -= 1
    yield from body[:start]
    yield from notes
    yield from body[start:]


def _without_mark(note: TextRow | Grid) -> TextRow | Grid:
    return note if isinstance(note, Grid) else replace(note, text=_NOTE_MARK.sub("", note.text))


_object_at = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)(
    ctypes.cast(pdfium.FPDFText_GetTextObject, ctypes.c_void_p).value or 0
)
"""What `FPDFText_GetTextObject` is, with an address as its result, which is quick to compare."""


def _characters(page: pypdfium2.PdfPage) -> Iterator[Character]:
    """Yield the characters that a page shows, in the order in which it draws them, turned upright."""
    text = page.get_textpage()
    handle, address = text.raw, ctypes.cast(text.raw, ctypes.c_void_p).value
    left, bottom, right, top = page.get_bbox()
    x, y, box = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF()
    quarters: dict[int, list[Character]] = {}
    turns: dict[int | None, int | None] = {}
    for number in range(text.count_chars()):
        if pdfium.FPDFText_IsGenerated(handle, number) == 1:
            continue
        drawn = _object_at(address, number)
        if drawn not in turns:
            turns[drawn] = _turn(handle, number)
        quarter = turns[drawn]
        code = pdfium.FPDFText_GetUnicode(handle, number)
        is_lost = pdfium.FPDFText_HasUnicodeMapError(handle, number) == 1 or code == 0 or 0xD800 <= code <= 0xF8FF
        if quarter is None or (code < 32 and code != HYPHEN and not is_lost):
            continue
        pdfium.FPDFText_GetCharOrigin(handle, number, x, y)
        if left - 1 <= x.value <= right + 1 and bottom - 1 <= y.value <= top + 1:
            pdfium.FPDFText_GetLooseCharBox(handle, number, box)
            shown = LOST if is_lost else "-" if code == HYPHEN else chr(code)
            quarters.setdefault(quarter, []).append(_upright(shown, quarter, x.value, y.value, box))
    text.close()
    quarters.setdefault(0, []).extend(_without_width(page, turns))
    yield from max(quarters.values(), key=len, default=[])


def _turn(text: Any, number: int) -> int | None:
    """Return by how many quarters a text is turned; None where it is not shown, or slanting, as a watermark is."""
    drawn = pdfium.FPDFText_GetTextObject(text, number)
    if drawn and pdfium.FPDFTextObj_GetTextRenderMode(drawn) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE:
        return None
    turned = pdfium.FPDFText_GetCharAngle(text, number) / (math.pi / 2)
    return round(turned) % 4 if abs(turned - round(turned)) <= 0.05 else None


def _without_width(page: pypdfium2.PdfPage, seen: Container[int | None]) -> Iterator[Character]:
    """Yield a mark for each text that PDFium passes over: a single character of a font that is neither embedded nor installed."""
    for drawn in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=3):
        left, _, right, _ = drawn.get_bounds()
        is_passed_over = right - left < 0.01 and ctypes.cast(drawn.raw, ctypes.c_void_p).value not in seen
        if is_passed_over and not drawn.get_font().is_embedded:
            _, _, _, _, x, y = drawn.get_matrix().get()
            size = drawn.get_font_size()
            yield Character(LOST, x, x + size, y, size)


def _upright(text: str, quarter: int, x: float, y: float, box: pdfium.FS_RECTF) -> Character:
    """Return a character as it stands when the page is turned so that text runs from left to right."""
    match quarter:
        case 1:
            return Character(text, box.bottom, box.top, -x, box.right - box.left)
        case 2:
            return Character(text, -box.right, -box.left, -y, box.top - box.bottom)
        case 3:
            return Character(text, -box.top, -box.bottom, x, box.right - box.left)
    return Character(text, box.left, box.right, y, box.top - box.bottom)
