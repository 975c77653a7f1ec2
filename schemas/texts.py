"""Messages in both languages, and errors that carry one."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, overload

Language = Literal["en", "zh"]


@dataclass(frozen=True, slots=True)
class Text:
    """A message in both languages."""

    en: str
    zh: str

    def __add__(self, other: Text | str) -> Text:
        return Text(self.en + other, self.zh + other) if isinstance(other, str) else Text(self.en + other.en, self.zh + other.zh)

    def __radd__(self, before: str) -> Text:
        return Text(before + self.en, before + self.zh)

    def __bool__(self) -> bool:
        return bool(self.en or self.zh)

    def in_language(self, language: Language) -> str:
        """Return the message in a language."""
        return self.zh if language == "zh" else self.en


NO_TEXT = Text("", "")
COLON = Text(": ", "：")
BETWEEN = Text(", ", "、")
"""What stands between a label and its value, and between the items of a list."""


class BilingualError(Exception):
    """An error whose message is in both languages; `str` of it is in English.

    Attributes:
        text: what is wrong and the next step.
    """

    @overload
    def __init__(self, message: Text, zh: None = None) -> None: ...
    @overload
    def __init__(self, message: str, zh: str) -> None: ...
    def __init__(self, message: str | Text, zh: str | None = None) -> None:
        self.text = as_text(message, zh)
        super().__init__(self.text.en)


class TextError(BilingualError, ValueError):
    """A value, list or declaration that is wrong."""


class DeclarationError(TextError, TypeError):
    """A model or relation that is declared wrongly."""


class UnknownListError(TextError, LookupError):
    """A code list that is not there."""


def as_text(message: str | Text, zh: str | None) -> Text:
    """Return a message that is given as one of both languages, or as two of one."""
    return message if isinstance(message, Text) else Text(message, message if zh is None else zh)


def text_of(error: BaseException) -> Text:
    """Return the message of an error: in both languages where it carries both, else as it is."""
    if isinstance(error, OSError):
        return system_reason(error)
    text = getattr(error, "text", None)
    return text if isinstance(text, Text) else Text(str(error), str(error))


def same(text: str) -> Text:
    """Return a text that is the same in both languages, such as a name."""
    return Text(text, text)


def joined(texts: Iterable[Text], between: str | Text) -> Text:
    """Join messages in both languages."""
    texts, mark = list(texts), as_text(between, None)
    return Text(mark.en.join(each.en for each in texts), mark.zh.join(each.zh for each in texts))


def listed_names(names: Iterable[object]) -> Text:
    """Join names, which are the same in both languages."""
    return joined((same(str(each)) for each in names), BETWEEN)


def system_reason(error: OSError) -> Text:
    """Return why the system refused: in Chinese, too, where the reason is a frequent one."""
    found = None if error.errno else _NUMBER.search(str(error))  # of polars, which writes it out
    number = int(found[1]) if found else error.errno or 0
    en = error.strerror or (os.strerror(number) if number else str(error))
    return Text(en, _REASONS.get(number, en))


_NUMBER = re.compile(r"\(os error ([0-9]+)\)")


_REASONS = {
    errno.EPERM: "不允许此操作",
    errno.ENOENT: "文件或文件夹不存在",
    errno.EIO: "输入输出错误",
    errno.ENOMEM: "内存不足",
    errno.EACCES: "权限不足",
    errno.EBUSY: "设备或文件正被占用",
    errno.EEXIST: "文件已存在",
    errno.EXDEV: "不能跨磁盘移动文件",
    errno.ENODEV: "没有此设备",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.EINVAL: "参数无效",
    errno.EMFILE: "打开的文件过多",
    errno.ENFILE: "系统打开的文件过多",
    errno.EFBIG: "文件过大",
    errno.ENOSPC: "磁盘空间不足",
    errno.EDQUOT: "磁盘配额已用尽",
    errno.EROFS: "文件系统为只读",
    errno.EPIPE: "接收输出的程序已关闭",
    errno.ENAMETOOLONG: "文件名过长",
    errno.ENOTEMPTY: "文件夹不是空的",
    errno.ELOOP: "链接层次过多",
    errno.ESTALE: "网络文件已失效",
    errno.ETIMEDOUT: "连接超时",
    errno.ECONNREFUSED: "连接被拒绝",
    errno.EADDRINUSE: "地址正被占用",
}
