"""Name what a file is that is called CSV and is something else, by its first bytes."""

from __future__ import annotations

import codecs
import re

from etl.findings import Text
from etl.raw_files.page import RefusedFileError

_START = 4096
"""Bytes that show what a file is."""

_WORKBOOK = Text(
    "this is a workbook, not CSV; name it so (.xlsx, .xls or .ods), or save it as CSV UTF-8",
    "这是工作簿，不是 CSV；请改用 .xlsx、.xls 或 .ods 扩展名，或另存为 CSV UTF-8",
)


def _named(en: str, zh: str) -> Text:
    return Text(
        f"this is {en}, not CSV; open it with its program, and save the table as CSV UTF-8",
        f"这是{zh}，不是 CSV；请用相应软件打开，将表格另存为 CSV UTF-8",
    )


def _packed(en: str, zh: str) -> Text:
    return Text(
        f"this is compressed by {en}; unpack it, and put the CSV file itself here", f"这是 {zh} 压缩文件；请解压后放入 CSV 文件"
    )


_FORMS: dict[bytes, Text] = {
    rb"PK\x03\x04|\xd0\xcf\x11\xe0": _WORKBOOK,
    rb"PAR1": Text("this is Parquet, not CSV; name it .parquet", "这是 Parquet，不是 CSV；请改用 .parquet 扩展名"),
    rb"\x1f\x8b": Text("this is compressed by gzip; name it .csv.gz", "这是 gzip 压缩文件；请改用 .csv.gz 扩展名"),
    rb"\x28\xb5\x2f\xfd": Text(
        "this is compressed by Zstandard; name it .csv.zst", "这是 Zstandard 压缩文件；请改用 .csv.zst 扩展名"
    ),
    rb"PK\x05\x06|PK\x07\x08": _packed("ZIP", "ZIP"),
    rb"BZh[1-9]1AY&SY": _packed("bzip2", "bzip2"),
    rb"\xfd7zXZ\x00": _packed("xz", "xz"),
    rb"7z\xbc\xaf\x27\x1c": _packed("7-Zip", "7-Zip"),
    rb"Rar!\x1a\x07": _packed("RAR", "RAR"),
    rb"%PDF-": _named("a PDF document", " PDF 文件"),
    rb"\{\\rtf": _named("an RTF document", " RTF 文件"),
    rb"\x89PNG|\xff\xd8\xff|GIF8|II\x2a\x00|MM\x00\x2a": _named("an image", "图片"),
    rb"SQLite format 3\x00|.{8}DUCK": _named("a database", "数据库"),
    rb"(?i:\s*<(?:!doctype|html|table|\?xml|head|body|meta))": _named("HTML or XML", " HTML 或 XML"),
    rb"\s*[\[{]\s*[\[{\"]": _named("JSON", " JSON"),
    rb"version https://git-lfs": Text(
        "this is a pointer of Git LFS, not the file itself; fetch it with `git lfs pull`",
        "这是 Git LFS 指针，不是文件本身；请用 `git lfs pull` 取得文件",
    ),
}
_UTF_32 = Text(
    "the file is UTF-32. Save it as UTF-8 (in Excel: CSV UTF-8).", "文件编码为 UTF-32。请另存为 UTF-8（Excel 中选 CSV UTF-8）。"
)


def refuse_other_forms(content: bytes) -> None:
    """Refuse what is no CSV, or is UTF-32, by its first bytes.

    Raises:
        RefusedFileError: it is; the message says what it is, and what to do.
    """
    start = content[:_START]
    if _is_utf_32(start):
        raise RefusedFileError(_UTF_32)
    body = start.removeprefix(codecs.BOM_UTF8)
    for pattern, message in _FORMS.items():
        if re.match(pattern, body, re.DOTALL):
            raise RefusedFileError(message)


def _is_utf_32(start: bytes) -> bool:
    """Whether two bytes of each four are zero, as they are of characters in common use."""
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return True
    whole = start[: len(start) // 4 * 4]
    if len(whole) < 8 or not whole.strip(b"\0"):
        return False
    return not any(whole[2::4] + whole[3::4]) or not any(whole[0::4] + whole[1::4])
