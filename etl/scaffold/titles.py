"""Titles of columns, parsed: words, unit, and the mark of a part."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from etl.figures.words import Notation
from etl.raw_files.plain_characters import plain
from schemas.code_lists import CodeLists
from schemas.texts import TextError

AMONG_THEM = re.compile(r"^(?:其中|#)[:：]?")
"""How a title or a category says that it is part of one before it."""

OF_CHANGE = re.compile("同比|环比|增长|增速|增幅|降幅|升降|较上年|比上年|±")
"""Titles of growth, or of another change."""

OF_PERIODS = re.compile("^(?:年份|年度|年|时期|时间|月份|月|季度|期间|报告期|统计期|统计年度)$")
"""Titles of periods."""

OF_NO_USE = re.compile("^(?:序号|编号|备注|说明|注|次序|排名|no[.]?)$", re.IGNORECASE)
"""Titles of columns that number the rows, or remark on them."""

_BRACKETED = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]")
_AFTER_A_STROKE = re.compile(r"[/,，、]([^/,，、]+)$")
_LONGEST_UNIT = 3


@dataclass(frozen=True, slots=True)
class Title:
    """A parsed title of a column.

    Attributes:
        zh: without unit and marks.
        unit: the unit that it names; empty for none.
        is_part: whether it says that it is one among those before it.
        bracketed: a short text in brackets that is no unit of the list, and may be one; empty for none.
    """

    zh: str
    unit: str
    is_part: bool
    bracketed: str = ""


@dataclass(frozen=True, slots=True)
class TitledColumn:
    """A column of a file: its position from 1, its title, its cells (None: blank), and line and column of each."""

    position: int
    title: Title
    cells: tuple[str | None, ...]
    places: tuple[tuple[int, int], ...] = ()

    @property
    def zh(self) -> str:
        """Its title without unit and marks."""
        return self.title.zh

    @property
    def filled(self) -> list[str]:
        """The cells that are not blank."""
        return [cell for cell in self.cells if cell]

    def figures(self, notation: Notation) -> list[str]:
        """The cells that are not blank, without marks; those of marks alone are left out."""
        return [figure for _, figure in self.figures_by_row(notation)]

    def figures_by_row(self, notation: Notation) -> Iterator[tuple[int, str]]:
        """Yield the row and the figure of each cell that is not blank, without marks."""
        for row, cell in enumerate(self.cells):
            if cell:
                marked = notation.marks.split(cell)
                if marked is None or marked.figure:
                    yield row, marked.figure if marked else cell

    def at(self, rows: Sequence[int]) -> TitledColumn:
        """Select rows."""
        places = tuple(self.places[row] for row in rows) if self.places else ()
        return replace(self, cells=tuple(self.cells[row] for row in rows), places=places)


@dataclass(frozen=True)
class Stated:
    """User-supplied metadata for the table.

    Attributes:
        area: of all rows; empty where the file tells it.
        period: of all rows; empty where the file tells it.
        title: of the table in Chinese; empty for that of the file.
        names: English names by title.
        units: units by title.
    """

    area: str = ""
    period: str = ""
    title: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)


def parse_title(levels: Iterable[str], lists: CodeLists) -> Title:
    """Join the titles over a column, the outermost first, and parse them."""
    joined, unit, is_part, bracketed = "", "", False, ""
    for level in levels:
        text = plain(level).replace(" ", "")
        is_part = is_part or bool(AMONG_THEM.match(text))
        text = AMONG_THEM.sub("", text)
        for match in (*_BRACKETED.finditer(text), *_AFTER_A_STROKE.finditer(text)):
            named = match[1].removeprefix("单位").lstrip(":：")
            if {named, without_multiplier(named)} & lists.units_by_name.keys():
                unit, text = named, text.replace(match[0], "")
            elif match[0].endswith((")", "]", "】")) and len(named) <= _LONGEST_UNIT:
                bracketed = named
        text = _BRACKETED.sub(r"\1", text)
        joined += text if text not in ("合计", "总计", "小计") or not joined else ""
    return Title(joined, unit, is_part, bracketed)


def without_multiplier(unit: str) -> str:
    """Remove 万, 亿 and the like from before a unit."""
    return unit.lstrip("十百千万亿")


def values_by_title(texts: Iterable[str], what: str, lists: CodeLists) -> dict[str, str]:
    """Parse the TITLE=VALUE texts of `--name` and `--unit`.

    Raises:
        ValueError: one is not of that form.
    """
    found = {}
    for text in texts:
        zh, mark, value = text.rpartition("=")
        if not (mark and zh and value):
            raise TextError(f"{text!r} is not TITLE={what}.", f"“{text}”应为 标题={what}。")
        found[parse_title([zh], lists).zh] = value
    return found
