"""Documents from the command line: figures with places, the bulletin in every form, and documents made to do harm."""

from __future__ import annotations

import io
import json
import resource
import shutil
import sys
import time
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from made_documents import Rows, Text, blocks_of_markdown, docx, html, pdf, zipped
from paths import ROOT
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

import etl
from etl.cli import main
from etl.documents.extract import extract
from etl.documents.read import document_from, read_document
from etl.errors import ProjectError
from etl.project import Project
from etl.run import run

MOST_SECONDS, MOST_KIB = 10, 1_000_000
REPORT = (Text("一、专利", 2), Text("全市授权专利55,930件，同比下降3.5%。"))
TABLE = Rows([["年份", "授权（件）"], ["2025", "54,018"], ["2026", "55,930"]])
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="1" Type="http://x/officeDocument" Target="word/document.xml"/></Relationships>'
)
LAUGHS = (
    '<!DOCTYPE l [<!ENTITY a "ha">' + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)) + "]>"
)


def extracted(*arguments: str, given: bytes = b"") -> Result:
    return CliRunner().invoke(main, ["extract", *arguments], input=given)


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is no project, in which commands run."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_document_needs_no_project_and_its_figures_have_places(nowhere: Path) -> None:
    Path("a.txt").write_text("一、专利\n授权12件，\n商标34件。\n", encoding="utf-8")
    Path("a.pdf").write_bytes(pdf([*REPORT, TABLE]))

    assert extracted("a.txt").stdout == "a.txt:2:3: 12件\na.txt:3:3: 34件\n"
    assert extracted("a.pdf").stdout.splitlines() == [
        "a.pdf:page 1: 55,930件",
        "a.pdf:page 1: 下降3.5%",
        "a.pdf:page 1, table 1, row 2, column 2: 54,018 (件)",
        "a.pdf:page 1, table 1, row 3, column 2: 55,930 (件)",
    ]


def test_standard_input_is_read_in_its_form(nowhere: Path) -> None:
    assert extracted("-", given=docx(REPORT)).stdout == "-:section 1: 55,930件\n-:section 1: 下降3.5%\n"
    assert extracted("-", given="授权12件。".encode("gb18030")).stdout == "-:1:3: 12件\n"


def test_numbers_are_listed_as_csv_and_json_with_the_reason_of_each_that_is_no_figure(nowhere: Path) -> None:
    Path("a.html").write_bytes(html([Text("2026年授权12件。"), TABLE]))
    listed = json.loads(extracted("a.html", "--format", "json").stdout)

    assert [(each["published"], each["unit"], each["reason"]) for each in listed if each["reason"] != "year"] == [
        ("12件", "件", ""),
        ("54,018", "件", ""),
        ("55,930", "件", ""),
    ]
    assert listed[-1] | {"table": 1, "row": 3, "cell": 2} == listed[-1]
    lines = extracted("a.html", "--format", "csv").stdout.splitlines()
    assert lines[0].startswith("section,ordinal,offset,published,unit,hedge,reason,")
    assert lines[0].endswith(",line,column,page,table,row,cell")
    assert len(lines) == 1 + len(listed)


def test_unclear_numbers_are_listed_apart(nowhere: Path) -> None:
    Path("a.html").write_bytes(html([Rows([["年份", "授权（件）"], ["2025", "（12）"]])]))

    assert extracted("a.html").stdout == (
        "1 unclear: enter each as it is printed, or leave it out\n"
        "  a.html:table 1, row 2, column 2: （12） (the cell is not one number)\n"
    )


def test_a_ledger_of_a_word_document_is_written_and_verified(nowhere: Path) -> None:
    Path("raw/sources").mkdir(parents=True)
    header = "source,title,publisher,published_on,url,area,period,kind,sha256,length"
    Path("raw/sources.csv").write_text(f"{header}\n", encoding="utf-8")
    Path("a.docx").write_bytes(docx([*REPORT, TABLE]))
    *_, sha256, _, _, length = extracted("a.docx", "-o", "raw/sources/a.csv").stdout.split()
    Path("raw/sources.csv").write_text(f"{header}\na,t,p,,,330200,2026,bulletin,{sha256},{length}\n", encoding="utf-8")

    assert Path("raw/sources/a.csv").read_text(encoding="utf-8").splitlines()[3].endswith(',"54,018",件,')
    assert extracted("a.docx", "--verify").exit_code == 0
    Path("a.docx").write_bytes(docx([*REPORT, Text("另有7件。")]))
    assert extracted("a.docx", "--verify", "--source", "a").exit_code == 1


def test_figures_of_any_form_are_a_frame(nowhere: Path) -> None:
    Path("a.docx").write_bytes(docx([*REPORT, TABLE]))
    found = etl.extract("a.docx").filter(reason="")

    assert found.select("published", "unit", "table", "row", "cell").rows() == [
        ("55,930件", "件", None, None, None),
        ("下降3.5%", "%", None, None, None),
        ("54,018", "件", 1, 2, 2),
        ("55,930", "件", 1, 3, 2),
    ]


