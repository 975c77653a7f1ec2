"""Judge the figures of a filled-in form, each by itself: whether it can be read, and is in the unit of its line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from etl.figures.marks import NOTHING, Marked
from etl.figures.reading import FigureReading, read_printed
from etl.figures.words import Notation
from etl.project import Project
from etl.returns.figure_text import completed, doubt_of, problem_of
from etl.returns.indicators import Indicator, indicators
from etl.returns.read_form import FilledForm, Refusal, SheetPlace
from schemas.texts import Text


@dataclass(frozen=True, slots=True)
class FilledCell:
    """A cell that holds a figure of an indicator.

    Attributes:
        place: of the cell.
        ordinal: its place in the ledger, within the sheet.
        indicator: what it is of.
        period: of it.
        unit: in which a bare number is read.
        text: as it stands.
    """

    place: SheetPlace
    ordinal: int
    indicator: Indicator
    period: str
    unit: str
    text: str


@dataclass(frozen=True, slots=True)
class TakenFigure:
    """A figure that was taken, or a mark in place of one.

    Attributes:
        cell: where it stands.
        published: with its unit; or the mark.
        reading: what it says.
        marked: its marks; None for none.
    """

    cell: FilledCell
    published: str
    reading: FigureReading
    marked: Marked | None = None

    @property
    def is_figure(self) -> bool:
        """Whether it is a figure, which the ledger lists."""
        return self.reading.value is not None

    @property
    def entered(self) -> str:
        """The text of the cell of the table that takes it."""
        marks = self.marked.mark.replace(" ", "") if self.marked and self.is_figure else ""
        return self.published + marks

    @property
    def place(self) -> SheetPlace:
        """The cell of the workbook."""
        return self.cell.place

    @property
    def section(self) -> str:
        """The sheet, as the ledger names it."""
        return self.cell.place.sheet or "0"

    @property
    def ordinal(self) -> int:
        """The place in the ledger, within the sheet."""
        return self.cell.ordinal

    @property
    def indicator(self) -> Indicator:
        """What it is of."""
        return self.cell.indicator

    @property
    def period(self) -> str:
        """The period that it is of."""
        return self.cell.period

    @property
    def row(self) -> tuple[str, str, str, tuple[str, ...]]:
        """The row that takes it: table, area, period and categories."""
        return self.indicator.entry.address, self.indicator.area, self.period, self.indicator.categories


def judge_form(project: Project, form: FilledForm) -> tuple[list[TakenFigure], list[Refusal], list[Text]]:
    """Judge the figures of a form: those that fit, and why the others do not."""
    heading, refusals, remarks = form.heading, list(form.refusals), list(form.remarks)
    known = {(each.address, (each.area, *each.categories)): each for each in _known(project, form)}
    filled: list[FilledCell] = []
    for entry in form.entries:
        indicator = known.get((entry.address, entry.row))
        if indicator is None:
            en = f"this project has no row {':'.join(entry.row)} of {entry.address} for {heading.period}"
            refusals.append(Refusal(entry.place, Text(en, f"本项目没有 {entry.address} 的行 {':'.join(entry.row)}")))
        else:
            filled.append(FilledCell(entry.place, entry.place.row + 1, indicator, heading.period, entry.unit, entry.text))
    judged, refused = judge_cells(filled, project.catalogue.notation)
    refusals += refused
    figures = without_empty_rows(judged, remarks)
    refusals += _lacking(form, known, figures, {each.place for each in refusals})
    return figures, refusals, remarks


def not_printed(place: SheetPlace, text: str) -> Text:
    """Remark on a mark that stands where there is no figure."""
    return Text(f"{place}: {text!r} is read as no figure", f"{place}：“{text}”视为没有数字")


def judge_cells(filled: Sequence[FilledCell], notation: Notation) -> tuple[list[TakenFigure], list[Refusal]]:
    """Read the figures of cells in the units of their lines; those that fit, and why the others do not."""
    split = [(cell, notation.marks.split(cell.text)) for cell in filled]
    complete = [(cell, marked, *completed(marked.figure if marked else cell.text, cell.unit, notation)) for cell, marked in split]
    asked = ((text, cell.indicator.column) for cell, _, text, _ in complete)
    read = read_printed({(text, column.meaning.unit, column.dtype.kind) for text, column in asked}, notation)
    figures, refusals = [], []
    for cell, marked, text, is_bare in complete:
        column = cell.indicator.column
        reading = read[text, column.meaning.unit, column.dtype.kind]
        message = problem_of(text, column, reading, cell.unit)
        if message is None and is_bare:
            message = doubt_of(text, column, reading, cell.unit, cell.indicator.last)
        if message is None:
            figures.append(TakenFigure(cell, text or (marked.mark.replace(" ", "") if marked else ""), reading, marked))
        else:
            refusals.append(Refusal(cell.place, message))
    return figures, refusals


def without_empty_rows(taken: Sequence[TakenFigure], remarks: list[Text]) -> list[TakenFigure]:
    """Leave out the rows in which nothing stands but marks that there is nothing, and remark on these."""
    filled = {each.row for each in taken if each.marked is None or each.is_figure or each.marked.status != NOTHING}
    remarks += [not_printed(each.place, each.published) for each in taken if each.row not in filled]
    return [each for each in taken if each.row in filled]


def _known(project: Project, form: FilledForm) -> list[Indicator]:
    domains = [each for each in form.heading.sheets if each in project.catalogue.domains]
    return indicators(project, form.heading.area, form.heading.period, domains, every=True) if domains else []


def _lacking(
    form: FilledForm,
    known: Mapping[tuple[str, tuple[str, ...]], Indicator],
    figures: Sequence[TakenFigure],
    refused: set[SheetPlace],
) -> list[Refusal]:
    """Refuse the blank cells of rows that must have a figure there."""
    begun = {each.indicator.row: each for each in figures}
    there = {(each.indicator.row, each.indicator.column.name) for each in figures}
    found = []
    for each in known.values():
        first = begun.get(each.row)
        place = form.places.get((each.address, (each.area, *each.categories)))
        if first is None or place is None or each.column.optional or (each.row, each.column.name) in there or place in refused:
            continue
        meaning = each.column.meaning
        en = f"{meaning.en} is blank, and a row of {each.entry.address} must have it; {first.place} has {first.published}"
        zh = f"{meaning.zh}未填，而 {each.entry.address} 的行不能没有此数；{first.place} 填有 {first.published}"
        found.append(Refusal(place, Text(en, zh)))
    return found
