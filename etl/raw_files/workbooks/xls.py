"""Scan an XLS file (Excel 97+): numbers with formats, errors, formula results.

Sources: Microsoft, [MS-CFB] (the container, which olefile opens) and [MS-XLS] (the records).
"""

from __future__ import annotations

import io
import struct
from typing import Any

import olefile

from etl.raw_files.workbooks.fonts import INDEXED, Font, Rgb, rgb
from etl.raw_files.workbooks.number_format import built_in_format
from etl.raw_files.workbooks.sheet import (
    RefusedWorkbookError,
    RowColumn,
    Sheet,
    SheetCell,
    SheetName,
    address,
    damaged,
    encrypted,
)
from etl.raw_files.workbooks.xls_text import (
    Record,
    TextReader,
    XlsText,
    background_of,
    changes,
    font_at,
    font_of,
    records,
    runs_in_cell,
    too_old,
)

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FILEPASS, _DATEMODE, _FORMAT, _FONT, _XF, _BOUNDSHEET, _SST = 0x2F, 0x22, 0x41E, 0x31, 0xE0, 0x85, 0xFC
_NUMBER, _RK, _MULRK, _LABELSST, _LABEL, _RSTRING = 0x203, 0x27E, 0xBD, 0xFD, 0x204, 0xD6
_BOOLERR, _STRING, _MERGED, _ROW, _COLINFO = 0x205, 0x207, 0xE5, 0x208, 0x7D
_PALETTE, _WINDOW2, _CONDITIONS, _CONDITION = 0x92, 0x23E, 0x1B0, 0x1B1
_SHOWS_NOUGHTS = 0x10
_FORMULAS = (0x06, 0x206, 0x406)
"""The later two are those of Excel 3 and 4, which some programs write to this day."""
_OF_ONE_CELL = (_NUMBER, _RK, _LABELSST, _LABEL, _RSTRING, _BOOLERR, *_FORMULAS)
_OF_EXCEL_2 = (0x02, 0x03, 0x04, 0x05, 0x07)
"""Cells, of which neither reader knows the layout."""
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


