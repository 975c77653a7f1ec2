"""Scan an XLS file (Excel 97+): numbers with formats, errors, formula results.

Sources: Microsoft, [MS-CFB] (the container, which olefile opens) and [MS-XLS] (the records).
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

import olefile

from etl.raw_files.workbooks.cell_text import built_in_format
from etl.raw_files.workbooks.sheet import RefusedWorkbookError, Sheet, SheetCell, SheetName, damaged, encrypted

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOF, _EOF, _FILEPASS, _DATEMODE, _FORMAT, _XF, _BOUNDSHEET = 0x809, 0x0A, 0x2F, 0x22, 0x41E, 0xE0, 0x85
_NUMBER, _RK, _MULRK, _LABELSST, _LABEL, _RSTRING = 0x203, 0x27E, 0xBD, 0xFD, 0x204, 0xD6
_BOOLERR, _FORMULA, _MERGED, _ROW, _COLINFO = 0x205, 0x06, 0xE5, 0x208, 0x7D
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
        self._styles: list[int] = []
        self._epoch_1904 = False
        try:
            self._stream = _workbook_stream(content)
            self._read_globals()
        except (struct.error, IndexError, UnicodeDecodeError) as error:
            raise damaged(error) from None

    def _read_globals(self) -> None:
        for kind, data in _records(self._stream, 0):
            if kind == _FILEPASS:
                raise encrypted()
            if kind == _DATEMODE:
                self._epoch_1904 = data[:2] == b"\x01\x00"
            elif kind == _FORMAT:
                (number,) = struct.unpack_from("<H", data)
                self._written[number] = _text(data[2:], wide=True)
            elif kind == _XF:
                self._styles.append(struct.unpack_from("<H", data, 2)[0])
            elif kind == _BOUNDSHEET:
                offset, state, what = struct.unpack_from("<IBB", data)
                self.sheets.append(SheetName(_text(data[6:], wide=False), state & 3 != 0, what == 0))
                self._offsets.append(offset)

    def sheet(self, number: int) -> Sheet:
        """Read the cells of a sheet."""
        found = Sheet(epoch_1904=self._epoch_1904)
        try:
            for kind, data in _records(self._stream, self._offsets[number]):
                self._take(found, kind, data)
        except (struct.error, IndexError) as error:
            raise damaged(error) from None
        return found

    def _take(self, sheet: Sheet, kind: int, data: bytes) -> None:
        if kind in (_NUMBER, _RK, _LABELSST, _LABEL, _RSTRING, _BOOLERR, _FORMULA):
            row, column, style = struct.unpack_from("<HHH", data)
            sheet.put((row, column), self._cell(kind, data[6:], style))
        elif kind == _MULRK:
            row, column = struct.unpack_from("<HH", data)
            for number in range((len(data) - 6) // 6):
                style, packed = struct.unpack_from("<HI", data, 4 + 6 * number)
                sheet.put((row, column + number), SheetCell("number", _unpacked(packed), self._format(style)))
        elif kind == _MERGED:
            for number in range(struct.unpack_from("<H", data)[0]):
                top, bottom, left, right = struct.unpack_from("<HHHH", data, 2 + 8 * number)
                sheet.merged.append(((top, left), (bottom, right)))
        elif kind == _ROW:
            sheet.hidden_rows += bool(struct.unpack_from("<H", data, 12)[0] & 0x20)
        elif kind == _COLINFO and struct.unpack_from("<H", data, 8)[0] & 1:
            left, right = struct.unpack_from("<HH", data)
            sheet.hidden_columns += right - left + 1

    def _cell(self, kind: int, data: bytes, style: int) -> SheetCell:
        is_formula = kind == _FORMULA
        if is_formula and data[6:8] == b"\xff\xff":  # no number
            if data[0] in (1, 2):
                return _truth_or_error(data[2], is_error=data[0] == 2, is_formula=True)
            return SheetCell("text", None if data[0] == 0 else "", is_formula=True)
        if kind in (_NUMBER, _FORMULA):
            return SheetCell("number", struct.unpack_from("<d", data)[0], self._format(style), is_formula=is_formula)
        if kind == _RK:
            return SheetCell("number", _unpacked(struct.unpack_from("<I", data)[0]), self._format(style))
        if kind == _BOOLERR:
            return _truth_or_error(data[0], is_error=bool(data[1]))
        return SheetCell("text", None)

    def _format(self, style: int) -> str:
        number = self._styles[style]
        return self._written.get(number) or built_in_format(str(number))


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


def _text(data: bytes, *, wide: bool) -> str:
    """Decode a text with a length of one or two bytes and a width flag."""
    length, start = (struct.unpack_from("<H", data)[0], 3) if wide else (data[0], 2)
    if data[start - 1] & 1:
        return data[start : start + 2 * length].decode("utf-16-le")
    return data[start : start + length].decode("latin-1")


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Yield the records of the substream at an offset, without nested ones."""
    at, depth = start, 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        data = stream[at + 4 : at + 4 + length]
        if len(data) < length:
            break
        at += 4 + length
        if kind == _BOF:
            depth += 1
            if depth == 1 and struct.unpack_from("<H", data)[0] != 0x0600:
                raise _too_old()
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, data
    raise damaged("a part of it has no end")


def _workbook_stream(content: bytes) -> bytes:
    """Read the stream of a compound file that holds the workbook."""
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as file:
            if file.exists("EncryptedPackage"):
                raise encrypted()
            if file.exists("Workbook"):
                return bytes(file.openstream("Workbook").read())
            if file.exists("Book"):
                raise _too_old()
    except (OSError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise damaged(error) from None
    raise RefusedWorkbookError("it holds no workbook", "其中没有工作簿")


def _too_old() -> RefusedWorkbookError:
    return RefusedWorkbookError("it is older than Excel 97; save it as .xlsx", "文件早于 Excel 97；请另存为 .xlsx")
