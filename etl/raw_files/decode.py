"""Decode bytes: UTF-8 directly, other encodings by strict decoding, then likeness.

Bytes that are no text of the encoding stand in the text as lone surrogates, one for each, so that only their rows are lost:
in UTF-8, GB18030 and Big5 no byte of a longer character is a comma, a quotation mark or a line end.

A detector made for prose fails on tables, which are short: of 219 tables of figures in GB18030, charset-normalizer 3.5.2
detected 101, and the common characters of each encoding detect all.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from etl.figures.numerals import DIGITS, POWERS
from etl.raw_files.page import RefusedFileError
from schemas.code_lists import PACKAGE_LISTS
from schemas.texts import Text

UTF_8 = "UTF-8"
_CODECS = {UTF_8: "utf-8", "GB18030": "gb18030", "Big5": "cp950"}
LEAST_LIKENESS = 0.8
"""Part of the characters beyond ASCII that are common ones, without which a text is not in the encoding."""
LEAST_KNOWN = 0.35
"""Part of these characters that units, hedges, numerals and code lists have, without which the text may be Korean, Japanese,
Russian or French: 0.36 to 1 of Chinese headers and names, 0 to 0.33 of words in other encodings."""
LEAST_DIFFERENCE = 0.15
"""Of that part, without which one of two encodings is not likelier than the other."""

# What UTF-8 writes in two bytes and a Chinese table may hold; other letters of that range are likelier GB18030 read wrongly.
_COMMON_OF_TWO_BYTES = "\u00a0\u00b0\u00b1\u00b7\u00d7\u00f7\u00a7\u00a5\u2014"
_THREE_BYTES = re.compile("[^\0-\u07ff]")
_TWO_BYTES = re.compile("[\u0080-\u07ff]")
_HANZI = re.compile("[\u4e00-\u9fff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text and the name of its encoding; `remark` says so where that is not UTF-8."""

    text: str
    encoding: str = UTF_8
    remark: Text | None = None


