"""Take an office's own sheet for a table that is there: what it says is bound to cells, and what it does not say is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from etl.catalogue import Entry
from etl.errors import ProjectError, UnknownNameError
from etl.gate.check import parsed_tables
from etl.project import RETURN, Project, SourceRecord
from etl.returns.bind_cells import Binder, BoundFigure, UnclearError
from etl.returns.deliver import LeftOut, ReturnRefusedError, Taken, TakeOptions, deliver, new_content, source_id
from etl.returns.indicators import indicator_at
from etl.returns.judge import FilledCell, TakenFigure, judge_cells, not_printed, without_empty_rows
from etl.returns.office_sheet import OfficeSheet, read_office_sheet
from etl.returns.read_form import Refusal
from etl.returns.table_words import TableWords
from schemas.models import Category, columns, figures, titles
from schemas.texts import Text

_COMPILATION = "compilation"
_LEFT_OUT = "left out when the sheet was taken"


@dataclass(frozen=True)
class SheetOptions:
    """What the user says of an office's sheet.

    Attributes:
        table: address of the table that takes it.
        sheet: name of the sheet; empty for the only one.
        labels: area, period and categories of all its figures.
        meanings: what its texts mean.
        units: units by columns of the table.
        is_published: whether the document is published, so that its figures are not provisional.
    """

    table: str
    sheet: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    meanings: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    is_published: bool = False


def take_sheet(project: Project, file: Path, stated: SheetOptions, options: TakeOptions) -> Taken:
    """Take an office's sheet: all of it, or nothing.

    Raises:
        ProjectError: it cannot be read, or was taken before.
        ReturnRefusedError: a figure does not fit, or what it is of is not said.
    """
    if stated.table not in project.catalogue.addresses:
        raise UnknownNameError(Text("table", "表"), stated.table, project.catalogue.addresses)
    entry = project.catalogue.entry(stated.table)
    labels = _labels(entry, stated.labels)
    content, sha256 = new_content(project, file)
    names = [stated.sheet] if stated.sheet else [entry.table, entry.model.__zh__]
    sheet = read_office_sheet(content, file, names, project.catalogue.notation)
    refusals, remarks = list(sheet.refusals), list(sheet.remarks)
    bound, unclear = _bound(Binder(TableWords(entry), sheet, labels, stated.meanings, stated.units), sheet)
    refusals += unclear
    filled, left_out = _filled(project, entry, bound, remarks)
    judged, refused = judge_cells(filled, project.catalogue.notation)
    figures_read = without_empty_rows(judged, remarks)
    refusals += [*refused, *_repeated(figures_read)]
    refusals += _lacking(entry, figures_read) if not refusals else []
    if refusals:
        raise ReturnRefusedError(file, refusals)
    if not figures_read:
        raise ProjectError(
            f"{file} has no figure for {stated.table}. Nothing was written.",
            f"{file} 没有属于 {stated.table} 的数字。未写入任何内容。",
        )
    source = _source(project, file, entry, figures_read, options)
    source = replace(source, kind=_COMPILATION if stated.is_published else RETURN, sha256=sha256)
    taken = Taken(source, source.area, figures_read, left_out, remarks=remarks)
    deliver(project, file, taken, options)
    return taken


def _labels(entry: Entry, stated: Mapping[str, str]) -> dict[str, str]:
    """Return the stated labels as codes.

    Raises:
        UnknownNameError: there is no such label column, or no such code.
    """
    known = {
        each.name: each for each in columns(entry.model) if isinstance(each.dtype, Category) or each.name in ("area", "period")
    }
    found, named = {}, {each.name: each.name for each in figures(entry.model)}
    for name, value in stated.items():
        if name == "column":
            if value not in named:
                raise UnknownNameError(Text("column", "列"), value, named)
            found[name] = value
            continue
        if name not in known:
            raise UnknownNameError(Text(f"label of {entry.address}", f"属于 {entry.address} 的分类列"), name, known)
        codes = entry.catalogue.lists.code_of_name(known[name].meaning.codes) if known[name].meaning.codes else {value: value}
        if value not in codes:
            raise UnknownNameError(Text(name, f"代码 {name} "), value, codes)
        found[name] = codes[value]
    return found


def _bound(binder: Binder, sheet: OfficeSheet) -> tuple[list[BoundFigure], list[Refusal]]:
    """Bind the figures of a sheet; one question for each that several share."""
    bound, unclear = list[BoundFigure](), dict[str, Refusal]()
    for figure in sheet.figures:
        try:
            bound.append(binder.bind(figure))
        except UnclearError as error:
            unclear.setdefault(error.message.en, Refusal(figure.place, error.message))
    return bound, list(unclear.values())


def _filled(
    project: Project, entry: Entry, bound: Sequence[BoundFigure], remarks: list[Text]
) -> tuple[list[FilledCell], list[LeftOut]]:
    """List the cells that the table takes, and the figures that are left out."""
    table = parsed_tables(project, project.catalogue.entries()).get(entry.address)
    filled, left_out = [], []
    for each in bound:
        place, text = each.figure.place, each.figure.text
        if each.column is None and project.catalogue.notation.marks.is_alone(text):
            remarks.append(not_printed(place, text))
        elif each.column is None:
            left_out.append(LeftOut(place.sheet or "0", each.figure.ordinal, text, _LEFT_OUT))
        else:
            indicator = indicator_at(table, entry, each.area, each.categories, each.column, each.period)
            filled.append(FilledCell(place, each.figure.ordinal, indicator, each.period, each.unit, text))
    return filled, left_out


def _repeated(taken: Sequence[TakenFigure]) -> list[Refusal]:
    """Refuse figures of one cell of the table."""
    first: dict[object, TakenFigure] = {}
    found = []
    for each in taken:
        before = first.setdefault((each.row, each.indicator.column.name), each)
        if before is not each:
            of = f"{each.indicator.key} {each.period}"
            en, zh = f"{of} stands in {before.place} too: {before.published}", f"{of} 另见 {before.place}：{before.published}"
            found.append(Refusal(each.place, Text(en, zh)))
    return found


def _lacking(entry: Entry, taken: Sequence[TakenFigure]) -> list[Refusal]:
    """Refuse rows without a figure that they must have."""
    rows: dict[object, list[TakenFigure]] = {}
    for each in taken:
        rows.setdefault(each.row, []).append(each)
    found = []
    for of_row in rows.values():
        there = {each.indicator.column.name for each in of_row}
        for column in figures(entry.model):
            if not column.optional and column.name not in there:
                row = f"{of_row[0].indicator.key.partition(' ')[2]} {of_row[0].period}"
                en = f"its row ({row}) lacks {column.meaning.en}, which it must have"
                found.append(Refusal(of_row[0].place, Text(en, f"其所在行（{row}）缺少{column.meaning.zh}，该列不可留空")))
    return found


def _source(project: Project, file: Path, entry: Entry, taken: Sequence[TakenFigure], options: TakeOptions) -> SourceRecord:
    """Compose the document that a sheet is."""
    period = max(each.period for each in taken)
    areas = list(dict.fromkeys(each.indicator.area for each in taken))
    parents = project.catalogue.parents
    outer = [area for area in areas if parents.get(area) not in areas]
    around = {parents.get(area) for area in outer}
    area = outer[0] if len(outer) == 1 else (around.pop() or "") if len(around) == 1 else ""
    name = source_id(project, period, options.source)
    title = f"{titles(entry.model)[0]}（{file.name}）"
    return SourceRecord(name, title, "", options.received.isoformat(), "", area, period, "", "", "")
