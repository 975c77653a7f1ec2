"""Documents of every form: what is read, in which section, and what is no text of the document."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_documents import Blocks, Text, docx, html, paragraph_xml, pdf, zipped

from etl.documents.document import Document, plain
from etl.documents.extract import extract
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


OF_A_PAGE = {
    "<p>1200<sub>2</sub>件</p>": "1200件",
    "<p>CO<sub>2</sub>排放</p>": "CO₂排放",
    "<p>1200<span style='vertical-align: super'>1</span>件</p>": "1200件",
    "<p>1200<span style='vertical-align:sub'>1</span>件</p>": "1200件",
    "<p>1200<b class='mark'>1</b>件</p>": "1200件",
    "<p>12<span style='text-decoration: line-through'>00</span>件</p>": "12件",
    "<p>12<span class='gone'>00</span>件</p>": "12件",
    "<p>12<s>00</s>件</p>": "12件",
    "<p>12<ins>00</ins>件</p>": "1200件",
    "<p>12<span style='font-size:0'>00</span>件</p>": "12件",
    "<p><sup>220</sup></p>": "²²⁰",
    "<p>1.2×<math><msup><mn>10</mn><mn>3</mn></msup></math></p>": "1.2×10³",
}
OF_WORD = {
    ("12", "<w:vertAlign w:val='subscript'/>"): "1200件",
    ("1", "<w:position w:val='8'/>"): "1200件",
    ("1", "<w:position w:val='2'/>"): "12001件",
    ("1", "<w:rStyle w:val='mark'/>"): "1200件",
    ("1", "<w:rStyle w:val='child'/>"): "1200件",
    ("1", "<w:rStyle w:val='mark'/><w:vertAlign w:val='baseline'/>"): "12001件",
    ("99", "<w:rStyle w:val='gone'/>"): "1200件",
    ("99", "<w:rStyle w:val='gone'/><w:strike w:val='0'/>"): "120099件",
    ("99", "<w:dstrike/>"): "1200件",
    ("99", "<w:vanish/>"): "1200件",
}


@pytest.mark.parametrize("body", OF_A_PAGE)
def test_text_of_a_page_that_stands_above_below_or_struck_out_is_in_no_figure(body: str) -> None:
    styles = "<style>.mark{vertical-align: super} .gone{text-decoration: line-through}</style>"

    assert document_from(html([], body, "", styles), "a.html").text == f"{OF_A_PAGE[body]}\n"


@pytest.mark.parametrize(("text", "properties"), OF_WORD)
def test_text_of_word_that_stands_above_below_or_struck_out_is_in_no_figure(text: str, properties: str) -> None:
    styles = (
        "<w:style w:type='character' w:styleId='mark'><w:rPr><w:vertAlign w:val='superscript'/></w:rPr></w:style>"
        "<w:style w:type='character' w:styleId='child'><w:basedOn w:val='mark'/></w:style>"
        "<w:style w:type='character' w:styleId='gone'><w:rPr><w:strike/></w:rPr></w:style>"
    )
    run = f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"
    body = f"<w:p><w:r><w:t>1200</w:t></w:r>{run}<w:r><w:t>件</w:t></w:r></w:p>"

    assert document_from(docx([], body, {"styles": styles}), "a.docx").text == f"{OF_WORD[text, properties]}\n"


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
