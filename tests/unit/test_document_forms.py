"""Documents of every form: what is read, in which section, and what is no text of the document."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from made_documents import Blocks, Rows, Text, docx, html, paragraph_xml, pdf, zipped
from workbooks import ods, ods_cell, xlsx

from etl.documents.document import Document, plain
from etl.documents.extract import extract
from etl.documents.forms.plain_text import read_text
from etl.documents.read import document_from
from etl.documents.table_layout import LOST

REPORT: Blocks = (
    Text("示例市2026年公报", 1),
    Text("一、创造", 2),
    Text("（一）专利", 3),
    Text("截至年末，有效专利达6.31万件，占全市总量的55.8%；企业拥有3.52万件。"),
    Text("（二）商标", 3),
    Text("商标48.02万件，从业人员21万余人。"),
    Text("二、保护", 2),
    Text("法院收案4,873件，同比下降2.1%。"),
)
FIGURES = [
    ("1.1", "6.31万件"),
    ("1.1", "55.8%"),
    ("1.1", "3.52万件"),
    ("1.2", "48.02万件"),
    ("1.2", "21万余人"),
    ("2", "4,873件"),
    ("2", "下降2.1%"),
]
TABLES = (
    Rows(
        [
            ["年份", "授权量（件）", "", "同比（%）"],
            ["", "合计", "发明", ""],
            ["2024", "51,204", "8,310", "6.2"],
            ["2025", "54,018", "9,127", "-5.5"],
        ],
        [(0, 0, 1, 0), (0, 1, 0, 2), (0, 3, 1, 3)],
        "表1 近两年专利授权情况",
    ),
    Rows([["地区", "申请量", "授权量"], ["东区", "200", "786"], ["西区", "1,999", "2011"]], (), "表2 分地区情况（单位：件）"),
)
FIRST_CELLS = [
    *((3, 2, "51,204", "件"), (3, 3, "8,310", "件"), (3, 4, "6.2", "%")),
    *((4, 2, "54,018", "件"), (4, 3, "9,127", "件"), (4, 4, "-5.5", "%")),
]
CELLS = [FIRST_CELLS, [(2, 2, "200", "件"), (2, 3, "786", "件"), (3, 2, "1,999", "件"), (3, 3, "2011", "件")]]


def markdown(blocks: Blocks) -> bytes:
    return "\n\n".join(f"{'#' * each.level} {each.text}".strip() for each in blocks if isinstance(each, Text)).encode()


def figures(document: Document) -> list[tuple[str, str]]:
    return [(each.section, each.published) for each in extract(document) if not each.reason]


def published(content: bytes, name: str) -> list[str]:
    return [figure for _, figure in figures(document_from(content, name))]


MADE = {
    "report.txt": markdown(REPORT).replace(b"#", b""),
    "report.md": markdown(REPORT),
    "report.html": html(REPORT),
    "report.docx": docx(REPORT),
    "one column.pdf": pdf(REPORT),
}


@pytest.mark.parametrize("name", MADE)
def test_every_form_gives_the_same_figures_in_the_same_sections(name: str) -> None:
    document = document_from(MADE[name], name)

    assert figures(document) == FIGURES
    assert document.form == {"txt": "text", "md": "markdown"}.get(name.rpartition(".")[2], name.rpartition(".")[2])


@pytest.mark.parametrize("name", MADE)
def test_the_form_is_known_by_the_content_whatever_the_name(name: str) -> None:
    document = document_from(MADE[name], "-")

    assert [figure for _, figure in figures(document)] == [figure for _, figure in FIGURES]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "big5"])
def test_a_text_may_be_in_any_encoding_that_raw_tables_have(encoding: str) -> None:
    text = "一、法院\n全市法院共收案4873件，其中知識產權案件占三成以上。\n" if encoding == "big5" else MADE["report.txt"].decode()
    document = document_from(text.encode(encoding), "report.txt")

    assert document.text == text
    assert figures(document) == figures(plain(text))


@pytest.mark.parametrize("encoding", ["gb2312", "gbk", "utf-8"])
def test_a_page_is_read_in_the_encoding_that_it_names(encoding: str) -> None:
    page = html(REPORT).decode().replace("utf-8", encoding).encode(encoding)

    assert figures(document_from(page, "report.html")) == FIGURES


@pytest.mark.parametrize(
    "write", [html, docx, pdf, partial(pdf, is_ruled=False)], ids=["html", "docx", "ruled pdf", "pdf without rules"]
)
def test_tables_are_read_cell_by_cell_with_the_unit_of_their_header(write: object) -> None:
    assert callable(write)
    document = document_from(write([Text("一、专利", 2), TABLES[0], Text("说明如下。"), TABLES[1]]), "-")

    assert [[(c.row, c.column, c.text, c.unit) for c in table.cells] for table in document.tables] == CELLS
    assert [table.caption for table in document.tables] == [table.caption for table in TABLES]
    first = document.tables[0].cells[1]
    assert (first.header, first.stub) == (("授权量（件）", "发明"), ("2024",))
    assert [(each.published, each.unit) for each in extract(document) if not each.reason] == [
        (text, unit) for table in CELLS for _, _, text, unit in table
    ]
    for table in document.tables:
        assert all(document.text[cell.offset :].startswith(cell.text) for cell in table.cells)
    place = document.place(document.tables[1].cells[3].offset)
    assert (place.table, place.row, place.cell) == (2, 3, 3)


def test_cells_with_several_lines_and_a_table_that_goes_on_overleaf_are_read_whole() -> None:
    name = "乙区（含开发区、保税区及高新技术产业园区）"
    rows = [["区县（市）", "发明专利与实用新型专利授权量合计（件）", "增长（%）"]]
    rows += [[f"{name}{number}号", f"{number},204", f"-{number}.1"] for number in range(1, 60)]
    document = document_from(pdf([Text("各区情况如下。"), Rows(rows), Text("共59家。")]), "a.pdf")
    [table] = document.tables

    assert [(cell.text, cell.unit) for cell in table.cells] == [
        cell for row in rows[1:] for cell in ((row[1], "件"), (row[2], "%"))
    ]
    assert table.cells[0].header == (rows[0][1],)
    assert table.cells[-1].stub == (f"{name}59号",)
    assert document.place(table.cells[-1].offset).page == len(document.pages) > 1


def test_sheets_of_a_workbook_are_tables() -> None:
    rows = [
        ["示例市情况"],
        ["单位：件"],
        ["指标", "2025年", "2026年", "增长（%）"],
        ["授权量", 51204, 54018, 5.5],
        ["注：初步数"],
    ]
    document = document_from(xlsx(rows), "table.xlsx")
    ods_rows = ["".join(ods_cell(str(cell)) for cell in row) for row in rows[2:4]]

    assert [(c.row, c.column, c.text, c.unit) for c in document.tables[0].cells] == [
        (4, 2, "51204", "件"),
        (4, 3, "54018", "件"),
        (4, 4, "5.5", "%"),
    ]
    assert published(ods(ods_rows), "table.ods") == ["51204", "54018", "5.5"]


def test_each_sheet_of_several_is_a_section() -> None:
    def add(sheet: object) -> None:
        other = sheet.parent.create_sheet("商标")  # type: ignore[attr-defined]
        other.append(["指标", "2026年（件）"])
        other.append(["注册", 7])

    document = document_from(xlsx([["指标", "2026年（件）"], ["授权", 3]], add, "专利"), "table.xlsx")

    assert figures(document) == [("1", "3"), ("2", "7")]


def test_a_csv_file_is_a_table_and_a_comma_in_quotes_joins_no_cells() -> None:
    assert published('年份,授权（件）,商标（件）\n2025,"51,204",786\n2026,200,300\n'.encode(), "a.csv") == [
        "51,204",
        "786",
        "200",
        "300",
    ]


def test_tables_of_plain_text_are_columns_under_titles() -> None:
    by_tabs = "表1 情况（单位：件）\n年份\t授权\t其中：发明\n2025\t51,204\t200\n"
    by_spaces = "指标 2025年 2026年\n专利（件） 200 786\n商标（件） 300 400\n"
    text = f"{by_tabs}\n{by_spaces}"
    document = read_text(text, "-")

    assert [(f.published, f.unit) for f in extract(document) if not f.reason] == [
        ("51,204", "件"),
        ("200", "件"),
        *((number, "件") for number in ("200", "786", "300", "400")),
    ]
    assert document.text == text


def test_words_in_a_row_are_no_table() -> None:
    text = "全市 授权 3件\n其中 发明 2件\n红果 园 4件"

    assert read_text(text, "-").tables == ()


@pytest.mark.parametrize(
    ("rows", "units"),
    [
        ([["指标", "数量"], ["授权（件）", "3"], ["金额（万元）", "5"]], ["件", "万元"]),
        ([["指标", "单位", "数量", "增长（%）"], ["授权", "件", "3", "1.2"]], ["件", "%"]),
        ([["指标", "甲", "乙"], ["", "件", "亿元"], ["东区", "3", "4"]], ["件", "亿元"]),
        ([["单位：件、亿元", "", ""], ["指标", "甲", "乙"], ["东区", "3", "4"]], ["", ""]),
        ([["单位：件", "", ""], ["指标", "数量", "同比增长"], ["东区", "3", "4.5"]], ["件", ""]),
        ([["单位：件，%", "", ""], ["指标", "数量", "同比增长"], ["东区", "3", "4.5"]], ["件", "%"]),
        ([["指标", "2025年", "2026年"], ["授权", "3件", "4万件"]], ["", ""]),
        ([["指标", "金额/亿元"], ["融资", "4.5"]], ["亿元"]),
    ],
)
def test_a_unit_is_said_by_title_row_or_caption_or_is_left_open(rows: list[list[str]], units: list[str]) -> None:
    document = document_from(html([Rows(rows)]), "a.html")

    assert [cell.unit for cell in document.tables[0].cells] == units


def test_what_names_a_row_or_a_column_is_no_figure() -> None:
    rows = [["序号", "规模", "2026"], ["1", "500万元以上", "12"], ["2", "3年以下", "1999"], ["3", "其他", "（12.5）"]]
    found = extract(document_from(html([Rows(rows, caption="单位：家")]), "a.html"))

    assert [(each.published, each.unit) for each in found if not each.reason] == [("12", "家"), ("1999", "家")]
    assert [each.published for each in found if each.is_unclear] == ["（12.5）"]


def test_menus_scripts_hidden_text_and_footers_of_a_page_are_no_text() -> None:
    before = (
        "<nav>首页 12件</nav><script>var a='13件'</script><ul class='breadcrumb'><li>14件</ul>"
        "<div style='display: none'>15件</div>"
        "<div class='x'>16件</div><div hidden>17件</div><p>访问量：128,330 次　发布时间：2027-03-18</p><del>18件</del>"
    )
    after = "<footer>19件</footer><p>示ICP备00000001号-2</p><!-- 20件 --><noscript>21件</noscript>"
    page = html(REPORT, before, after, "<title>22件</title><style>.x{display:none}</style>")

    assert figures(document_from(page, "a.html")) == FIGURES


def test_a_page_laid_out_by_tables_is_text() -> None:
    page = html([], "<table><tr><td>菜单</td><td><p>一、法院</p><p>收案12件，结案3件。</p><p>其中4件再审。</p></td></tr></table>")

    assert figures(document_from(page, "a.html")) == [("1", "12件"), ("1", "3件"), ("1", "4件")]


def test_marks_of_footnotes_are_no_figures_and_exponents_are_not_lost() -> None:
    page = html([], "<p>授权12<sup>3</sup>件，增长5.2%<sup>[1]</sup>，面积30m<sup>2</sup>。</p>")
    runs = "<w:p><w:r><w:t>增长5.2%</w:t></w:r><w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:t>1</w:t></w:r></w:p>"

    assert document_from(page, "a.html").text == "授权12件，增长5.2%，面积30m²。\n"
    assert document_from(docx([], runs), "a.docx").text == "增长5.2%\n"


def test_deleted_hidden_and_generated_text_of_word_is_not_read() -> None:
    mark = "<w:r><w:fldChar w:fldCharType='{}'/></w:r>"
    page = "<w:r><w:instrText>PAGE</w:instrText></w:r>" + mark.format("separate") + "<w:r><w:t>16</w:t></w:r>"
    gallery = "<w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj>"
    extra = (
        "<w:p><w:del><w:r><w:delText>12件</w:delText></w:r></w:del><w:ins><w:r><w:t>13件</w:t></w:r></w:ins></w:p>"
        + paragraph_xml("14件", run="<w:vanish/>")
        + paragraph_xml("15件", run="<w:strike/>")
        + f"<w:p>{mark.format('begin')}{page}{mark.format('end')}</w:p>"
        + f"<w:sdt><w:sdtPr>{gallery}</w:sdtPr><w:sdtContent>{paragraph_xml('一、创造 17')}</w:sdtContent></w:sdt>"
    )

    assert published(docx([], extra), "a.docx") == ["13件"]


def test_notes_of_word_follow_the_paragraph_that_refers_to_them() -> None:
    notes = (
        "<w:footnote w:type='separator' w:id='0'><w:p/></w:footnote><w:footnote w:id='2'>"
        + paragraph_xml("含外观3件。")
        + "</w:footnote>"
    )
    body = "<w:p><w:r><w:t>授权12件。</w:t></w:r><w:r><w:footnoteReference w:id='2'/></w:r></w:p>" + paragraph_xml("商标4件。")

    assert published(docx([], body, {"footnotes": notes}), "a.docx") == ["12件", "3件", "4件"]


def test_the_headers_of_pages_their_numbers_and_contents_are_no_text() -> None:
    many = [
        Text(f"第{n}段，授权{n}00件，商标{n}01件，版权作品登记{n}02件，均居全省前列，其中企业占比较高。") for n in range(1, 70)
    ]
    document = document_from(pdf([Text("一、创造质量 ............ 3"), *many], header="示例市公报 2026 第12期"), "a.pdf")

    assert [figure for _, figure in figures(document)] == [f"{n}0{k}件" for n in range(1, 70) for k in range(3)]
    assert len(document.pages) > 1
    last = extract(document)[-1]
    assert document.place(last.offset).page == len(document.pages)


def test_two_columns_are_read_one_after_the_other() -> None:
    many = [Text(f"本年授权{n}00件，商标注册量为{n}01件，版权作品登记量达{n}02件，均居全省前列。") for n in range(1, 60)]
    document = document_from(pdf([Text("示例市公报", 1), *many], columns=2), "a.pdf")

    assert [figure for _, figure in figures(document)] == [f"{n}0{k}件" for n in range(1, 60) for k in range(3)]


def test_a_character_that_a_font_does_not_name_makes_the_number_beside_it_unclear() -> None:
    found = extract(Document("a.pdf", "pdf", f"授权12{LOST}，商标3件。"))

    assert [(each.published, each.is_unclear) for each in found] == [("12", True), ("3件", False)]


def test_contents_of_a_text_open_no_sections() -> None:
    text = "目录\n一、创造\t3\n二、保护……………5\n\n一、创造\n授权3件。"

    assert published(docx([Text(line) for line in text.split("\n")]), "a.docx") == ["3件"]


def test_radicals_are_the_characters_that_they_are_printed_for() -> None:
    found = extract("平均用时3个⽉左右，从业者33万⼈，货⻋12辆，⾦额2.1亿元。")

    assert [(each.published, each.unit) for each in found if not each.reason] == [
        ("3个⽉左右", "个月"),
        ("33万⼈", "人"),
        ("12辆", "辆"),
        ("2.1亿元", "元"),
    ]


def test_markup_of_markdown_is_no_text_and_moves_nothing() -> None:
    text = "# 公报\n\n- **7.64**万件，见[第12页](https://example.org/2024/8/9)。\n- 授权1\\.2万件`。`\n"
    document = document_from(text.encode(), "a.md")

    assert [(each.published, document.place(each.offset).column) for each in extract(document) if not each.reason] == [
        ("7.64万件", 5),
        ("1.2万件", 5),
    ]
    assert len(document.text) == len(text)


def test_a_document_of_another_form_is_refused_with_the_next_step(tmp_path: Path) -> None:
    from etl.documents.refusal import UnreadableDocumentError

    for name, content, step in (
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(20), "Recognize its text"),
        ("a.rtf", b"{\\rtf1 12}", "save it as .docx"),
        ("a.pptx", zipped({"ppt/presentation.xml": "<a/>"}), "Save it as PDF"),
        ("a.ofd", zipped({"OFD.xml": "<a/>"}), "Export it as PDF"),
        ("a.zip", zipped({"a.txt": "12"}), "Unpack it"),
        ("a.xml", b"<?xml version='1.0'?><a>12</a>", "Save it as HTML"),
        ("a.txt", b"", "anew"),
        ("a.txt", "全市授权12件\0，商标34件，版权作品登记5件。".encode(), "NUL"),
    ):
        with pytest.raises(UnreadableDocumentError, match=step):
            document_from(content, name)
