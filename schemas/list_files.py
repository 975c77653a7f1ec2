"""Read a file that people edit by hand as text: UTF-8, a regular file of the project, not too large."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from pathlib import Path

from schemas.file_forms import LFS, other_form, wide_encoding
from schemas.texts import Text, TextError, system_reason, text_of

MOST_BYTES, MOST_LINES = 32 * 2**20, 200_000
_NO_TEXT = re.compile("[\0\r]")
_FETCH = Text("fetch the file with `git lfs pull`", "请用 `git lfs pull` 取得文件")
_SAVE = Text("save it as text, a list as CSV UTF-8", "请另存为文本，清单请另存为 CSV UTF-8")
_LINE_FEEDS = Text("save it with line feeds (LF, or CRLF)", "请以 LF 或 CR LF 换行重新保存")
_DELETE = Text("delete it", "请删除")


class ListError(TextError):
    """Faults of a list, each at its place."""


def target_outside(path: Path, root: Path) -> Path | None:
    """Return where a path really leads if that is outside a folder, or in a hidden part of it; else None."""
    real, base = Path(os.path.realpath(path)), Path(os.path.realpath(root))
    if not real.is_relative_to(base):
        return real
    is_hidden = any(part.startswith(".") for part in real.relative_to(base).parts)
    return real if is_hidden and real != base / Path(os.path.abspath(path)).relative_to(os.path.abspath(root)) else None  # noqa: PTH100


def file_name(path: Path, root: Path | None) -> str:
    """Name a file as messages do: without the folder of the project."""
    return path.relative_to(root).as_posix() if root is not None and path.is_relative_to(root) else str(path)


def read_text(path: Path, root: Path | None = None) -> str:
    """Read a file that people edit as text, with line feeds; else as `read_list`."""
    name = file_name(path, root)
    content = _content(path, name, root)
    if form := other_form(content):
        step = _FETCH if form == LFS else _SAVE
        raise ListError(
            f"{name}:1:1: this is {form.en}, and no text; {step.en}", f"{name}:1:1: 这是{form.zh}，不是文本；{step.zh}"
        )
    if encoding := wide_encoding(content):
        raise ListError(
            f"{name}:1:1: the file is {encoding}. Save it as UTF-8.", f"{name}:1:1: 文件编码为 {encoding}。请另存为 UTF-8。"
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = place_in(content[: error.start].decode("utf-8", "replace"), None)
        raise ListError(
            f"{name}:{line}:{column}: the byte 0x{content[error.start]:02x} is not UTF-8. Save it as UTF-8.",
            f"{name}:{line}:{column}: 字节 0x{content[error.start]:02x} 不是 UTF-8。请另存为 UTF-8。",
        ) from None
    text = text.replace("\r\n", "\n")
    if (lines := text.count("\n")) > MOST_LINES:
        raise ListError(
            f"{name} has {lines:,} lines, more than the {MOST_LINES:,} that a list may have; delete what is no row.",
            f"{name} 共 {lines:,} 行，超过清单上限 {MOST_LINES:,} 行；请删除无关的行。",
        )
    if "\r" in text and "\n" not in text:
        raise ListError(
            f"{name}:1:1: the lines end in CR, as of old Mac OS; save the file with line ends LF or CR LF",
            f"{name}:1:1: 换行符为 CR（旧 Mac 格式）；请以 LF 或 CR LF 换行重新保存",
        )
    if found := _NO_TEXT.search(text):
        line, column = place_in(text, found.start())
        hint = _LINE_FEEDS if found[0] == "\r" else _DELETE
        raise ListError(
            f"{name}:{line}:{column}: the {character_name(found[0])} is no text; {hint.en}",
            f"{name}:{line}:{column}: 字符 U+{ord(found[0]):04X} 不是文字；{hint.zh}",
        )
    return text


def _content(path: Path, name: str, root: Path | None) -> bytes:
    try:
        about = path.stat()
    except FileNotFoundError:
        missing = Text(" is missing.", " 不存在。")
        raise ListError(
            name + (Text(" is a link that leads nowhere.", " 是失效的链接。") if path.is_symlink() else missing)
        ) from None
    except (OSError, ValueError) as error:
        raise _unreadable(name, text_of(error)) from None
    if root is not None and (outside := target_outside(path, root)):
        raise ListError(
            f"{name} is a link that leads out of the project, to {outside}. Put the file itself there.",
            f"{name} 是指向项目之外（{outside}）的链接。请把文件本身放在此处。",
        )
    if not stat.S_ISREG(about.st_mode):
        what = Text("a folder", "文件夹") if stat.S_ISDIR(about.st_mode) else Text("no regular file", "特殊文件")
        raise ListError(
            f"{name} is {what.en}, where a file is expected. Move it away.", f"{name} 应为文件，实为{what.zh}。请移走。"
        )
    if about.st_size > MOST_BYTES:
        most = f"{MOST_BYTES >> 20} MiB"
        raise ListError(
            f"{name} has {about.st_size:,} bytes, more than the {most} that a list may have; records belong in a register.",
            f"{name} 大小为 {about.st_size:,} 字节，超过清单上限 {most}；逐条记录应放入登记簿。",
        )
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(name, system_reason(error)) from None


def _unreadable(name: str, reason: Text) -> ListError:
    return ListError(f"{name} cannot be read: {reason.en}.", f"{name} 无法读取：{reason.zh}。")


def place_in(text: str, at: int | None) -> tuple[int, int]:
    """Locate a character, or the end: line and column, from 1."""
    at = len(text) if at is None else at
    return text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1


def character_name(character: str) -> str:
    """Name a character as Unicode does."""
    return unicodedata.name(character, "") or f"control character U+{ord(character):04X}"
