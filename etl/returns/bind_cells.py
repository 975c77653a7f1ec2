"""Bind the figures of an office's sheet to the cells of a table: area, period, categories, column and unit.

A text that could mean two things, or nothing that is known, is asked about; it is never passed over. A period comes from the
texts over and beside a figure, from the title where they name none, or from the user.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from etl.errors import ProjectError
from etl.raw_files.plain_characters import plain
from etl.raw_files.workbooks.sheet import address
from etl.returns.indicators import category_columns
from etl.returns.office_sheet import OfficeSheet, SheetFigure, is_title_of_periods
from etl.returns.sheet_title import BETWEEN, YEAR, SheetTitle
from etl.returns.table_words import TableWords, bare
from etl.scaffold.period_parsing import canonical_period, names_another_span, part_of_year, periods_in, without_periods
from schemas.models import Column, figures
from schemas.texts import Text

LEAVE_OUT = "-"
"""What a text is said to mean whose figures no table takes."""

_ON_THE_YEAR_BEFORE = re.compile("[比较](?:上年|去年)(?:同期|同比)?")
_COMPARED = re.compile(f"[比较与](?:上年|去年|{YEAR}年)")
_WHOLE_YEAR = frozenset({"全年", "全年合计", "全年累计"})
_LIST_MARK = re.compile(r"^(?:其中[:：]?|[一二三四五六七八九十]+、|[(][一二三四五六七八九十0-9]+[)]|[0-9]{1,2}[.、](?=[^0-9]))+")
_OF_UNITS = frozenset({"单位", "计量单位", "unit"})
_UNIT_NEEDED = frozenset({"amount", "measure", "duration"})
"""Kinds whose numbers may as well be in a multiple of the declared unit, where the sheet says none."""


class UnclearError(Exception):
    """A figure of which the texts do not say what it is of."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.message = Text(en, zh)


class _LeftOutError(Exception):
    """A figure that the user leaves out."""


@dataclass
class _Binding:
    """What the texts around a figure say that it is of."""

    values: dict[str, str] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    unit: str = ""


@dataclass(frozen=True)
class BoundFigure:
    """A figure, and the cell of the table that it is of; without a column it is left out."""

    figure: SheetFigure
    area: str
    period: str
    categories: tuple[str, ...]
    column: Column | None
    unit: str


