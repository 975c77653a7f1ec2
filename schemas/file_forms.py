"""Name what a file is that is called CSV, or a text, and is something else, by its first bytes."""

from __future__ import annotations

import codecs
import re

from schemas.texts import NO_TEXT, Text

START = 4096
"""Bytes that show what a file is."""


def compressed(by: str) -> Text:
    """Name the form of a compressed file."""
    return Text(f"compressed by {by}", f" {by} 压缩文件")


WORKBOOK, PARQUET, LFS = (
    Text("a workbook", "工作簿"),
    Text("Parquet", " Parquet 文件"),
    Text("a pointer of Git LFS", " Git LFS 指针"),
)
GZIP, ZSTANDARD = compressed("gzip"), compressed("Zstandard")
UTF_16, UTF_32 = "UTF-16", "UTF-32"

_FORMS: dict[bytes, Text] = {
    rb"PK\x03\x04|\xd0\xcf\x11\xe0": WORKBOOK,
    rb"PAR1": PARQUET,
    rb"\x1f\x8b": GZIP,
    rb"\x28\xb5\x2f\xfd": ZSTANDARD,
    rb"version https://git-lfs": LFS,
    rb"PK\x05\x06|PK\x07\x08": compressed("ZIP"),
    rb"BZh[1-9]1AY&SY": compressed("bzip2"),
    rb"\xfd7zXZ\x00": compressed("xz"),
    rb"7z\xbc\xaf\x27\x1c": compressed("7-Zip"),
    rb"Rar!\x1a\x07": compressed("RAR"),
    rb"%PDF-": Text("a PDF document", " PDF 文件"),
    rb"\{\\rtf": Text("an RTF document", " RTF 文件"),
    rb"\x89PNG|\xff\xd8\xff|GIF8|II\x2a\x00|MM\x00\x2a": Text("an image", "图片"),
    rb"SQLite format 3\x00|.{8}DUCK": Text("a database", "数据库"),
    rb"(?i:\s*<(?:!doctype|html|table|\?xml|head|body|meta))": Text("HTML or XML", " HTML 或 XML"),
    rb"\s*[\[{]\s*[\[{\"]": Text("JSON", " JSON 文件"),
}


def other_form(start: bytes) -> Text:
    """Name the form of a file that is no text by its first bytes; empty where it may be one."""
    body = start[:START].removeprefix(codecs.BOM_UTF8)
    return next((form for pattern, form in _FORMS.items() if re.match(pattern, body, re.DOTALL)), NO_TEXT)


def wide_encoding(start: bytes) -> str:
    """Name the encoding of a text whose characters have two or four bytes each; empty where it has another."""
    start = start[:START]
    if _is_utf_32(start):
        return UTF_32
    first = start[:8]  # ASCII, in a header
    is_bare = len(first) > 3 and any(first) and not (any(first[::2]) and any(first[1::2]))
    return UTF_16 if is_bare or start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else ""


def _is_utf_32(start: bytes) -> bool:
    """Whether two bytes of each four are zero, as they are of characters in common use."""
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return True
    whole = start[: len(start) // 4 * 4]
    if len(whole) < 8 or not whole.strip(b"\0"):
        return False
    return not any(whole[2::4] + whole[3::4]) or not any(whole[0::4] + whole[1::4])
