"""Chinese of the command line: help, placeholders, and what click itself says.

`chinese.csv` lists each English text with its Chinese. Its kinds: `help`, a paragraph of a command's help or the help of an
option; `heading`; `word`, of placeholders such as FILE; `click`, of click, which asks gettext for each of its texts.
"""

from __future__ import annotations

import gettext
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache

import click

from etl.cli.language import spoken_language
from schemas.texts import Language

_WORD = re.compile(r"\b[A-Z]{2,}\b")
_EXTRA = re.compile(r"  (?=\[[^\[\]]*\]$)")
_WIDE = "[\u2e80-\ufaff\uff00-\uffef]"
# No line begins with a mark that ends a phrase, nor ends with one that begins it.
_PIECE = re.compile(rf"(?:[（“《]|\s)*(?:{_WIDE}|(?:(?!{_WIDE})[^\s“”…—])+|[”…—]+)[，。、；：！？）”》…]*|\s+$")


@cache
def texts_by_kind() -> Mapping[str, Mapping[str, str]]:
    """Read the Chinese texts, by kind and English."""
    import csv
    from pathlib import Path

    texts: dict[str, dict[str, str]] = {}
    with Path(__file__).with_name("chinese.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, strict=True):
            texts.setdefault(row["kind"], {})[row["en"]] = row["zh"]
    return texts


def help_in_chinese(text: str) -> str:
    """Return a help text in Chinese, paragraph by paragraph; what is not listed stays as it is."""
    texts = texts_by_kind()["help"]
    paragraphs = (" ".join(each.split()) for each in text.split("\n\n"))
    return "\n\n".join(texts.get(each, each) for each in paragraphs)


def words_in_chinese(placeholder: str) -> str:
    """Return a placeholder, such as KIND=COUNT, with its words in Chinese."""
    words = texts_by_kind()["word"]
    return _WORD.sub(lambda word: words.get(word[0], word[0]), placeholder)


@contextmanager
def click_speaks(language: Language) -> Iterator[None]:
    """Have click say its own texts in a language."""
    if language != "zh":
        yield
        return
    one, several = gettext.dgettext, gettext.dngettext

    def chinese(domain: str, message: str) -> str:
        return texts_by_kind()["click"].get(message) or one(domain, message)

    def chinese_of_number(domain: str, msgid1: str, msgid2: str, n: int) -> str:
        return texts_by_kind()["click"].get(msgid1 if n == 1 else msgid2) or several(domain, msgid1, msgid2, n)

    gettext.dgettext, gettext.dngettext = chinese, chinese_of_number
    try:
        yield
    finally:
        gettext.dgettext, gettext.dngettext = one, several


class SpokenContext(click.Context):
    """A context whose help is in the language of the command line."""

    def make_formatter(self) -> click.HelpFormatter:
        """Return what writes the help."""
        kind = ChineseFormatter if spoken_language(self) == "zh" else click.HelpFormatter
        return kind(width=self.terminal_width, max_width=self.max_content_width)


class ChineseFormatter(click.HelpFormatter):
    """What writes English help in Chinese, whose characters are two columns wide and between which a line may end."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how a command is called."""
        self.write(f"{'':>{self.current_indent}}用法：{prog} {words_in_chinese(args)}".rstrip() + "\n")

    def write_heading(self, heading: str) -> None:
        """Write a heading."""
        self.write(f"{'':>{self.current_indent}}{texts_by_kind()['heading'].get(heading, heading)}：\n")

    def write_text(self, text: str) -> None:
        """Write paragraphs."""
        paragraphs = help_in_chinese(text).split("\n\n")
        self.write("\n\n".join(self._wrapped(each, self.current_indent, self.current_indent) for each in paragraphs) + "\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write options or commands, each with what it means."""
        named = [(words_in_chinese(name), self._meaning(meaning)) for name, meaning in rows]
        indent = self.current_indent + col_spacing + min(col_max, max(columns(name) for name, _ in named))
        for name, meaning in named:
            begun = f"{'':>{self.current_indent}}{name}"
            if (used := columns(begun)) > indent - col_spacing:
                self.write(f"{begun}\n{self._wrapped(meaning, indent, indent)}\n")
            else:
                self.write(f"{begun}{'':>{indent - used}}{self._wrapped(meaning, 0, indent)}\n")

    def _meaning(self, text: str) -> str:
        """Return what an option means, and its default or range, which click has added in Chinese."""
        parts = _EXTRA.split(text, maxsplit=1)
        return "  ".join((help_in_chinese(parts[0]), *parts[1:]))

    def _wrapped(self, text: str, first: int, others: int) -> str:
        lines, line, room = [], " " * first, self.width - others
        used = 0
        for piece in _PIECE.findall(text):
            if used and used + columns(piece.rstrip()) > room:
                lines.append(line.rstrip())
                line, used, piece = " " * others, 0, piece.lstrip()
            line, used = line + piece, used + columns(piece)
        return "\n".join((*lines, line.rstrip()))


def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)
