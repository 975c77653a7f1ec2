"""A scan of an XLS file of Excel 97 and later: every number with its format, every error, and which are formulas' results.

Sources: Microsoft, [MS-CFB] (the container) and [MS-XLS] (the records).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from etl.raw_files.workbooks.archive import encrypted
from etl.raw_files.workbooks.built_in_formats import built_in
from etl.raw_files.workbooks.sheet import Cell, Position, RefusedWorkbookError, Sheet, SheetName

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST_SECTOR = 0xFFFFFFFA
_BOF, _EOF, _FILEPASS, _DATEMODE, _FORMAT, _XF, _BOUNDSHEET = 0x809, 0x0A, 0x2F, 0x22, 0x41E, 0xE0, 0x85
_NUMBER, _RK, _MULRK, _LABELSST, _LABEL, _RSTRING = 0x203, 0x27E, 0xBD, 0xFD, 0x204, 0xD6
_BOOLERR, _FORMULA, _MERGED, _ROW, _COLINFO = 0x205, 0x06, 0xE5, 0x208, 0x7D
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


class Xls:
    """An XLS workbook.

    Attributes:
        sheets: its sheets in order.

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
            self._stream = _stream(content)
            self._globals()
        except (struct.error, IndexError, UnicodeDecodeError) as error:
            raise _damaged(error) from None

    def _globals(self) -> None:
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
        """Give the cells of a sheet."""
        found = Sheet(epoch_1904=self._epoch_1904)
        try:
            for kind, data in _records(self._stream, self._offsets[number]):
                self._take(found, kind, data)
        except (struct.error, IndexError) as error:
            raise _damaged(error) from None
        return found

    def _take(self, sheet: Sheet, kind: int, data: bytes) -> None:
        if kind in (_NUMBER, _RK, _LABELSST, _LABEL, _RSTRING, _BOOLERR, _FORMULA):
            row, column, style = struct.unpack_from("<HHH", data)
            cell = self._cell(kind, data[6:], style)
            sheet.put((row, column), cell)
        elif kind == _MULRK:
            row, column = struct.unpack_from("<HH", data)
            for number in range((len(data) - 6) // 6):
                style, packed = struct.unpack_from("<HI", data, 4 + 6 * number)
                sheet.put((row, column + number), Cell("number", _unpacked(packed), self._format(style)))
        elif kind == _MERGED:
            for number in range(struct.unpack_from("<H", data)[0]):
                top, bottom, left, right = struct.unpack_from("<HHHH", data, 2 + 8 * number)
                first: Position = (top, left)
                sheet.merged.append((first, (bottom, right)))
        elif kind == _ROW:
            sheet.hidden_rows += bool(struct.unpack_from("<H", data, 12)[0] & 0x20)
        elif kind == _COLINFO and struct.unpack_from("<H", data, 8)[0] & 1:
            left, right = struct.unpack_from("<HH", data)
            sheet.hidden_columns += right - left + 1

    def _cell(self, kind: int, data: bytes, style: int) -> Cell:
        if kind == _NUMBER:
            return Cell("number", struct.unpack_from("<d", data)[0], self._format(style))
        if kind == _RK:
            return Cell("number", _unpacked(struct.unpack_from("<I", data)[0]), self._format(style))
        if kind == _BOOLERR:
            return _truth_or_error(data[0], is_error=bool(data[1]))
        if kind == _FORMULA:
            if data[6:8] != b"\xff\xff":
                return Cell("number", struct.unpack_from("<d", data)[0], self._format(style), is_formula=True)
            if data[0] in (1, 2):
                cell = _truth_or_error(data[2], is_error=data[0] == 2)
                cell.is_formula = True
                return cell
            return Cell("text", None if data[0] == 0 else "", is_formula=True)
        return Cell("text", None)

    def _format(self, style: int) -> str:
        number = self._styles[style]
        return self._written.get(number) or built_in(str(number))


def _truth_or_error(value: int, *, is_error: bool) -> Cell:
    return Cell("error", _ERRORS.get(value, f"#{value:02X}!")) if is_error else Cell("truth", bool(value))


def _unpacked(packed: int) -> float:
    """Give a number of 30 bits, which may be an integer and may be in hundredths ([MS-XLS] 2.5.217)."""
    if packed & 2:
        whole = packed >> 2
        value = float(whole - (1 << 30) if whole & (1 << 29) else whole)
    else:
        (value,) = struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))
    return value / 100 if packed & 1 else value


def _text(data: bytes, *, wide: bool) -> str:
    """Give a text that begins with its length, of two bytes or one, and with whether its characters have two."""
    length, start = (struct.unpack_from("<H", data)[0], 3) if wide else (data[0], 2)
    if data[start - 1] & 1:
        return data[start : start + 2 * length].decode("utf-16-le")
    return data[start : start + length].decode("latin-1")


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Give the records from a place to the end of the part that begins there, without those of parts within."""
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
                raise RefusedWorkbookError("it is older than Excel 97; save it as .xlsx", "文件早于 Excel 97；请另存为 .xlsx")
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, data
    raise _damaged("a part of it has no end")


def _stream(content: bytes) -> bytes:
    """Give the stream of a compound file that holds the workbook."""
    shift = struct.unpack_from("<H", content, 30)[0]
    if shift not in (9, 12):
        raise _damaged("its sectors have no size")
    size = 1 << shift
    tables, directory, small_limit, small_table = (struct.unpack_from("<I", content, at)[0] for at in (44, 48, 56, 60))
    sectors = [n for n in struct.unpack_from("<109I", content, 76) if n < _LAST_SECTOR][:tables]
    allocation: list[int] = []
    for number in sectors:
        allocation += struct.unpack_from(f"<{size // 4}I", content, (number + 1) * size)
    entries = _chain(content, allocation, directory, size, size)
    found, root = None, None
    for at in range(0, len(entries) - 127, 128):
        name = entries[at : at + struct.unpack_from("<H", entries, at + 64)[0]].decode("utf-16-le", "replace").rstrip("\0")
        if name == "EncryptedPackage":
            raise encrypted()
        if name == "Workbook":
            found = struct.unpack_from("<II", entries, at + 116)
        elif name == "Book" and found is None:
            raise RefusedWorkbookError("it is older than Excel 97; save it as .xlsx", "文件早于 Excel 97；请另存为 .xlsx")
        elif entries[at + 66] == 5:
            root = struct.unpack_from("<II", entries, at + 116)
    if found is None or root is None:
        raise RefusedWorkbookError("it holds no workbook", "其中没有工作簿")
    first, length = found
    if length >= small_limit:
        return _chain(content, allocation, first, size, size)[:length]
    small = _chain(content, allocation, small_table, size, size)
    small_allocation = list(struct.unpack_from(f"<{len(small) // 4}I", small))
    within = _chain(content, allocation, root[0], size, size)
    return _chain(within, small_allocation, first, 64, 0)[:length]


def _chain(content: bytes, allocation: list[int], first: int, size: int, offset: int) -> bytes:
    """Give the sectors that follow one another from a first one."""
    found: list[bytes] = []
    number = first
    while number < _LAST_SECTOR:
        if len(found) > len(allocation):
            raise _damaged("its sectors lead in a circle")
        found.append(content[offset + number * size : offset + (number + 1) * size])
        number = allocation[number]
    return b"".join(found)


def _damaged(error: object) -> RefusedWorkbookError:
    return RefusedWorkbookError(f"it is cut off or damaged: {error}", f"文件被截断或损坏：{error}")