def decoded(content: bytes) -> Decoded:
    """Decode a file.

    Raises:
        RefusedFileError: its encoding cannot be detected.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _utf_16(content, "utf-16")
    if b"\0" in content and (codec := _bare_utf_16(content)):
        return _utf_16(content, codec)
    body = content.removeprefix(codecs.BOM_UTF8)
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        return _in_likeliest_encoding(body, error, is_marked=body is not content)
    if text.isascii() or body is not content or _THREE_BYTES.search(text) or not _is_doubtful(text):
        return Decoded(text)
    return _likelier_than_utf_8(body) or Decoded(text)


def _is_doubtful(text: str) -> bool:
    """Whether all non-ASCII characters are two-byte, and some in a foreign script."""
    return any(character not in _COMMON_OF_TWO_BYTES for character in _TWO_BYTES.findall(text))


def _likelier_than_utf_8(body: bytes) -> Decoded | None:
    """Decode what is UTF-8 by chance: 元 in GB18030 is a Cyrillic letter in UTF-8, but `è` is a letter of French too."""
    text = body.decode("gb18030", "surrogateescape")
    return _as(text, "GB18030") if _likeness(text, "GB18030") == 1 and _says_figures(text) else None


def _bare_utf_16(content: bytes) -> str:
    """Detect UTF-16 without a byte order mark; empty if NUL bytes do not fit ASCII."""
    even, odd = content[::2].count(0), content[1::2].count(0)
    # A Chinese character may have one too, on the other side: 一 is 4E00.
    if max(even, odd) * 8 < len(content) or min(even, odd) * 4 > max(even, odd):
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _utf_16(content: bytes, codec: str) -> Decoded:
    try:
        return _as(content.decode(codec).removeprefix("\ufeff"), "UTF-16")
    except UnicodeDecodeError as error:
        before = content[: error.start - error.start % 2].decode(codec, "replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        en = f"this is UTF-16 up to byte {error.start}, where it is cut off or damaged; nothing of it is read"
        raise RefusedFileError(Text(en, f"UTF-16 编码在第 {error.start} 字节处被截断或损坏，未予读取"), line, column) from None


def _in_likeliest_encoding(body: bytes, error: UnicodeDecodeError, *, is_marked: bool) -> Decoded:
    """Decode partly invalid UTF-8 in the encoding of most of its lines."""
    lines = body.splitlines(keepends=True)
    others = [line for line in lines if not line.isascii() and not _is_utf_8(line)]
    number_of_utf_8 = sum(not line.isascii() for line in lines) - len(others)
    readings = {name: b"".join(others).decode(codec, "surrogateescape") for name, codec in _CODECS.items()}
    alike = {name: _likeness(text, name) for name, text in readings.items()}
    # Of equals the first: UTF-8 is never alike by chance, and GB18030 is the law of the land.
    encoding = max(alike, key=lambda name: alike[name])
    if is_marked or number_of_utf_8 > len(others) or (encoding == UTF_8 and alike[UTF_8] >= 0.5):
        return Decoded(body.decode("utf-8", "surrogateescape"))
    if alike[encoding] >= LEAST_LIKENESS and abs(alike["GB18030"] - alike["Big5"]) < LEAST_DIFFERENCE:
        if not _says_figures(readings["GB18030"]):
            en = "the file is GB18030 or Big5, and has too few characters to tell which. Save it as UTF-8 (in Excel: CSV UTF-8)."
            raise RefusedFileError(Text(en, "文件编码为 GB18030 或 Big5，字符太少，无法分辨。请另存为 UTF-8。"))
        encoding = "GB18030"
    if alike[encoding] < LEAST_LIKENESS or not _is_known(readings[encoding]):
        line, before = body.count(b"\n", 0, error.start) + 1, body[: error.start].rpartition(b"\n")[2]
        byte = f"0x{body[error.start]:02x}"
        en = f"byte {byte} is not UTF-8, and the file is not for certain GB18030 or Big5. Save it as UTF-8 (in Excel: CSV UTF-8)."
        zh = f"字节 {byte} 不是 UTF-8，整个文件也不能确定是 GB18030 或 Big5。请另存为 UTF-8（Excel 中选 CSV UTF-8）。"
        raise RefusedFileError(Text(en, zh), line, len(before.decode("utf-8", "replace")) + 1)
    return _as("".join(_in_encoding(line, encoding) for line in lines), encoding)


def _in_encoding(line: bytes, encoding: str) -> str:
    """Decode a line in an encoding; mark it invalid if another is likelier."""
    text = line.decode(_CODECS[encoding], "surrogateescape")
    if line.isascii():
        return text
    is_unlike = _likeness(text, encoding) < LEAST_LIKENESS
    other = {"GB18030": "Big5", "Big5": "GB18030"}[encoding]
    in_other = line.decode(_CODECS[other], "surrogateescape")
    is_like_other = _likeness(in_other, other) == 1
    says_figures = other == "GB18030" and _says_figures(in_other)
    if (is_unlike and _is_utf_8(line)) or (is_like_other and (is_unlike or says_figures)):
        return line.decode("ascii", "surrogateescape")
    return text


def _is_utf_8(line: bytes) -> bool:
    """Whether a line is UTF-8 beyond chance: it has three-byte characters."""
    try:
        return _THREE_BYTES.search(line.decode()) is not None
    except UnicodeDecodeError:
        return False


def _says_figures(text: str) -> bool:
    """Whether half of the non-ASCII characters belong to units, hedges and numerals."""
    return _share(text, _characters_of_figures()) >= 0.5


def _is_known(text: str) -> bool:
    """Whether figures and code lists have enough of the non-ASCII characters; a lone one must be a word of figures itself.

    Signs without a hanzi prove nothing: `12°` in EUC-JP has the bytes of `12‰` in GB18030.
    """
    beyond = [character for character in text if character > "\x7f"]
    if not _HANZI.search(text):
        return False
    return beyond[0] in _words_of_figures() if len(beyond) == 1 else _share(text, _known_characters()) >= LEAST_KNOWN


def _share(text: str, characters: Collection[str]) -> float:
    beyond = [character for character in text if character > "\x7f"]
    return sum(map(characters.__contains__, beyond)) / len(beyond) if beyond else 0


@cache
def _words_of_figures() -> frozenset[str]:
    words = (*(unit.unit for unit in PACKAGE_LISTS.units), *(hedge.hedge for hedge in PACKAGE_LISTS.hedges), *DIGITS, *POWERS)
    return frozenset(words)


@cache
def _characters_of_figures() -> frozenset[str]:
    return frozenset("".join(_words_of_figures()))


@cache
def _known_characters() -> frozenset[str]:
    rows = (row for name in PACKAGE_LISTS.names() for row in PACKAGE_LISTS.rows(name))
    return _characters_of_figures() | frozenset("".join(text for row in rows for text in row.values()))


def _as(text: str, encoding: str) -> Decoded:
    en = f"the file is {encoding}, and was read so; save it as UTF-8 to avoid a guess"
    return Decoded(text, encoding, Text(en, f"文件编码为 {encoding}，已据此读取；建议另存为 UTF-8"))


def _likeness(text: str, encoding: str) -> float:
    """Compute the share of non-ASCII characters that are common in an encoding."""
    if encoding != UTF_8:
        return _share(text, _common(encoding))
    beyond = [character for character in text if character > "\x7f"]
    common = sum(1 for c in beyond if c in _COMMON_OF_TWO_BYTES or (c > "\u07ff" and not _SURROGATE.match(c)))
    return common / len(beyond) if beyond else 0


@cache
def _common(encoding: str) -> frozenset[str]:
    """Return an encoding's common characters: punctuation and first-level hanzi."""
    if encoding == "Big5":
        codes = [(lead, trail) for lead in range(0xA1, 0xC7) for trail in (*range(0x40, 0x7F), *range(0xA1, 0xFF))]
        codes = [code for code in codes if code < (0xC6, 0x7F)]
    else:
        codes = [(lead, trail) for lead in (*range(0xA1, 0xA4), *range(0xB0, 0xD8)) for trail in range(0xA1, 0xFF)]
    return frozenset(b"".join(map(bytes, codes)).decode(_CODECS[encoding], "ignore"))
