"""Read a document of any form: plain text, Markdown, HTML, DOCX, PDF with text, workbooks, CSV, or standard input.

Plain text and Markdown are decoded here; HTML, DOCX, PDF and workbooks, which can be made to do harm, are parsed in a child
process under limits of time and memory.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

from etl.documents.document import Document
from etl.documents.forms.blocks import document_of, from_json
from etl.documents.forms.markdown import read_markdown
from etl.documents.forms.plain_text import read_text
from etl.documents.forms.sniff import form_of
from etl.documents.passages import MOST_CHARACTERS_OF_A_LINE
from etl.documents.refusal import UnreadableDocumentError
from etl.documents.table_layout import Grid
from etl.errors import ProjectError
from etl.raw_files.decode import decoded
from etl.raw_files.delimited import read_delimited
from etl.raw_files.in_child import read_in_child
from etl.raw_files.page import NO_TEXT as NUL_OR_LONE
from etl.raw_files.page import RefusedFileError
from schemas.texts import NO_TEXT, Text, system_reason

STANDARD_INPUT = "-"
MOST_BYTES = 64 * 2**20
_WORKBOOKS = ("xlsx", "xls", "ods")
_LIBRARIES = {"html": ("selectolax",), "pdf": ("pypdfium2",), **dict.fromkeys(_WORKBOOKS, ("python_calamine", "olefile"))}
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_HAS_STEP = re.compile(r"\b(?:[Ss]ave|get|open|recognize)\b")
_ANEW = Text(" Get the document anew, or save it in another form.", "请重新获取文件，或另存为其他格式。")
_LARGER = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}


def read_document(source: str | Path) -> Document:
    """Read a document.

    Args:
        source: path of a file, or `-` for standard input.

    Raises:
        ProjectError: it cannot be read: it is missing, of a form that is not read, damaged, encrypted, made to do harm, or its
            reader is not installed. The message names the next step.
    """
    name = str(source)
    content = _bytes_of(name)
    try:
        document = document_from(content, name)
        _refuse_long_lines(document.text)
        return document
    except UnreadableDocumentError as unreadable:
        raise _unreadable(name, unreadable.text) from None
    except RefusedFileError as refused:
        reason = Text(refused.message.en.rstrip("."), refused.message.zh.rstrip("。"))
        step = NO_TEXT if _HAS_STEP.search(reason.en) else _ANEW
        raise _unreadable(name, reason, step) from None


def document_from(content: bytes, name: str) -> Document:
    """Read a document from its bytes.

    Args:
        content: the bytes of its file.
        name: of the file, whose ending counts where the bytes leave the form open.

    Raises:
        UnreadableDocumentError: it is of a form that is not read.
        RefusedFileError: it is damaged, encrypted, or made to do harm.
        ProjectError: its reader is not installed.
    """
    if not content.strip():
        raise UnreadableDocumentError("it is empty. Get the document anew", "文件为空。请重新获取")
    form = form_of(content, name)
    if form in ("text", "markdown"):
        text = _text(content)
        return read_text(text, name) if form == "text" else read_markdown(text, name)
    if form == "csv":
        page = read_delimited(content)
        if page.set_aside:
            raise UnreadableDocumentError(
                f"its line {page.set_aside[0]} is no row of its table. Mend it", f"第 {page.set_aside[0]} 行不是表中的行。请更正"
            )
        rows = [page.header, *([cell or "" for cell in row] for row in page.rows)]
        return document_of([Grid(rows)], name, "text")
    for library in _LIBRARIES.get(form, ()):
        if importlib.util.find_spec(library) is None:
            install = "pip install 'ip-bulletin-etl[documents]'"
            raise ProjectError(
                f"To read {form.upper()}, {library} is needed: {install}", f"读取 {form.upper()} 需要 {library}：请运行 {install}"
            )
    if form == "html":
        content = _page(content).encode("utf-8", "replace")
    kind = "workbook" if form in _WORKBOOKS else form
    found = read_in_child({"reader": f"etl.documents.forms.{kind}", "form": f".{form}"}, content)
    document = document_of(from_json(found["blocks"]), name, "xlsx" if kind == "workbook" else form)
    if not document.text.strip():
        raise UnreadableDocumentError("it holds no text", "其中没有文字")
    return document


def _refuse_long_lines(text: str) -> None:
    if len(text) <= MOST_CHARACTERS_OF_A_LINE:
        return
    for number, line in enumerate(text.splitlines(), start=1):
        if len(line) > MOST_CHARACTERS_OF_A_LINE:
            length, most = f"{len(line):,}", f"{MOST_CHARACTERS_OF_A_LINE:,}"
            raise UnreadableDocumentError(
                f"line {number} has {length} characters, where none may have more than {most}. Part it",
                f"第 {number} 行有 {length} 个字符，超过上限 {most}。请分行",
            )


def _bytes_of(name: str) -> bytes:
    try:
        if name == STANDARD_INPUT:
            content = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise _unreadable(name, system_reason(error)) from None
    if len(content) > MOST_BYTES:
        shown = _shown(name)
        raise ProjectError(
            f"{shown.en} is larger than {MOST_BYTES >> 20} MB, and no document to be read. Take a part of it.",
            f"{shown.zh}超过 {MOST_BYTES >> 20} MB，不予读取。请只取其中一部分。",
        )
    return content


def _text(content: bytes) -> str:
    """Decode a plain text.

    Raises:
        RefusedFileError: its encoding cannot be told, or a part of it is no text.
    """
    text = decoded(content).text
    for lost in NUL_OR_LONE.finditer(text):
        line = text.count("\n", 0, lost.start()) + 1
        if lost[0] == "\0":
            raise UnreadableDocumentError(
                f"it is no text: line {line} holds the character NUL", f"不是文本：第 {line} 行含 NUL 字符"
            )
        if "\ud800" <= lost[0] <= "\udfff":
            byte = f"0x{ord(lost[0]) & 0xFF:02x}"
            raise UnreadableDocumentError(
                f"byte {byte} in line {line} is no character of its encoding. Save it as UTF-8",
                f"第 {line} 行的字节 {byte} 不符合文件编码。请另存为 UTF-8",
            )
    return text


def _page(content: bytes) -> str:
    """Decode an HTML page, in the encoding that it names or the likeliest."""
    named = _CHARSET.search(content[:4096])
    if named and not content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        encoding = named[1].decode().lower()
        try:
            return content.decode(_LARGER.get(encoding, encoding))
        except (UnicodeDecodeError, LookupError):
            pass
    return _text(content)


def _unreadable(name: str, reason: Text, step: Text = NO_TEXT) -> ProjectError:
    shown = _shown(name)
    return ProjectError(f"{shown.en} cannot be read: {reason.en}.{step.en}", f"{shown.zh}无法读取：{reason.zh}。{step.zh}")


def _shown(name: str) -> Text:
    return Text("The standard input", "标准输入") if name == STANDARD_INPUT else Text(name, f"{name} ")
