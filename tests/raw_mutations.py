"""Mutated raw files, and what any reading of them must hold to, judged by readers that are not ours.

The reference of CSV is the standard library's `csv` in strict mode, line by line; that of workbooks is openpyxl.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator

from etl.findings import Text as Text
from etl.raw_files.decode import decoded
from etl.raw_files.delimited import read_delimited
from etl.raw_files.page import NO_TEXT, Page, RefusedFileError, blank_or

ENCODINGS = {"UTF-8": "utf-8", "GB18030": "gb18030", "UTF-16": "utf-16-le", "Big5": "big5"}
SIMPLIFIED = ("宁波市", "5981件", "7.64万件", "超七成", "知识产权保护中心", "全市法院", "4000余家", "-34.69%", "亿元", "一审收案")
TRADITIONAL = (
    "寧波市",
    "5981件",
    "7.64萬件",
    "超七成",
    "知識產權保護中心",
    "全市法院",
    "4000餘家",
    "-34.69%",
    "億元",
    "一審收案",
)
BITS = (
    *(b'"', b",", b"\n", b"\r", b"\r\n", b"\0", b'""', b'","', b'"\n', b"\t", b";", b" ", b"\x80", b"\xff", b"\x1a", b"\x7f"),
    *(
        "\ufeff".encode(),
        "\ufffd".encode(),
        "，".encode(),
        "　".encode(),
        "件".encode(),
        "件".encode()[:2],
        "元".encode("gb18030"),
    ),
    *(
        "宁波".encode("gb18030"),
        "寧波".encode("big5"),
        "件\n".encode("utf-16-le"),
        b"\xed\xa0\x80",
        b"\xc0\xaf",
        b"\xf4\x90\x80\x80",
    ),
)


def good_csv(chance: random.Random) -> tuple[list[str], str]:
    """Give the lines of a good file, and the name of an encoding that it can be written in."""
    encoding = chance.choice(list(ENCODINGS))
    words = TRADITIONAL if encoding == "Big5" else SIMPLIFIED
    width = chance.randint(2, 6)
    rows = [[f"c{n}" for n in range(width)]]
    for number in range(chance.randint(1, 8)):
        rows.append([chance.choice((*words, str(number), "x,y", 'a "b"', "")) for _ in range(width - 1)] + [f"r{number}"])
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", quoting=chance.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))).writerows(rows)
    return out.getvalue().split("\n")[:-1], encoding


def mutated(content: bytes, chance: random.Random) -> bytes:
    """Give a content with one to four slips of bytes."""
    made = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        at, until = sorted(chance.randint(0, len(made)) for _ in range(2))
        until = min(until, at + chance.choice((1, 2, 5, 40)))
        match chance.randint(0, 6):
            case 0 if made:
                made[at % len(made)] ^= 1 << chance.randint(0, 7)
            case 1:
                made[at:until] = b""
            case 2:
                made[at:at] = made[at:until]
            case 3:
                del made[at:]
            case 4:
                made[at:at] = bytes(chance.randint(0, 255) for _ in range(chance.randint(1, 4)))
            case _:
                made[at:at] = chance.choice(BITS)
    return bytes(made)


def mutated_csv(chance: random.Random) -> tuple[list[str], str, bytes]:
    """Give the lines of a good file, its encoding, and the file with some slips in it."""
    lines, encoding = good_csv(chance)
    end = chance.choice(("\n", "\n", "\r\n"))
    content = "".join(line + end for line in lines).encode(ENCODINGS[encoding])
    if encoding == "UTF-16" and chance.random() < 0.5:
        content = b"\xff\xfe" + content
    return lines, encoding, mutated(content, chance) if chance.random() < 0.95 else content


def misread_csv(lines: list[str], encoding: str, content: bytes) -> str:
    """Give what is wrong with how a mutated file is read; empty where nothing is."""
    try:
        page = read_delimited(content)
    except RefusedFileError as refused:
        return (
            ""
            if refused.message.en and refused.message.zh and refused.line > 0 and refused.column > 0
            else "refused without reason"
        )
    found = decoded(content).encoding
    physical = _physical_lines(content, found)
    spans = list(_spans(page, physical))
    for line, cells, text in zip(page.lines, page.rows, spans, strict=True):
        expected = _by_csv(text)
        if expected is None or [blank_or(cell) for cell in expected] != cells:
            return f"line {line} is read as {cells}, not {expected}"
        if len(cells) != len(page.header) or NO_TEXT.search(text):
            return f"line {line} should have been set aside"
    told = {remark.line for remark in page.remarks}
    if set(page.set_aside) - told:
        return "a row was set aside without a word"
    taken = {page.header_line, *page.set_aside}
    for line, text in zip(page.lines, spans, strict=True):
        taken |= set(range(line, line + text.count("\n") + 1))
    for number, text in enumerate(physical, start=1):
        if page.header and b'"' not in content and number not in taken and text not in ("", "\r"):
            return f"line {number} is nowhere"
    if physical[0] is not None and physical[0].rstrip("\r") == lines[0]:
        for number, text in enumerate(physical[1:], start=2):
            is_good = text is not None and text.rstrip("\r") in lines[1:]
            if is_good and number not in page.lines and not (text or "").endswith("\r\r") and number < len(physical):
                return f"line {number} is good, and was not read"
    return _misread_untouched(page, lines, encoding, content)


def _misread_untouched(page: Page, lines: list[str], encoding: str, content: bytes) -> str:
    """Give what is wrong with the rows whose bytes no slip has touched: what they say is known."""
    if page.header != _by_csv(lines[0]) or encoding == "UTF-16" or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return ""
    meant = {line.encode(ENCODINGS[encoding]): _by_csv(line) for line in lines}
    bytes_of = content.split(b"\n")
    for line, cells in zip(page.lines, page.rows, strict=True):
        expected = meant.get(bytes_of[line - 1].rstrip(b"\r")) if line <= len(bytes_of) else None
        if expected is not None and [blank_or(cell) for cell in expected] != cells:
            return f"an untouched row is read as {cells}, not {expected}"
    return ""


def _physical_lines(content: bytes, encoding: str) -> list[str | None]:
    """Give the lines of a file; None for one that is not in the encoding."""
    if encoding == "UTF-16":
        codec = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-16-le"
        if codec == "utf-16-le" and content[::2].count(0) > content[1::2].count(0):
            codec = "utf-16-be"
        return list(content.decode(codec).removeprefix("\ufeff").split("\n"))
    return [_decoded(line, encoding) for line in content.removeprefix("\ufeff".encode()).split(b"\n")]


def _decoded(line: bytes, encoding: str) -> str | None:
    try:
        return line.decode({"Big5": "cp950"}.get(encoding, encoding))
    except UnicodeDecodeError:
        return None


def _spans(page: Page, physical: list[str | None]) -> Iterator[str]:
    """Give the text of each row that was read, over as many lines as its quotation marks are open."""
    for line in page.lines:
        text = physical[line - 1] or ""
        last = line
        while text.count('"') % 2 and last < len(physical):
            following = physical[last]
            text += "\n" + ("\ufffd" if following is None else following)
            last += 1
        yield text if last == len(physical) else text.removesuffix("\r")


def _by_csv(text: str) -> list[str] | None:
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None