def test_the_bulletin_reads_the_same_in_every_form(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "raw", tmp_path / "raw")
    run(Project(tmp_path), None, lambda text: None)
    asked = ["bulletin", "--project", str(tmp_path), "--lang", "zh", "--year", "2025"]
    markdown = CliRunner().invoke(main, asked).stdout
    page = CliRunner().invoke(main, [*asked, "--format", "html"]).stdout.encode()
    blocks = blocks_of_markdown(markdown)
    printed = [(each.section, each.published) for each in extract(markdown) if not each.reason]
    header = "示例市知识产权发展与保护状况 2025"
    made = {"docx": docx(blocks), "html": page, "pdf": pdf(blocks, 1, header), "two.pdf": pdf(blocks, 2, header)}

    assert len(printed) == 127
    for name, content in made.items():
        document = document_from(content, f"a.{name}")
        read = [(each.section, each.published) for each in extract(document) if not each.reason]
        missing = Counter(printed) - Counter(read)
        assert missing.total() <= (2 if name == "two.pdf" else 0), (name, missing)
        assert len(read) == len(printed), name


def scanned() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawImage(ImageReader(Image.new("RGB", (50, 50))), 0, 0, 595, 842)
    canvas.save()
    return out.getvalue()


def bare_pdf(pages: int = 1, kids: str = "3 0 R", contents: bytes = b"") -> bytes:
    stream = b"/Contents 4 0 R" if contents else b""
    return (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[%s]/Count %d>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]%s/Resources<</Font<</F1 5 0 R>>>>>>endobj\n"
        b"4 0 obj<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream endobj\n"
        b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%%%EOF\n"
        % (kids.encode(), pages, stream, len(contents), contents)
    )


def compound(stream: str) -> bytes:
    return COMPOUND + stream.encode("utf-16-le") + bytes(300)


def document_xml(xml: str) -> bytes:
    return zipped({"_rels/.rels": RELATIONS, "word/document.xml": xml})


HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "scan": ("pdf", scanned, "no text, only images.*recognize its text"),
    "encrypted": ("pdf", lambda: pdf(REPORT, password="x"), "encrypted; save it without a password"),
    "cut off in the middle": ("pdf", lambda: pdf(REPORT)[:900], "cut off or damaged.*get it anew"),
    "cut off at its end": ("pdf", lambda: pdf(REPORT)[:-40], "cut off.*get it anew"),
    "a million pages": ("pdf", lambda: bare_pdf(1_000_000), "says that it has 1,000,000 pages"),
    "pages that are not there": ("pdf", lambda: bare_pdf(2_000), "damaged"),
    "pages within themselves": ("pdf", lambda: bare_pdf(2, "2 0 R 2 0 R"), "damaged"),
    "a stream that inflates": ("pdf", lambda: bare_pdf(contents=zlib.compress(b"BT (1) Tj ET " * 30_000_000, 9)), "anew"),
    "noise": ("pdf", lambda: b"%PDF-1.7\n" + bytes(range(256)) * 40, "damaged"),
    "encrypted Word": ("docx", lambda: compound("EncryptedPackage"), "encrypted.*without a password"),
    "encrypted workbook": ("xlsx", lambda: compound("EncryptedPackage"), "encrypted.*without a password"),
    "old Word": ("doc", lambda: compound("WordDocument"), r"\.doc.*save it as \.docx"),
    "old presentation": ("ppt", lambda: compound("PowerPoint Document"), r"\.ppt.*Save it as PDF"),
    "Word cut off": ("docx", lambda: docx(REPORT)[:-200], "cut off or damaged.*anew"),
    "zip bomb": ("docx", lambda: document_xml(" " * 150_000_000), "inflates to more than"),
    "entities": ("docx", lambda: document_xml(f"{LAUGHS}<l>&j;</l>"), "document type"),
    "no XML": ("docx", lambda: document_xml("<a><b></a>"), "no XML.*anew"),
    "nested deeply": ("docx", lambda: docx([], "<w:sdt>" * 10_000 + "</w:sdt>" * 10_000), "nested more than 256 deep"),
    "page nested deeply": ("html", lambda: b"<html>" + b"<div>" * 10_000 + b"12", "nested more than 256 deep"),
    "tables nested deeply": ("html", lambda: b"<html>" + b"<table><tr><td>" * 10_000 + b"12", "nested more than 256 deep"),
    "page without text": ("html", lambda: b"<html><script>12</script>", "holds no text"),
    "image": ("png", lambda: b"\x89PNG\r\n\x1a\n" + bytes(50), "PNG image.*Recognize its text"),
    "Japanese": ("txt", lambda: "特許出願件数は30万6,855件で、前年比1.2%増となった。".encode(), "Japanese"),
    "empty": ("pdf", lambda: b"", "is empty"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_document_made_to_do_harm_is_refused_by_name_in_seconds(nowhere: Path, name: str) -> None:
    ending, make, reason = HOSTILE[name]
    path = nowhere / f"a.{ending}"
    path.write_bytes(make())
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, time.monotonic()

    with pytest.raises(ProjectError, match=reason):
        extract(read_document(path))

    assert time.monotonic() - started < MOST_SECONDS
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert peak < MOST_KIB or peak == before  # the peak is that of all children, those of other tests among them
    refused = extracted(path.name)
    assert refused.exit_code == 2
    assert refused.stderr.startswith("Error: ")


def test_a_reader_that_is_not_installed_is_named_with_the_command(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    Path("a.pdf").write_bytes(pdf(REPORT))

    refused = extracted("a.pdf")

    assert refused.exit_code == 2
    assert "pip install 'ip-bulletin-etl[documents]'" in refused.stderr
