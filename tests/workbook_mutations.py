"""Mutated workbooks, judged by openpyxl where it reads them; of XLS and ODS, whether they are read or refused with a reason."""

from __future__ import annotations

import io
import random
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
from raw_mutations import SIMPLIFIED, mutated
from workbooks import HEADER, ROW, ods, ods_cell, xlsx

from etl.raw_files.workbooks.reading import read

FORMATS = ("General", "0", "0.00", "0.00%", "#,##0", '0"件"', "yyyy-mm-dd", "@", "0.0,", "0.00E+00")
VALUES = (*SIMPLIFIED, 5981, 46.05, 0.4605, -34, 0, True, "=1+1", "#DIV/0!", None, 45352, 1e10)


def mutated_xlsx(chance: random.Random) -> bytes:
    """Give a workbook with some slips: in the XML of its parts, or in its bytes."""
    rows = [HEADER, *([chance.choice(VALUES) for _ in HEADER] for _ in range(chance.randint(1, 4)))]

    def change(sheet: Any) -> None:
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                if chance.random() < 0.3 and not isinstance(cell.value, str):
                    cell.number_format = chance.choice(FORMATS)

    content = xlsx(rows, change)
    if chance.random() < 0.2:
        return mutated(content, chance)
    wanted = chance.choice(
        ("xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml", "xl/sharedStrings.xml")
    )
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(out, "w") as made:
        for name in given.namelist():
            part = given.read(name)
            made.writestr(name, _mutated_xml(part, chance) if name == wanted else part)
    return out.getvalue()


def _mutated_xml(part: bytes, chance: random.Random) -> bytes:
    """Give XML in which a value is another, mostly still XML."""
    if chance.random() < 0.2:
        return mutated(part, chance)
    made = bytearray(part)
    digits = [at for at, byte in enumerate(made) if chr(byte).isdigit() or chr(byte) in "snbstre"]
    for _ in range(chance.randint(1, 3)):
        at = chance.choice(digits)
        made[at] = ord(chance.choice("0123456789")) if chr(made[at]).isdigit() else ord(chance.choice("snbstre"))
    return bytes(made)


def misread_xlsx(content: bytes) -> str:
    """Give what is wrong with how a mutated workbook is read; empty where nothing is."""
    found = read({"form": ".xlsx", "sheets": []}, content)
    if "refused" in found:
        return "" if all(found["refused"]) else "refused without reason"
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
        sheet = book[found["sheet"]]
    except Exception:  # the reference cannot read it, so it says nothing
        return ""
    faulty = {row for row, *_ in found["faults"]}
    for number, cells in enumerate(found["rows"]):
        for column, text in enumerate(cells):
            if number in faulty or _agrees(text, sheet.cell(number + 1, column + 1).value):
                continue
            return f"row {number + 1}, column {column + 1} is read as {text!r}, not {sheet.cell(number + 1, column + 1).value!r}"
    return ""


def _agrees(text: str | None, value: Any) -> bool:
    if value is None or text is None:
        return not text and (value is None or not str(value).strip())
    if isinstance(value, bool):
        return text == str(value).upper()
    if isinstance(value, int | float):
        number = text.rstrip("件").replace(",", "")
        return _near(Decimal(number[:-1]) / 100 if number.endswith("%") else Decimal(number), value)
    if isinstance(value, str):
        return "".join(text.split()) == "".join(value.split())
    return True  # a day or a time; those have tests of their own


def _near(number: Decimal, value: float) -> bool:
    return abs(number - Decimal(value)) <= Decimal("1e-14") * max(abs(number), 1)


# XLS and ODS

FIXTURES = tuple(path.read_bytes() for path in sorted((Path(__file__).parent / "raw_files").glob("*.xls")))
_NUMBERS = ods_cell("46.05%", "percentage", office__value="0.4605") + ods_cell("5,954", "float", office__value="5954")
ODS = ods(["".join(map(ods_cell, HEADER)), "".join(map(ods_cell, ROW[:3])) + _NUMBERS + "".join(map(ods_cell, ROW[5:]))])


def mutated_other(chance: random.Random) -> tuple[str, bytes]:
    """Give an XLS or ODS workbook with some slips, and its form."""
    if chance.random() < 0.5:
        made = bytearray(chance.choice(FIXTURES))
        if chance.random() < 0.3:
            return ".xls", mutated(bytes(made), chance)
        for _ in range(chance.randint(1, 5)):
            made[chance.choice((chance.randint(0, 600), chance.randint(512, 2600)))] = chance.randint(0, 255)
        return ".xls", bytes(made)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(ODS)) as given, zipfile.ZipFile(out, "w") as archive:
        for name in given.namelist():
            part = given.read(name)
            archive.writestr(name, _mutated_xml(part, chance) if name == "content.xml" else part)
    return ".ods", out.getvalue()


def unread_other(form: str, content: bytes) -> str:
    """Give what is wrong with how a mutated XLS or ODS workbook is read; empty where nothing is."""
    found = read({"form": form, "sheets": []}, content)
    return "" if all(found.get("refused", [True])) else "refused without reason"
