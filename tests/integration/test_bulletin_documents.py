"""The bulletin as a Word document and as PDF: both read back as its figures, and what an office writes into it stays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from docx import Document

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


@pytest.mark.parametrize("ending", [".docx", ".pdf"])
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
        assert "-o FILE.docx" in ran.stderr
        assert file.read_bytes() == before


def test_bytes_go_to_a_file(own_warehouse: Path) -> None:
    ran = etl(own_warehouse, "--format", "pdf")
    assert ran.exit_code == 2
    assert "-o FILE.pdf" in ran.stderr


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
