"""Fill the figures and charts of a bulletin as a Word document anew; all else in it is the office's, and stays."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from zipfile import BadZipFile

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.shared import Pt

from etl.bulletin.as_docx import CELL, CHART, control, controls_of, saved, tag_of
from etl.bulletin.chart import draw_png, size
from etl.bulletin.content import Bulletin
from etl.errors import ProjectError
from etl.raw_files.workbooks.archive import open_archive
from etl.raw_files.workbooks.sheet import RefusedWorkbookError

_CHANGES = (" change", f" change{CELL}")
_GAPS = ("【待填", "[TO FILL IN")


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
            "已有的文件不是 Word 文档。请用 -o 文件.docx 另指一个。",
        ) from error
    texts, found = controls_of(bulletin), dict(_controls(document))
    known = [tag for tag in found if tag in texts]
    if not known:
        raise ProjectError(
            "The Word document that is there has no figure of a bulletin. Name another with -o FILE.docx.",
            "已有的 Word 文档中没有公报的数字。请用 -o 文件.docx 另指一个。",
        )
    gone = [tag for tag in found if tag.endswith(_CHANGES) and tag not in texts]
    changes = list(_filled(found, {tag: texts.get(tag, "") for tag in (*known, *gone)}, bulletin))
    return saved(document), [*changes, *_redrawn(document, bulletin)]


def _controls(document: Any) -> Iterator[tuple[str, list[Any]]]:
    """Yield the content controls of the body by their tags."""
    found: dict[str, list[Any]] = {}
    for each in document.element.body.iter(qn("w:sdt")):
        tag = each.find(f"{qn('w:sdtPr')}/{qn('w:tag')}")
        if tag is not None:
            found.setdefault(tag.get(qn("w:val")) or "", []).append(each)
    yield from found.items()


def _filled(found: dict[str, list[Any]], texts: dict[str, str], bulletin: Bulletin) -> Iterator[str]:
    """Put the texts into their controls, and a change on the year before after a figure that was a gap; yield what changed."""
    compared = {tag_of(placed.request): placed.phrase for placed in bulletin.placed if placed.request.span == "change"}
    said: set[str] = set()
    for tag, text in texts.items():
        for each in found[tag]:
            if (before := _text(each)) == text:
                continue
            line = f"{tag.removesuffix(CELL)}: {before} → {text}"
            if line not in said:
                yield line
            said.add(line)
            _replace_text(each, text)
            change = f"{tag} change"
            if before.startswith(_GAPS) and change in compared and change not in found:
                each.addnext(control(change, compared[change]))


def _redrawn(document: Any, bulletin: Bulletin) -> Iterator[str]:
    """Draw the charts anew whose figures have changed; yield which."""
    charts = {CHART + part.chart.id: part.chart for part in bulletin.parts if part.chart}
    for inline in document.element.body.iter(qn("wp:inline"), qn("wp:anchor")):
        properties, picture = inline.find(qn("wp:docPr")), next(inline.iter(qn("a:blip")), None)
        chart = charts.get(properties.get("name", "")) if properties is not None else None
        if chart is None or picture is None or properties.get("descr") == chart.description:
            continue
        document.part.related_parts[picture.get(qn("r:embed"))]._blob = draw_png(chart)
        width, height = (str(int(Pt(points))) for points in size(chart))
        for extent in (inline.find(qn("wp:extent")), *inline.iter(qn("a:ext"))):
            if extent is not None and extent.get("cx"):
                extent.set("cx", width)
                extent.set("cy", height)
        properties.set("descr", chart.description)
        yield f"{properties.get('name')}: {chart.caption}"


def _text(each: Any) -> str:
    return "".join(text.text or "" for text in each.iter(qn("w:t")))


def _replace_text(each: Any, text: str) -> None:
    """Put a text into the first run of a control, which keeps its form."""
    for rank, printed in enumerate(list(each.iter(qn("w:t")))):
        printed.text = text if rank == 0 else ""
