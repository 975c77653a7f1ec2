"""Files made to do harm, and files that bring their readers down: each is refused in seconds, and this process goes on."""

from __future__ import annotations

import importlib.util
import io
import os
import resource
import struct
import zipfile
from collections.abc import Callable

import pytest
from paths import RAW_FILES
from workbooks import HEADER, ROW, archive, bare_xlsx, inline, ods, ods_cell, xlsx

from etl.catalogue import PACKAGE
from etl.errors import ProjectError
from etl.project import Project
from etl.raw_files.in_child import read_in_child
from etl.tables.read import RawTable, read_table

MakeProject = Callable[..., Project]
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
    made = bytearray((RAW_FILES / "formula.xls").read_bytes())
    at = made.find(bytes.fromhex("07001e01001e010003"))
    struct.pack_into("<H", made, at, 1)
    made[at + 2] = 0x1F
    return bytes(made)


def asking() -> bytes:
    """An XLS file that says it has so many texts that calamine asks for gigabytes, and is ended."""
    made = bytearray((RAW_FILES / "days.xls").read_bytes())
    made[1732] = 113
    return bytes(made)


def xls_with(old: bytes, new: bytes, name: str = "numbers") -> bytes:
    content = (RAW_FILES / f"{name}.xls").read_bytes()
    assert old in content
    return content.replace(old, new, 1)


def compound(name: str) -> bytes:
    """A compound file whose stream has another name."""
    made = bytearray((RAW_FILES / "numbers.xls").read_bytes())
    at, written = made.find("Workbook\0".encode("utf-16-le")), f"{name}\0".encode("utf-16-le")
    made[at : at + len(written)] = written
    struct.pack_into("<H", made, at + 64, len(written))
    return bytes(made)


def circle() -> bytes:
    made = bytearray((RAW_FILES / "numbers.xls").read_bytes())
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
    "too many merged cells": (
        "xlsx",
        lambda: xlsx([HEADER, ROW], lambda sheet: [sheet.merge_cells(f"A{2 * n}:B{2 * n}") for n in range(1, 2100)]),
        "no table of figures has",
    ),
    "merged cells that overlap": (
        "xlsx",
        lambda: bare_xlsx(
            inline([HEADER, ROW])
            + '</sheetData><mergeCells><mergeCell ref="A1:C3"/><mergeCell ref="B1:D9"/></mergeCells><sheetData>'
        ),
        "merged cells overlap here",
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
    "a table in a cell": (
        "ods",
        lambda: ods([ODS_ROW.replace("<text:p>", '<table:table table:name="x"></table:table><text:p>', 1)]),
        "a table in a cell",
    ),
    "encrypted parts": ("xlsx", encrypted_parts, "encrypted"),
    "an encrypted workbook": ("xlsx", lambda: compound("EncryptedPackage"), "encrypted"),
    "an encrypted XLS": ("xls", lambda: xls_with(b"\x5c\x00\x70\x00", b"\x2f\x00\x70\x00"), "encrypted"),
    "encrypted ODS": (
        "ods",
        lambda: archive({"content.xml": b"\x00garbage", "META-INF/manifest.xml": "<manifest><encryption-data/></manifest>"}),
        "encrypted",
    ),
    "an old workbook under a new name": ("xlsx", lambda: (RAW_FILES / "numbers.xls").read_bytes(), "name it .xls"),
    "a new workbook under an old name": ("xls", lambda: xlsx([HEADER, ROW]), "name it .xlsx"),
    "a compound file of something else": ("xls", lambda: compound("Photo"), "holds no workbook"),
    "an XLS older than Excel 97": ("xls", lambda: compound("Book"), "older than Excel 97"),
    "an XLS of sectors in a circle": ("xls", circle, "cut off or damaged"),
    "an XLS that panics its reader": ("xls", panicking, "cannot be read"),
    "an XLS that makes its reader ask for gigabytes": ("xls", asking, "did not survive it"),
    "an XLS cut off": ("xls", lambda: (RAW_FILES / "numbers.xls").read_bytes()[:3000], "cut off or damaged"),
    "an XLSX cut off": ("xlsx", lambda: xlsx([HEADER, ROW])[:-100], "cut off or damaged"),
    "an XLSX without its middle": ("xlsx", lambda: (made := xlsx([HEADER, ROW]))[:500] + made[900:], ""),
    "an archive of something else": ("xlsx", lambda: archive({"word/document.xml": "<a/>"}), "part _rels/.rels is missing"),
    "XML that is none": ("xlsx", lambda: bare_xlsx("<row><c></row>"), "is no XML"),
    "XML nested deeply": ("xlsx", lambda: bare_xlsx("<a>" * 100_000 + "</a>" * 100_000), ""),
    "a number that is none": ("xlsx", lambda: bare_xlsx('<row><c r="A1"><v>one</v></c></row>'), "damaged"),
    "a style that is not there": ("xlsx", lambda: bare_xlsx('<row><c r="A1" s="1"><v>0.46</v></c></row>'), "damaged"),
    "a text that is not there": ("xlsx", lambda: bare_xlsx('<row><c r="A1" t="s"><v>7</v></c></row>'), "damaged"),
    "nothing": ("xlsx", lambda: b"", "no workbook"),
    "a picture": ("xlsx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(1000), "no workbook"),
    "Parquet cut off": ("parquet", lambda: b"PAR1" + bytes(100), "cut off or damaged"),
}


def read(project: Project, form: str, content: bytes) -> RawTable:
    path = project.root / "raw" / "courts" / f"caseload.{form}"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    table = read_table(project, PACKAGE.entry("courts.caseload"))
    assert table is not None
    return table


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_seconds_and_in_little_memory(name: str, project: MakeProject) -> None:
    form, make, expected = HOSTILE[name]
    content = make()
    before, peak_before = os.times(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    table = read(project({}), form, content)
    taken = [after - earlier for after, earlier in zip(os.times()[:4], before[:4], strict=True)]
    assert sum(taken) < MOST_SECONDS
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert peak < MOST_KIB or peak == peak_before  # the peak is that of all children, a browser of another test among them
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
    assert "took more than 0.001 s of processor time" in table.findings[0].message.en


def test_without_the_reader_of_workbooks_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ProjectError, match="Install the extra `excel`"):
        read_in_child({"form": ".xlsx", "sheets": []}, b"")
