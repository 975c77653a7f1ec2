"""A document is filled in and entered from every form alike, and a second reading guards the first."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter
from commands import etl
from made_documents import Rows, Text, blocks_of_markdown, docx, html, pdf, zipped
from paths import ROOT
from projects import write_project
from second_city import content

from etl.bulletin.as_markdown import render_bulletin
from etl.bulletin.forms import Style
from etl.bulletin.write import write_bulletin
from etl.errors import ProjectError
from etl.files import replace_csv
from etl.intake.decisions import Decision
from etl.intake.fill import Filled, fill
from etl.intake.proposals import PROPOSAL_COLUMNS
from etl.intake.second_reading import refuse_disagreement
from etl.project import Project

TITLE = "2026年宁波市知识产权主要指标"
INDICATORS = Rows(
    [
        ["指标", "单位", "2025年", "2026年"],
        ["版权作品登记量", "件", "10908", "11900"],
        ["知识产权质押融资金额", "亿元", "786", "810"],
        ["有效注册商标", "万件", "55.27", "60.2"],
    ]
)
BLOCKS: Sequence[Text | Rows] = [Text(TITLE, 1), Text("2026年，全市法院共收案6120件、结案6033件。"), INDICATORS]


def workbook() -> bytes:
    stored = io.BytesIO()
    with xlsxwriter.Workbook(stored, {"in_memory": True}) as book:
        sheet, shown = book.add_worksheet("指标"), book.add_format({"num_format": "0.00"})
        for number, row in enumerate(INDICATORS.rows):
            for column, text in enumerate(row):
                if number and column > 1:
                    sheet.write_number(number, column, float(text), shown if "." in text else None)
                else:
                    sheet.write_string(number, column, text)
    return stored.getvalue()


@pytest.fixture(scope="module")
def bulletin(own_warehouse: Path) -> str:
    return render_bulletin(write_bulletin(own_warehouse, Style("zh")))


def proposed(filled: Filled) -> list[tuple[str, str, str]]:
    return [(each.context.found.published, each.kind, each.choices[0].row_key) for each in filled.proposals]


@pytest.mark.slow
def test_a_bulletin_is_filled_in_from_docx_and_pdf_as_from_text(bulletin: str, tmp_path: Path) -> None:
    text = bulletin.replace("2025年", "2026年")
    blocks = blocks_of_markdown(text)
    texts = {"md": text.encode(), "docx": docx(blocks), "pdf": pdf(blocks)}
    found = {}
    for ending, text in texts.items():
        path = tmp_path / f"bulletin.{ending}"
        path.write_bytes(text)
        found[ending] = proposed(fill(Project(ROOT), path, source="next", area="330200", period="2026"))

    assert len(found["md"]) >= 120
    assert {kind for _, kind, _ in found["md"]} == {"sure"}
    assert found["docx"] == found["pdf"] == found["md"]


def entered(project: Project, document: Path) -> list[dict[str, str]]:
    table = document.with_name("proposals.csv")
    options = ("fill", str(document), "--source", "ningbo-2026", "--area", "330200", "--period", "2026")
    assert etl(project, *options, "-o", str(table)).exit_code == 0
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    for row in rows:
        row["class"] = "sure" if row["class"] == "ask" else row["class"]
    replace_csv(table, PROPOSAL_COLUMNS, [list(row.values()) for row in rows])
    ran = etl(project, *options, "--apply", str(table), "--by", "A. Person", "--lang", "en")
    assert (ran.exit_code, "not cited" in ran.output) == (0, False), ran.output
    return rows


@pytest.mark.parametrize("form", ["docx", "html", "pdf", "xlsx"])
def test_a_table_is_entered_with_the_unit_of_its_header_and_the_gate_is_open(tmp_path: Path, form: str) -> None:
    project = write_project(tmp_path, {}, sources=())
    document = tmp_path / f"next.{form}"
    document.write_bytes(workbook() if form == "xlsx" else {"docx": docx, "html": html, "pdf": pdf}[form](BLOCKS))

    rows = entered(project, document)

    pledges = (tmp_path / "raw/finance/pledges.csv").read_text(encoding="utf-8")
    assert "330200,2025,all,786亿元" in pledges
    assert "330200,2026,all,810亿元" in pledges
    works = (tmp_path / "raw/copyright/registrations.csv").read_text(encoding="utf-8")
    assert "330200,2026,11900," in works, "a column in the unit of the header takes the number as it is printed"
    assert [row["class"] for row in rows if row["published"] in ("786", "810")] == ["sure", "sure"]


def test_a_figure_that_the_document_does_not_print_leaves_its_cell_blank_and_the_gate_open(tmp_path: Path) -> None:
    project = write_project(tmp_path, {}, sources=())
    document = tmp_path / "next.txt"
    document.write_text("2026年宁波市知识产权状况\n一、司法保护\n技术调查官全年参与案件221件。\n", encoding="utf-8")

    entered(project, document)

    blank = "information[cell-is-filled] 参与案件占比（share_pct）：参与案件占比为空；ningbo-2026 未载此数字"
    assert blank in etl(project, "check", "--lang", "zh").stdout
    links = tmp_path / "raw/sources/ningbo-2026.taken.csv"
    more = "0,1,courts.technical_investigators,330200:2026:ningbo-2026,share_pct\n"
    links.write_text(links.read_text(encoding="utf-8") + more, encoding="utf-8")
    assert "error[cell-is-filled] share_pct: " in etl(project, "check", "--lang", "en").stdout, "a link says what it should have"


GROWTHS = [
    Text("2026年绍兴市知识产权统计", 1),
    Text("一、专利授权", 2),
    Rows([["类型", "授权量（件）", "同比（%）"], ["发明专利", "6120", "9.3"]], caption="表1 专利授权"),
    Text("二、专利授权", 2),
    Rows([["指标", "实用新型", "外观设计"], ["授权量（件）", "200", "61"], ["同比（%）", "9.1", "-3.0"]], caption="表2 专利授权"),
    Text("三、海关查扣侵权货物", 2),
    Rows([["项目", "2026年", "上年同期"], ["查扣批次（批次）", "96", "90"]], caption="表3 海关查扣侵权货物"),
    Text("四、作品登记", 2),
    Rows([["指标", "2026年", "比2025年增长（%）"], ["作品登记量（件）", "7320", "5.0"]], caption="表4 作品登记"),
]


@pytest.mark.parametrize("write", [docx, html])
def test_changes_and_last_years_figures_are_told_by_the_headers_of_a_table(tmp_path: Path, write: Callable[..., bytes]) -> None:
    path = tmp_path / f"table.{write.__name__}"
    path.write_bytes(write(GROWTHS))

    filled = fill(Project(ROOT), path)

    cells = [(each.context.found.published, each.choices[0].row_key, each.choices[0].target.column) for each in filled.proposals]
    assert cells == [
        ("6120", "330600:2026:invention:shaoxing-2026", "granted"),
        ("9.3", "330600:2026:invention:shaoxing-2026", "granted_growth_pct"),
        ("200", "330600:2026:utility_model:shaoxing-2026", "granted"),
        ("61", "330600:2026:design:shaoxing-2026", "granted"),
        ("9.1", "330600:2026:utility_model:shaoxing-2026", "granted_growth_pct"),
        ("-3.0", "330600:2026:design:shaoxing-2026", "granted_growth_pct"),
        ("96", "330600:2026:shaoxing-2026", "consignments"),
        ("90", "330600:2025:shaoxing-2026", "consignments"),
        ("7320", "330600:2026:shaoxing-2026", "works"),
        ("5.0", "330600:2026:shaoxing-2026", "works_growth_pct"),
    ]
    assert "none" not in {each.kind for each in filled.proposals}


def misread(path: Path, content: bytes, published: str, other: str) -> str:
    """Return what the guard says where the reader takes a figure for another."""
    path.write_bytes(content)
    filled = fill(Project(ROOT), path, source="next", area="330200", period="2026")
    found = [
        replace(each.context, found=replace(each.context.found, published=other))
        if each.context.found.published == published
        else each.context
        for each in filled.proposals
    ]
    decisions = [
        Decision(
            (each.context.found.section, str(each.context.found.ordinal)),
            read.found.published,
            read.printed,
            (each.choices[0].target.table, each.choices[0].row_key, each.choices[0].target.column),
            "aligned",
            "",
            "A. Person",
        )
        for each, read in zip(filled.proposals, found, strict=True)
        if each.choices
    ]
    with pytest.raises(ProjectError) as refused:
        refuse_disagreement(Project(ROOT).catalogue, filled.document, found, decisions)
    return str(refused.value)


@pytest.mark.parametrize(("published", "other"), [("6120件", "612件"), ("6033件", "16033件")])
def test_digits_that_the_text_does_not_print_are_refused_with_both_readings(tmp_path: Path, published: str, other: str) -> None:
    message = misread(tmp_path / "next.docx", docx(BLOCKS), published, other)

    assert f"read as {other}, but the text there prints {published.removesuffix('件')}" in message
    assert "figure 1: " in message or "figure 2: " in message


def test_a_workbook_whose_sheet_stores_another_number_than_was_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "next.xlsx"
    path.write_bytes(workbook())
    filled = fill(Project(ROOT), path, source="next", area="330200", period="2026")
    found = [each.context for each in filled.proposals]
    refuse_disagreement(Project(ROOT).catalogue, filled.document, found, [])  # which agrees
    INDICATORS.rows[2][3] = "801"  # type: ignore[index]
    try:
        path.write_bytes(workbook())
    finally:
        INDICATORS.rows[2][3] = "810"  # type: ignore[index]

    with pytest.raises(ProjectError, match="read as 810, but the table of the file has 知识产权质押融资金额、亿元、786、801"):
        refuse_disagreement(Project(ROOT).catalogue, filled.document, found, [])


@pytest.mark.parametrize("form", ["docx", "html"])
def test_a_table_of_the_file_that_says_otherwise_is_refused(tmp_path: Path, form: str) -> None:
    write = {"docx": docx, "html": html}[form]
    path = tmp_path / f"next.{form}"
    path.write_bytes(write(BLOCKS))
    first = fill(Project(ROOT), path, source="next", area="330200", period="2026")
    swapped = [list(row) for row in INDICATORS.rows]
    swapped[1][3], swapped[2][3] = swapped[2][3], swapped[1][3]
    path.write_bytes(write([*BLOCKS[:2], Rows(swapped)]))

    with pytest.raises(ProjectError, match=r"read as 11900, but the table of the file has 版权作品登记量、件、10908、810"):
        refuse_disagreement(Project(ROOT).catalogue, first.document, [each.context for each in first.proposals], [])


def test_a_disagreement_writes_nothing(tmp_path: Path) -> None:
    """A hidden character in a cell: what the first reading takes is 11900, what the file stores is 119100."""
    project = write_project(tmp_path, {}, sources=())
    document, table = tmp_path / "next.docx", tmp_path / "proposals.csv"
    with zipfile.ZipFile(io.BytesIO(docx(BLOCKS))) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    hidden = "</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>1</w:t></w:r><w:r><w:t>"
    parts["word/document.xml"] = parts["word/document.xml"].replace("11900", f"119{hidden}00")
    document.write_bytes(zipped(parts))
    options = ("fill", str(document), "--source", "ningbo-2026", "--area", "330200", "--period", "2026")
    assert etl(project, *options, "-o", str(table)).exit_code == 0
    before = content(tmp_path / "raw")

    ran = etl(project, *options, "--apply", str(table), "--by", "A. Person")

    assert ran.exit_code == 2
    assert "figure 4: read as 11900, but the table of the file has 版权作品登记量、件、10908、119100" in ran.stderr
    assert content(tmp_path / "raw") == before
