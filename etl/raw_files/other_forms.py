"""Refuse what is called CSV and is something else, by its first bytes."""

from __future__ import annotations

from etl.raw_files.page import RefusedFileError
from schemas.file_forms import GZIP, LFS, PARQUET, UTF_32, WORKBOOK, ZSTANDARD, other_form, wide_encoding
from schemas.texts import Text

_NEXT_STEPS = {
    WORKBOOK: Text(
        "this is a workbook, not CSV; name it so (.xlsx, .xls or .ods), or save it as CSV UTF-8",
        "这是工作簿，不是 CSV；请改用 .xlsx、.xls 或 .ods 扩展名，或另存为 CSV UTF-8",
    ),
    PARQUET: Text("this is Parquet, not CSV; name it .parquet", "这是 Parquet，不是 CSV；请改用 .parquet 扩展名"),
    GZIP: Text("this is compressed by gzip; name it .csv.gz", "这是 gzip 压缩文件；请改用 .csv.gz 扩展名"),
    ZSTANDARD: Text("this is compressed by Zstandard; name it .csv.zst", "这是 Zstandard 压缩文件；请改用 .csv.zst 扩展名"),
    LFS: Text(
        "this is a pointer of Git LFS, not the file itself; fetch it with `git lfs pull`",
        "这是 Git LFS 指针，不是文件本身；请用 `git lfs pull` 取得文件",
    ),
}


def refuse_other_forms(content: bytes) -> None:
    """Refuse what is no CSV, or is UTF-32, by its first bytes.

    Raises:
        RefusedFileError: it is; the message says what it is, and what to do.
    """
    if wide_encoding(content) == UTF_32:
        raise RefusedFileError(unreadable_encoding(UTF_32))
    if form := other_form(content):
        raise RefusedFileError(_NEXT_STEPS.get(form) or _unread(form))


def unreadable_encoding(name: str) -> Text:
    """Explain that a file is in an encoding that is not read here."""
    en = f"the file is {name}. Save it as UTF-8 (in Excel: CSV UTF-8)."
    return Text(en, f"文件编码为 {name}。请另存为 UTF-8（Excel 中选 CSV UTF-8）。")


def _unread(form: Text) -> Text:
    if form.en.startswith("compressed"):
        return Text(f"this is {form.en}; unpack it, and put the CSV file itself here", f"这是{form.zh}；请解压后放入 CSV 文件")
    zh = f"这是{form.zh}，不是 CSV；请用相应软件打开，将表格另存为 CSV UTF-8"
    return Text(f"this is {form.en}, not CSV; open it with its program, and save the table as CSV UTF-8", zh)