class Xls:
    """An XLS workbook, with its sheets in order.

    Raises:
        RefusedWorkbookError: it cannot be read.
    """

    def __init__(self, content: bytes) -> None:
        self.sheets: list[SheetName] = []
        self._offsets: list[int] = []
        self._written: dict[int, str] = {}
        self._styles: list[tuple[int, int, Rgb | None]] = []
        self._fonts: list[Font] = []
        self._palette = list(INDEXED)
        self._shared: list[XlsText] = []
        self._epoch_1904 = False
        try:
            self._stream = _workbook_stream(content)
            self._read_globals()
        except (struct.error, IndexError, UnicodeDecodeError) as error:
            raise damaged(error) from None

    def _read_globals(self) -> None:
        read, palette = list(records(self._stream, 0)), self._palette
        for data in (record.data for record in read if record.kind == _PALETTE):  # which stands behind the fonts
            own = [rgb(data[at : at + 3].hex()) for at in range(2, len(data) - 3, 4)][: len(palette) - 10]
            palette[8 : 8 + len(own)] = own
        for record in read:
            kind, data = record.kind, record.data
            if kind == _FILEPASS:
                raise encrypted()
            if kind == _DATEMODE:
                self._epoch_1904 = data[:2] == b"\x01\x00"
            elif kind == _FORMAT:
                (number,) = struct.unpack_from("<H", data)
                self._written[number] = TextReader(record.parts, 2).text()[0]
            elif kind == _FONT:
                self._fonts.append(font_of(data, palette))
            elif kind == _XF:
                self._styles.append((*struct.unpack_from("<HH", data), background_of(data, palette)))
            elif kind == _SST:
                reader = TextReader(record.parts, 8)
                while not reader.is_at_end:  # the number that the record names is not always theirs
                    self._shared.append(reader.text())
            elif kind == _BOUNDSHEET:
                offset, state, what = struct.unpack_from("<IBB", data)
                name = TextReader(record.parts, 6).text(length_size=1)[0]
                self.sheets.append(SheetName(name, state & 3 != 0, what == 0))
                self._offsets.append(offset)

    def sheet(self, number: int) -> Sheet:
        """Read the cells of a sheet."""
        found = Sheet(epoch_1904=self._epoch_1904)
        try:
            last: RowColumn = (0, 0)
            conditions = ""
            for record in records(self._stream, self._offsets[number]):
                if record.kind in _OF_ONE_CELL:
                    last = struct.unpack_from("<HH", record.data)
                if record.kind == _STRING and last in found.cells and found.cells[last].value == "":
                    found.cells[last].value = TextReader(record.parts, 0).text()[0]
                if record.kind == _CONDITIONS:
                    top, bottom, left, right = struct.unpack_from("<HHHH", record.data, 4)
                    conditions = f"{address((top, left))}:{address((bottom, right))}"
                elif record.kind == _CONDITION and conditions not in found.conditional and changes(record.data, self._palette):
                    found.conditional.append(conditions)
                self._take(found, record)
                if record.kind in _FORMULAS[1:] or (len(record.parts) > 1 and record.kind in (*_OF_ONE_CELL, _STRING)):
                    found.left_to_scan.add(last)
        except (struct.error, IndexError, UnicodeDecodeError) as error:
            raise damaged(error) from None
        return found

    def _take(self, sheet: Sheet, record: Record) -> None:
        kind, data = record.kind, record.data
        if kind in _OF_ONE_CELL:
            row, column, style = struct.unpack_from("<HHH", data)
            sheet.put((row, column), self._cell(record, style))
        elif kind == _MULRK:
            row, column = struct.unpack_from("<HH", data)
            for number in range((len(data) - 6) // 6):
                style, packed = struct.unpack_from("<HI", data, 4 + 6 * number)
                sheet.put((row, column + number), SheetCell("number", _unpacked(packed), **self._style(style)))
        elif kind == _MERGED:
            for number in range(struct.unpack_from("<H", data)[0]):
                top, bottom, left, right = struct.unpack_from("<HHHH", data, 2 + 8 * number)
                sheet.merged.append(((top, left), (bottom, right)))
        elif kind == _ROW:
            height, flags = struct.unpack_from("<6xH4xH", data)
            sheet.hidden_rows += bool(flags & 0x20) or height == 0
        elif kind == _COLINFO:
            left, right, width, flags = struct.unpack_from("<HHH2xH", data)
            sheet.hidden_columns += right - left + 1 if flags & 1 or not width else 0
        elif kind == _WINDOW2:
            sheet.hides_noughts |= not data[0] & _SHOWS_NOUGHTS
        elif kind in _OF_EXCEL_2:
            raise too_old()

    def _cell(self, record: Record, style: int) -> SheetCell:
        kind, data, styled = record.kind, record.data[6:], self._style(style)
        is_formula = kind in _FORMULAS
        if is_formula and data[6:8] == b"\xff\xff":  # no number
            if data[0] in (1, 2):
                return _truth_or_error(data[2], is_error=data[0] == 2, is_formula=True)
            return SheetCell("text", "", is_formula=True, **styled)
        if kind == _NUMBER or is_formula:
            return SheetCell("number", struct.unpack_from("<d", data)[0], is_formula=is_formula, **styled)
        if kind == _RK:
            return SheetCell("number", _unpacked(struct.unpack_from("<I", data)[0]), **styled)
        if kind == _BOOLERR:
            return _truth_or_error(data[0], is_error=bool(data[1]))
        if kind == _LABELSST:
            text = self._shared[struct.unpack_from("<I", data)[0]]
        else:
            reader = TextReader(record.parts, 6)
            text = reader.text()[0], ()
            if kind == _RSTRING:
                text = text[0], reader.runs()
        font, _, background = self._styles[style]
        return SheetCell("text", text[0], runs=runs_in_cell(text, font_at(font, self._fonts), background, self._fonts), **styled)

    def _style(self, style: int) -> dict[str, Any]:
        """Return the number format of a cell, and how its font is written."""
        font, number, background = self._styles[style]
        return {
            "format": self._written.get(number) or built_in_format(str(number)),
            "look": font_at(font, self._fonts).on(background),
        }


def _truth_or_error(value: int, *, is_error: bool, is_formula: bool = False) -> SheetCell:
    if is_error:
        return SheetCell("error", _ERRORS.get(value, f"#{value:02X}!"), is_formula=is_formula)
    return SheetCell("truth", bool(value), is_formula=is_formula)


def _unpacked(packed: int) -> float:
    """Unpack an RK number: 30 bits, integer or not, in hundredths or not.

    [MS-XLS] 2.5.217.
    """
    if packed & 2:
        whole = packed >> 2
        value = float(whole - (1 << 30) if whole & (1 << 29) else whole)
    else:
        (value,) = struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))
    return value / 100 if packed & 1 else value


def _workbook_stream(content: bytes) -> bytes:
    """Read the stream of a compound file that holds the workbook."""
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as file:
            if file.exists("EncryptedPackage"):
                raise encrypted()
            if file.exists("Workbook"):
                return bytes(file.openstream("Workbook").read())
            if file.exists("Book"):
                raise too_old()
    except (OSError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise damaged(error) from None
    raise RefusedWorkbookError("it holds no workbook", "其中没有工作簿")
