"""Files made to do harm, and files that bring their readers down: each is refused in seconds, and this process goes on."""

from __future__ import annotations

import importlib.util
import io
import os
import resource
import struct
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from workbooks import HEADER, ROW, archive, bare_xlsx, inline, ods, ods_cell, xlsx

import etl.raw_files.find
from etl.catalogue import entry
from etl.errors import ProjectError
from etl.project import Project
from etl.raw_files.in_child import read_in_child
from etl.tables.read import RawTable, read_table

MakeProject = Callable[..., Project]
FIXTURES = Path(__file__).parent / "raw_files"
GOOD = f"{','.join(HEADER)}\n{','.join(ROW)}\n"
MOST_SECONDS, MOST_KIB = 10, 1_000_000
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)


def far(reference: str) -> bytes:
    row = int("".join(filter(str.isdigit, reference)))
    return bare_xlsx(f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="{reference}"><v>1</v></c></row>')


def zip_bomb(size: int = 150 * 2**20) -> bytes:
    return archive({"xl/workbook.xml": b" " * size})


def lying_bomb() -> bytes:
    """An archive whose directory says that its part is small."""
    bomb = bytearray(zip_bomb(40 * 2**20))
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        struct.pack_into("<I", bomb, bomb.find(signature) + offset, 1000)
    return bytes(bomb)


def encrypted_parts() -> bytes:
    made = bytearray(xlsx([HEADER, ROW]))
    at = -1
    while (at := made.find(b"PK\x01\x02", at + 1)) >= 0:
        made[at + 8] |= 1
    return bytes(made)


def same_part_twice() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for number in (1, 2):
            made.writestr(f"xl/{'workbook' if number == 1 else 'WORKBOOK'}.xml", "<a/>")
    return out.getvalue()


def panicking() -> bytes:
    """An XLS file whose formula is one token without its operand, at which calamine panics."""
    made = bytearray((FIXTURES / "formula.xls").read_bytes())
    at = made.find(bytes.fromhex("07001e01001e010003"))
    struct.pack_into("<H", made, at, 1)
    made[at + 2] = 0x1F
    return bytes(made)


def xls_with(old: bytes, new: bytes, name: str = "numbers") -> bytes:
    content = (FIXTURES / f"{name}.xls").read_bytes()
    assert old in content
    return content.replace(old, new, 1)


def compound(name: str) -> bytes:
    """A compound file whose stream has another name."""
    return xls_with("Workbook\0".encode("utf-16-le"), name.ljust(9, "\0").encode("utf-16-le"))


def circle() -> bytes:
    made = bytearray((FIXTURES / "numbers.xls").read_bytes())
    first = struct.unpack_from("<I", made, 76)[0]
    for number in range(8):
        struct.pack_into("<I", made, (first + 1) * 512 + 4 * number, number)
    return bytes(made)


ODS_ROW = "".join(map(ods_cell, ROW))
HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "zip bomb": ("xlsx", zip_bomb, "inflates to more than"),
    "zip bomb that lies of its size": ("xlsx", lying_bomb, "cut off or damaged"),
    "zip bomb in ODS": ("ods", zip_bomb, "inflates to more than"),
    "too many parts": ("xlsx", lambda: archive({str(n): "" for n in range(2001)}), "has 2,001 parts"),
    "two parts of one name": ("xlsx", same_part_twice, "two of its parts have one name"),
    "a cell in the last row and column": ("xlsx", lambda: far("XFD1048576"), "a cell far from the others"),
    "a cell in the last row": ("xlsx", lambda: far("T1048576"), "a cell far from the others"),
    "a cell in no sheet": ("xlsx", lambda: far("ZZZ9999999"), "a cell far from the others"),
    "a cell without address": ("xlsx", lambda: bare_xlsx('<row><c r="1A"><v>1</v></c></row>'), "is the address of no cell"),
    "too many cells": (
        "xlsx",
        lambda: bare_xlsx("".join(f"<row>{''.join(f'<c><v>{n * m}</v></c>' for n in range(450))}</row>" for m in range(450))),
        "more than 200,000 cells",
    ),
    "a million laughs": ("xlsx", lambda: bare_xlsx(inline([HEADER, ROW]).replace("5981件", "&j;"), LAUGHS), "document type"),
    "an entity from a file": (
        "xlsx",
        lambda: bare_xlsx(
            inline([HEADER, ROW]).replace("5981件", "&x;"), '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        ),
        "document type",
    ),
    "entities in UTF-16": (
        "xlsx",
        lambda: archive(
            {"_rels/.rels": ('<?xml version="1.0" encoding="utf-16"?><!DOCTYPE l [<!ENTITY a "b">]><l>&a;</l>').encode("utf-16")}
        ),
        "document type",
    ),
    "entities in ODS": ("ods", lambda: archive({"content.xml": LAUGHS + "<l>&j;</l>"}), "document type"),
    "repeated cells": (
        "ods",
        lambda: ods([ODS_ROW.replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="9999999"', 1)]),
        "more than 200,000 cells",
    ),
    "repeated rows": ("ods", lambda: ods([ODS_ROW]).replace(b"x", b"x"), ""),
    "encrypted parts": ("xlsx", encrypted_parts, "encrypted"),
    "an encrypted workbook": ("xlsx", lambda: compound("Encrypte").replace(b"", b""), "holds no workbook"),
    "an encrypted XLS": ("xls", lambda: xls_with(b"\x5c\x00\x70\x00", b"\x2f\x00\x70\x00"), "encrypted"),
    "encrypted ODS": (
        "ods",
        lambda: archive({"content.xml": b"\x00garbage", "META-INF/manifest.xml": "<manifest><encryption-data/></manifest>"}),
        "encrypted",
    ),
    "an old workbook under a new name": ("xlsx", lambda: (FIXTURES / "numbers.xls").read_bytes(), "name it .xls"),
    "a new workbook under an old name": ("xls", lambda: xlsx([HEADER, ROW]), "name it .xlsx"),
    "a compound file of something else": ("xls", lambda: compound("Photo"), "holds no workbook"),
    "an XLS older than Excel 97": ("xls", lambda: compound("Book"), "older than Excel 97"),
    "an XLS of sectors in a circle": ("xls", circle, "cut off or damaged"),
    "an XLS that panics its reader": ("xls", panicking, "cannot be read"),
    "an XLS cut off": ("xls", lambda: (FIXTURES / "numbers.xls").read_bytes()[:3000], "cut off or damaged"),
    "an XLSX cut off": ("xlsx", lambda: xlsx([HEADER, ROW])[:-100], "cut off or damaged"),
    "an XLSX without its middle": ("xlsx", lambda: (made := xlsx([HEADER, ROW]))[:500] + made[900:], ""),
    "an archive of something else": ("xlsx", lambda: archive({"word/document.xml": "<a/>"}), "part _rels/.rels is missing"),
    "XML that is none": ("xlsx", lambda: bare_xlsx("<row><c></row>"), "is no XML"),
    "XML nested deeply": ("xlsx", lambda: bare_xlsx("<a>" * 100_000 + "</a>" * 100_000), ""),
    "a number that is none": ("xlsx", lambda: bare_xlsx('<row><c r="A1"><v>one</v></c></row>'), "damaged"),
    "a text that is not there": ("xlsx", lambda: bare_xlsx('<row><c r="A1" t="s"><v>7</v></c></row>'), "damaged"),
    "nothing": ("xlsx", lambda: b"", "no workbook"),
    "a picture": ("xlsx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(1000), "no workbook"),
    "Parquet cut off": ("parquet", lambda: b"PAR1" + bytes(100), "cut off or damaged"),
}


def read(project: Project, form: str, content: bytes) -> RawTable:
    path = project.root / "raw" / "courts" / f"caseload.{form}"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    table = read_table(project, entry("courts.caseload"))
    assert table is not None
    return table


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_seconds_and_in_little_memory(name: str, project: MakeProject) -> None:
    form, make, expected = HOSTILE[name]
    content = make()
    started = time.monotonic()
    table = read(project({}), form, content)
    assert time.monotonic() - started < MOST_SECONDS
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < MOST_KIB
    if expected:
        assert (table.height, [finding.rule for finding in table.findings]) == (0, ["file-is-readable"])
        assert expected in table.findings[0].message.en


def test_a_reader_that_is_killed_is_a_refusal(project: MakeProject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("etl.raw_files.in_child.MEMORY", 2**20)
    table = read(project({}), "xlsx", xlsx([HEADER, ROW]))
    assert "did not survive it" in table.findings[0].message.en


def test_a_reader_that_takes_too_long_is_ended(project: MakeProject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("etl.raw_files.in_child.SECONDS", 0.001)
    table = read(project({}), "xlsx", xlsx([HEADER, ROW]))
    assert "took longer than 0.001 s" in table.findings[0].message.en


def test_without_the_reader_of_workbooks_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ProjectError, match="Install the extra `excel`"):
        read_in_child({"form": ".xlsx", "sheets": []}, b"")


def found(project: Project) -> list[str]:
    table = read_table(project, entry("courts.caseload"))
    assert table is not None
    assert table.height == 0
    return [f"{finding.place}: {finding.rule}: {finding.message.en}" for finding in table.findings]


@pytest.mark.parametrize("others", [("caseload.xlsx",), ("caseload.parquet", "caseload.ods"), ("caseload.CSV",)])
def test_a_table_in_two_files_is_not_read(others: tuple[str, ...], project: MakeProject) -> None:
    made = project({"courts.caseload": GOOD})
    for name in others:
        (made.root / "raw" / "courts" / name).write_text(GOOD, "utf-8")
    (finding,) = found(made)
    assert f"table-has-one-file: the table has {len(others) + 1} raw files" in finding


@pytest.mark.parametrize("name", ["caseload.tsv", "caseload.txt", "caseload.xlsm", "caseload.csv.gz", "caseload.csv.bak"])
def test_a_file_in_another_form_is_not_passed_over(name: str, project: MakeProject) -> None:
    made = project({"courts.backlog": GOOD})
    (made.root / "raw" / "courts" / name).write_text(GOOD, "utf-8")
    assert "file-is-readable: is none of *.csv, *.xlsx, *.xls, *.ods, *.parquet" in found(made)[0]


@pytest.mark.parametrize("name", [".caseload.csv", "~$caseload.xlsx", "caseload", "caseloads.csv"])
def test_a_file_that_is_not_named_as_the_table_is_none_of_it(name: str, project: MakeProject) -> None:
    made = project({"courts.backlog": GOOD})
    (made.root / "raw" / "courts" / name).write_text(GOOD, "utf-8")
    assert read_table(made, entry("courts.caseload")) is None


def test_a_link_out_of_the_project_is_refused_and_one_within_is_followed(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside.csv", tmp_path / "project" / "raw" / "courts"
    folder.mkdir(parents=True)
    outside.write_text(GOOD, "utf-8")
    link, made = folder / "caseload.csv", Project(tmp_path / "project")
    link.symlink_to("../../../outside.csv")
    assert "leads out of the project" in found(made)[0]
    link.unlink()
    link.symlink_to(outside)
    assert "leads out of the project" in found(made)[0]
    link.unlink()
    link.symlink_to("nowhere.csv")
    assert "leads nowhere" in found(made)[0]
    link.unlink()
    link.symlink_to("caseload.csv")
    assert "leads nowhere" in found(made)[0]
    link.unlink()
    (folder / "source_of_it.csv").write_text(GOOD, "utf-8")
    link.symlink_to("source_of_it.csv")
    table = read_table(made, entry("courts.caseload"))
    assert table is not None and table.height == 1


def test_a_folder_that_is_a_link_out_of_the_project_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "caseload.csv").write_text(GOOD, "utf-8")
    (tmp_path / "project" / "raw").mkdir(parents=True)
    (tmp_path / "project" / "raw" / "courts").symlink_to(tmp_path / "elsewhere")
    assert "leads out of the project" in found(Project(tmp_path / "project"))[0]


def test_what_is_no_file_is_refused_and_never_waited_for(project: MakeProject) -> None:
    made = project({"courts.backlog": GOOD})
    path = made.raw("courts.caseload")
    path.mkdir()
    assert "is no file" in found(made)[0]
    path.rmdir()
    os.mkfifo(path)
    assert "is no file" in found(made)[0]


def test_a_file_too_large_for_a_table_of_figures_is_refused(project: MakeProject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(etl.raw_files.find, "MOST_BYTES", 10)
    assert "records belong in a register" in found(project({"courts.caseload": GOOD}))[0]


def test_reading_csv_loads_no_reader_of_other_forms() -> None:
    import subprocess

    code = (
        "import sys, etl.tables.read; print(sorted({'etl.raw_files.in_child', 'etl.raw_files.sheet_page', 'zipfile',"
        " 'python_calamine', 'charset_normalizer', 'openpyxl'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(eval(ran.stdout)) <= {"zipfile"}  # noqa: S307
