"""The bulletin as a Word document and as PDF: both read back as its figures, and what an office writes into it stays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result
from docx import Document
from docx.oxml.ns import qn
from returns import copied_project
from small_warehouses import warehouse as warehouse_of

from etl.bulletin import as_markdown
from etl.bulletin.as_docx import render_bulletin, tag_of
from etl.bulletin.content import Bulletin, Paragraph
from etl.bulletin.forms import Style
from etl.bulletin.refill_docx import fill_in
from etl.bulletin.write import write_bulletin
from etl.cli import main
from etl.errors import ProjectError
from etl.printed import extract

CHINESE = Style("zh")


@pytest.fixture(scope="module")
def bulletin(own_warehouse: Path) -> Bulletin:
    return write_bulletin(own_warehouse, CHINESE)


def etl(warehouse: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["bulletin", "--project", str(warehouse.parents[1]), "--lang", "zh", *arguments])


def printed(file: Path) -> list[str]:
    frame = extract(file)
    return frame.filter(frame["reason"] == "")["published"].to_list()


@pytest.mark.parametrize("ending", [".docx", ".pdf", ".html"])
def test_a_document_reads_back_as_the_figures_that_were_put_in(
    ending: str, own_warehouse: Path, bulletin: Bulletin, tmp_path: Path
) -> None:
    file = tmp_path / f"bulletin{ending}"
    assert etl(own_warehouse, "-o", str(file)).exit_code == 0
    assert printed(file) == [placed.text for placed in bulletin.placed]
    assert len(printed(file)) > 100


def test_what_an_office_writes_stays_and_only_changed_figures_change(bulletin: Bulletin, tmp_path: Path) -> None:
    file = tmp_path / "bulletin.docx"
    file.write_bytes(render_bulletin(bulletin))
    edited = Document(str(file))
    own = edited.paragraphs[1].insert_paragraph_before("本办公室补充说明一段。")
    own.runs[0].bold = True
    edited.paragraphs[4].add_run("（详见附件）")
    edited.save(str(file))
    first = bulletin.placed[0]
    content, changes = fill_in(file.read_bytes(), bulletin)
    assert changes == []
    other = write_other(bulletin, "12345件")
    content, changes = fill_in(content, other)
    assert changes == [f"{tag_of(first.request)}: {first.text} → 12345件"]
    file.write_bytes(content)
    text = [paragraph.text for paragraph in Document(str(file)).paragraphs]
    assert "本办公室补充说明一段。" in text
    assert any("（详见附件）" in line for line in text)
    assert printed(file) == ["12345件", *(placed.text for placed in bulletin.placed[1:])]


def write_other(bulletin: Bulletin, text: str) -> Bulletin:
    """The same bulletin with another first figure."""
    first = bulletin.placed[0]

    def changed(paragraph: Paragraph) -> Paragraph:
        return tuple(replace(piece, text=text) if piece is first else piece for piece in paragraph)

    return Bulletin(
        bulletin.style, tuple(replace(part, paragraphs=tuple(map(changed, part.paragraphs))) for part in bulletin.parts)
    )


def test_the_command_fills_the_document_that_is_there(own_warehouse: Path, tmp_path: Path) -> None:
    file = tmp_path / "bulletin.docx"
    assert etl(own_warehouse, "-o", str(file)).exit_code == 0
    edited = Document(str(file))
    edited.paragraphs[1].insert_paragraph_before("本办公室补充说明一段。")
    edited.save(str(file))
    ran = etl(own_warehouse, "-o", str(file))
    assert ran.exit_code == 0, ran.output
    assert "本办公室补充说明一段。" in [paragraph.text for paragraph in Document(str(file)).paragraphs]


def test_a_document_that_holds_no_bulletin_is_left_as_it_is(own_warehouse: Path, tmp_path: Path) -> None:
    broken, foreign = tmp_path / "broken.docx", tmp_path / "foreign.docx"
    broken.write_bytes(b"no document")
    Document().save(str(foreign))
    for file in (broken, foreign):
        before = file.read_bytes()
        ran = etl(own_warehouse, "-o", str(file))
        assert ran.exit_code == 2
        assert "-o 文件.docx" in ran.stderr
        assert file.read_bytes() == before


def test_bytes_go_to_a_file(own_warehouse: Path) -> None:
    ran = etl(own_warehouse, "--format", "pdf")
    assert ran.exit_code == 2
    assert "-o 文件.pdf" in ran.stderr


def test_a_truncated_document_is_refused(bulletin: Bulletin) -> None:
    content = render_bulletin(bulletin)
    with pytest.raises(ProjectError):
        fill_in(content[: len(content) // 2], bulletin)


def test_a_page_has_the_margins_of_an_official_document(bulletin: Bulletin, tmp_path: Path) -> None:
    file = tmp_path / "bulletin.docx"
    file.write_bytes(render_bulletin(bulletin))
    section = Document(str(file)).sections[0]
    assert [round(width.mm) for width in (section.page_width, section.page_height, section.top_margin, section.left_margin)] == [
        210, 297, 37, 28,
    ]  # fmt: skip


ROWS_OF_2024 = {
    "courts.caseload": "330200,2024,all,5500件,,6000件,,,ningbo-2024,1",
    "patents.stock": "330200,2024,all,6.8万件,,,ningbo-2024,1",
    "finance.pledges": "330200,2024,all,700亿元,超3000家,,ningbo-2024,1",
    "copyright.registrations": "330200,2024,8853件,,,ningbo-2024,1",
    "patents.enterprises": "330200,2024,industrial_enterprises,,,,37.5%,,ningbo-2024,1",
}


@pytest.fixture(scope="module")
def two_years(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a warehouse of this repository with exact, rounded and hedged figures of the year before."""
    project = copied_project(tmp_path_factory.mktemp("two"))
    rows = {project.raw(address): row for address, row in ROWS_OF_2024.items()}
    rows[project.root / "raw" / "sources.csv"] = "ningbo-2024,甲市公报,某局,2025-03-01,,330200,2024,compilation,,"
    for path, row in rows.items():
        path.write_text(path.read_text(encoding="utf-8").rstrip("\n") + f"\n{row}\n", encoding="utf-8")
    return warehouse_of(project)