@dataclass(frozen=True)
class Binder:
    """Bind the figures of a sheet to a table.

    Attributes:
        words: of the table.
        sheet: the sheet.
        stated: what the user says of all figures: `area`, `period`, categories, and the `column` of those that name none.
        meanings: what the user says that texts, or columns of the sheet by their letters, mean: a column of the table, a code,
            a period or a unit, or `-` to leave their figures out.
        stated_units: units by the names of columns of the table.
    """

    words: TableWords
    sheet: OfficeSheet
    stated: Mapping[str, str]
    meanings: Mapping[str, str]
    stated_units: Mapping[str, str]

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The columns that a row is known by."""
        return ("area", "period", *(each.name for each in category_columns(self.words.entry)))

    @cached_property
    def title(self) -> SheetTitle:
        """What the texts above the header say of all figures."""
        return SheetTitle(self.words, self.sheet)

    def bind(self, figure: SheetFigure) -> BoundFigure:
        """Bind a figure.

        Raises:
            UnclearError: its texts do not say what it is of.
        """
        of_column = self.meanings.get(address((0, figure.place.column))[:-1])
        if LEAVE_OUT in (of_column, *(self._stated(text) for _, text in figure.context)):
            return BoundFigure(figure, "", "", (), None, "")
        binding = _Binding()
        try:
            for title, text in figure.context:
                self._read(binding, bare(title), text)
        except _LeftOutError:
            return BoundFigure(figure, "", "", (), None, "")
        if of_column:
            binding.words = [bare(of_column)]
        column = self._column(binding)
        for name in self.labels:
            if name in self.stated:
                if name == "period" and name in self.title.names:
                    binding.values.setdefault(name, self.title.names[name])
                self._put(binding, name, self.stated[name], f"--all {name}")
            elif name not in binding.values and name in self.title.names and name not in self.title.beside:
                binding.values[name] = self.title.names[name]
            elif name not in binding.values:
                en = f"no text over or beside it says its {name}; state it for all with --all {name}=…"
                raise UnclearError(en, f"表中未写明其 {name}；请以 --all {name}=… 指明")
        area, period, *codes = (binding.values[name] for name in self.labels)
        return BoundFigure(figure, area, period, tuple(codes), column, self._unit(binding, column))

    def _stated(self, text: str) -> str:
        return next((self.meanings[each] for each in (text, plain(text), bare(text)) if each in self.meanings), "")

    def _read(self, binding: _Binding, title: str, text: str) -> None:
        """Read one text: what it binds, and the words that are left for the name of the column."""
        stated = self._stated(text)
        if stated:
            self._state(binding, text, stated)
            return
        if title in _OF_UNITS or self.words.unit(bare(text)):
            self._put_unit(binding, self.words.unit(bare(text)) or bare(text))
            return
        left = _LIST_MARK.sub("", plain(text).replace(" ", ""))
        for brackets, unit in self.words.bracketed_units(left):
            self._put_unit(binding, unit)
            left = left.replace(brackets, "")
        left = self._without_period(binding, title, _ON_THE_YEAR_BEFORE.sub("同比", left), text).replace("()", "")
        if left:
            self._read_words(binding, self.words.titles.get(title, ""), bare(left), text)

    def _without_period(self, binding: _Binding, title: str, left: str, text: str) -> str:
        """Take the period from a text, and return what is left of it."""
        year = binding.values.get("period") or self.title.year
        if left in _WHOLE_YEAR and len(year) == 4:
            left = f"{year}年"
        period = canonical_period(left) or (canonical_period(f"{year}年{left}") if len(year) == 4 else None)
        is_number = re.fullmatch("[0-9]{4}", left) and title and not is_title_of_periods(title)
        if period and not is_number:
            self._put(binding, "period", period, text)
            return ""
        named = periods_in(left)
        if names_another_span(left):
            raise UnclearError(*_ask(text, "names a span that is not known for certain"))
        if BETWEEN.search(left) or _COMPARED.search(left) or len(named) > 1:
            raise UnclearError(*_ask(text, "names several periods, or one to compare with"))
        if not named and len(year) == 4 and part_of_year(year, left):
            named, left = [part_of_year(year, left)], f"{year}年{left}"
        if not named:
            return left
        self._put(binding, "period", named[0], text)
        return without_periods(left)

    def _read_words(self, binding: _Binding, wanted: str, left: str, text: str) -> None:
        """Read what is left of a text: a code, a code and a column, or words of a column's name."""
        stated = self._stated(left)
        if stated:
            self._state(binding, text, stated)
            return
        codes = self.words.lists_of(left, wanted)
        both = self.words.code_and_column(left) if not wanted else None
        if left in self.words.columns and not wanted:
            binding.words.append(left)
        elif len(codes) == 1:
            ((name, code),) = codes.items()
            self._put(binding, name, code, text)
        elif codes or wanted:
            raise UnclearError(*_ask(text, f"may be a code of {' or '.join(codes)}" if codes else f"is no known {wanted}"))
        elif both:
            self._put(binding, both[0], both[1], text)
            binding.words.append(both[2])
        else:
            binding.words.append(left)

    def _column(self, binding: _Binding) -> Column:
        """Return the column that the words name; the only one that is no growth, where there are no words."""
        model = self.words.entry.model
        levels = [each for each in figures(model) if each.dtype.kind != "rate"]
        column = self.words.column(binding.words)
        if not binding.words and "column" in self.stated:
            return next(each for each in figures(model) if each.name == self.stated["column"])
        if column is None and not binding.words and len(levels) == 1:
            return levels[0]
        if column is None:
            known = ", ".join(f"{each.meaning.zh}={each.name}" for each in figures(model))
            if not binding.words:
                en = f"no text over or beside it names its column of {self.words.entry.address} ({known})"
                zh = f"表中未写明其为 {self.words.entry.address} 的哪一列（{known}）"
                raise UnclearError(f"{en}; state it for all with --all column=…", f"{zh}；请以 --all column=… 指明")
            unknown = [word for word in binding.words if word not in self.words.columns] or binding.words
            raise UnclearError(*_ask(unknown[0], f"names no column of {self.words.entry.address} ({known})"))
        return column

    def _state(self, binding: _Binding, text: str, meaning: str) -> None:
        """Bind what the user says that a text means."""
        if meaning == LEAVE_OUT:
            raise _LeftOutError
        if meaning in {each.name for each in figures(self.words.entry.model)}:
            binding.words.append(bare(meaning))
        elif canonical_period(meaning):
            self._put(binding, "period", canonical_period(meaning) or "", text)
        elif self.words.unit(bare(meaning)):
            self._put_unit(binding, self.words.unit(bare(meaning)))
        else:
            name, _, code = meaning.rpartition(":")
            lists = [each for each, codes in self.words.codes.items() if code in codes.values() and name in ("", each)]
            if len(lists) != 1:
                of = self.words.entry.address
                raise ProjectError(
                    f"--as {text}={meaning}: {meaning!r} is no column, code, period or unit of {of}.",
                    f"--as {text}={meaning}：“{meaning}”不是 {of} 的列、代码、时期或单位。",
                )
            self._put(binding, lists[0], code, text)

    def _put(self, binding: _Binding, name: str, value: str, text: str) -> None:
        before = binding.values.get(name, value)
        narrower = (_within(before, value) or _within(value, before)) if name == "period" else ""
        if before != value and not narrower:
            en = f"its texts name two of {name}: {before} and {value} ({text!r})"
            raise UnclearError(en, f"其文字指明两个 {name}：{before} 与 {value}（“{text}”）")
        binding.values[name] = narrower or value

    def _put_unit(self, binding: _Binding, unit: str) -> None:
        if binding.unit not in ("", unit) and self.words.dimension(unit) == self.words.dimension(binding.unit):
            both = f"{binding.unit}, {unit}"
            raise UnclearError(f"its texts name two units: {both}", f"其文字指明两个单位：{both}")
        binding.unit = unit

    def _unit(self, binding: _Binding, column: Column) -> str:
        """Return the unit of a figure: its own, or the one of the line of units that fits its column."""
        stated = self.stated_units.get(column.name) or binding.unit
        if stated:
            return stated
        declared = column.meaning.unit
        dimension = self.words.dimension(declared)
        fitting = [unit for unit in self.title.units if self.words.dimension(unit) == dimension]
        if len(fitting) == 1:
            return fitting[0]
        if column.dtype.kind in _UNIT_NEEDED or len(fitting) > 1:
            raise UnclearError(
                f"no text says the unit of {column.meaning.en}: {declared}, or a multiple? State it: --unit {column.name}=…",
                f"未写明{column.meaning.zh}的单位：{declared}，还是其倍数？请以 --unit {column.name}=… 指明",
            )
        return declared


def _within(outer: str, inner: str) -> str:
    """Return the part of a year that a period and a part name together; empty where they do not."""
    return inner if re.fullmatch("[0-9]{4}", outer) and inner.startswith(f"{outer}-") and "/" not in inner else ""


def _ask(text: str, what: str) -> tuple[str, str]:
    return (
        f"“{text}” {what}; say what it means: --as '{text}=…', or --as '{text}=-' to leave its figures out",
        f"“{text}”含义不明；请以 --as '{text}=…' 指明，或以 --as '{text}=-' 注明不录入",
    )
