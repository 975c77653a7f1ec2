"""Judge the figures of a filled-in form, each by itself: whether it can be read, and is in the unit of its line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from etl.figures.reading import FigureReading, read_printed
from etl.findings import Text
from etl.project import Project
from etl.returns.figure_text import NOT_PRINTED, completed, doubt_of, problem_of
from etl.returns.indicators import Indicator, indicators
from etl.returns.read_form import FilledForm, FormEntry, Refusal, SheetPlace


@dataclass(frozen=True, slots=True)
class TakenFigure:
    """A figure that was taken.

    Attributes:
        place: its cell in the form.
        indicator: what it is of.
        published: with its unit.
        reading: what it says.
    """

    place: SheetPlace
    indicator: Indicator
    published: str
    reading: FigureReading


def judge(project: Project, form: FilledForm) -> tuple[list[TakenFigure], list[Refusal], list[Text]]:
    """Judge the figures of a form: those that fit, and why the others do not."""
    heading, refusals, remarks = form.heading, list(form.refusals), list(form.remarks)
    known = {(each.address, (each.area, *each.categories)): each for each in _known(project, form)}
    filled: list[tuple[FormEntry, Indicator, str, bool]] = []
    for entry in form.entries:
        indicator = known.get((entry.address, entry.row))
        if indicator is None:
            en = f"this project has no row {':'.join(entry.row)} of {entry.address} for {heading.period}"
            refusals.append(Refusal(entry.place, Text(en, f"本项目没有 {entry.address} 的行 {':'.join(entry.row)}")))
        elif entry.text in NOT_PRINTED:
            remarks.append(
                Text(f"{entry.place}: {entry.text!r} is read as no figure", f"{entry.place}：“{entry.text}”视为没有数字")
            )
        else:
            filled.append((entry, indicator, *completed(entry.text, entry.unit, project.catalogue.notation)))
    keys = {(text, each.column.meaning.unit, each.column.dtype.kind) for _, each, text, _ in filled}
    read = read_printed(keys, project.catalogue.notation)
    figures = []
    for entry, each, text, is_bare in filled:
        reading = read[text, each.column.meaning.unit, each.column.dtype.kind]
        message = problem_of(text, each.column, reading, entry.unit)
        if message is None and is_bare:
            message = doubt_of(text, each.column, reading, entry.unit, each.last)
        if message is None:
            figures.append(TakenFigure(entry.place, each, text, reading))
        else:
            refusals.append(Refusal(entry.place, message))
    refusals += _lacking(form, known, figures, {each.place for each in refusals})
    return figures, refusals, remarks


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