def test_a_figure_is_compared_with_the_year_before_as_far_as_rounding_allows(two_years: Path) -> None:
    written = as_markdown.render_bulletin(write_bulletin(two_years, CHINESE))
    assert "新收知识产权案件5981件（同比增长8.7%），审结5954件（同比下降0.8%）" in written
    assert "登记金额为786亿元（同比增长12%），惠及企业4000余家；" in written  # one of 超3000家 has no upper bound
    assert "占38.92%（同比提高1个百分点）。" in written
    assert "有效发明专利拥有量为7.64万件，" in written  # by 11.5 % or 13.2 %, which 6.8万 leaves open
    assert "作品10908件，比上年增长23.21%；" in written  # the document prints the growth
    english = as_markdown.render_bulletin(write_bulletin(two_years, Style("en")))
    assert "concluded 5,954 (down 0.8% on the year before)" in english


def test_tables_repeat_the_text_and_the_year_before(two_years: Path, tmp_path: Path) -> None:
    bulletin = write_bulletin(two_years, CHINESE)
    file = tmp_path / "bulletin.docx"
    assert etl(two_years, "-o", str(file)).exit_code == 0
    read = extract(file)
    assert printed(file) == [placed.text for placed in bulletin.placed]
    repeated = read.filter(pl.col("reason") == "repeated")
    assert set(repeated["table"]) == set(range(1, 13))
    assert {"5981件", "5500件"} <= set(repeated["published"])


def test_a_cell_of_a_table_that_an_office_has_changed_is_read_as_a_figure(bulletin: Bulletin, tmp_path: Path) -> None:
    file = tmp_path / "bulletin.docx"
    file.write_bytes(render_bulletin(bulletin))
    edited = Document(str(file))
    cell = next(each for each in edited.tables[0]._cells if "7.64万件" in "".join(each._tc.itertext()))
    next(text for text in cell._tc.iter(qn("w:t"))).text = "7.46万件"
    edited.save(str(file))
    assert sorted(printed(file)) == sorted([*(placed.text for placed in bulletin.placed), "7.46万件"])


def test_a_changed_figure_changes_in_sentence_table_and_chart(two_years: Path, tmp_path: Path) -> None:
    file = tmp_path / "bulletin.docx"
    draft = write_bulletin(two_years, CHINESE, "330200", "2026")
    file.write_bytes(render_bulletin(draft))
    content, changes = fill_in(file.read_bytes(), write_bulletin(two_years, CHINESE))
    assert any(line.endswith("→ 5981件") for line in changes)
    file.write_bytes(content)
    paragraphs = Document(str(file)).element.body.iter(qn("w:p"))
    text = "\n".join("".join(each.text or "" for each in paragraph.iter(qn("w:t"))) for paragraph in paragraphs)
    assert "新收知识产权案件5981件（同比增长8.7%），" in text
    assert "【待填" not in text
    assert "\n5981件\n" in text
    content, changes = fill_in(content, write_bulletin(two_years, CHINESE))
    assert changes == []


def test_every_section_has_a_chart_that_says_in_words_what_it_shows(bulletin: Bulletin, tmp_path: Path) -> None:
    file = tmp_path / "bulletin.docx"
    file.write_bytes(render_bulletin(bulletin))
    document = Document(str(file))
    charts = {each.get("name"): each.get("descr") for each in document.element.body.iter(qn("wp:docPr"))}
    assert list(charts) == [f"chart {part.id}" for part in bulletin.parts if part.chart]
    assert len(charts) == len(document.tables) == 12
    assert "单位：件" in charts["chart A2"] and "2022年 45.5万件" in charts["chart A2"]
    other = write_other(bulletin, "12345件")
    assert not any(line.startswith("chart") for line in fill_in(file.read_bytes(), other)[1])
