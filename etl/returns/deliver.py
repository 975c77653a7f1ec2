"""Deliver a return: write its rows, ledger and links into `raw/`, if its figures fit what is there."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from etl.column_titles import ColumnTitles, column_titles, untitled
from etl.documents.citations import CellAddress
from etl.errors import ProjectError, cannot_be_opened
from etl.findings import Finding
from etl.project import Project, SourceRecord
from etl.publishing.raw_folder import staged_raw
from etl.registration.corrections import corrections
from etl.registration.documents import Line, Registration
from etl.registration.rows import REVISED, Row, row_key, table_with
from etl.returns.figure_text import printed_unit
from etl.returns.judge import TakenFigure
from etl.returns.read_form import Refusal, SheetPlace
from etl.returns.verify import new_errors
from schemas.texts import Text
from schemas.vintages import revision_column

_SOURCE = re.compile("[A-Za-z0-9][A-Za-z0-9-]*")


class ReturnRefusedError(ProjectError):
    """A return that does not fit: the cells, or the findings that it would make."""

    exit_code = 1

    def __init__(
        self, file: Path, refusals: Sequence[Refusal], findings: Sequence[Finding] = (), titles: ColumnTitles = untitled
    ) -> None:
        super().__init__(f"{file} is refused. Nothing was written.", f"{file} 未予接收。未写入任何内容。")
        self.file, self.refusals, self.findings, self.titles = file, sorted(refusals), findings, titles


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A figure of a document that no table takes: its place, and why."""

    section: str
    ordinal: int
    published: str
    reason: str


@dataclass
class Taken:
    """What a return brought.

    Attributes:
        source: the document that it was registered as.
        area: code of its area.
        figures: the figures.
        left_out: figures of it that no table takes, with the reason.
        revised: the places whose figures correct what was printed before, with what that was.
        remarks: what was read otherwise than it stands, or not at all.
        files: the files that were written.
        findings: errors that it makes, where it was taken nonetheless.
    """

    source: SourceRecord
    area: str
    figures: list[TakenFigure]
    left_out: list[LeftOut] = field(default_factory=list)
    revised: dict[SheetPlace, str] = field(default_factory=dict)
    remarks: list[Text] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def rows(self) -> dict[tuple[str, str, str, tuple[str, ...]], list[TakenFigure]]:
        """The figures by the row that takes them."""
        found: dict[tuple[str, str, str, tuple[str, ...]], list[TakenFigure]] = {}
        for each in self.figures:
            found.setdefault(each.row, []).append(each)
        return found


@dataclass(frozen=True, slots=True)
class TakeOptions:
    """How a return is taken.

    Attributes:
        source: id of the document; empty for the next free one.
        received: the day on which it came.
        period: that it must be of; empty for any that no bulletin covers yet.
        revise: whether it may correct what was printed before.
        despite_findings: whether it is taken though it breaks rules.
        dry_run: whether nothing is written.
    """

    source: str
    received: date
    period: str = ""
    revise: bool = False
    despite_findings: bool = False
    dry_run: bool = False


def new_content(project: Project, file: Path) -> tuple[bytes, str]:
    """Read a file that was handed in: its content and its SHA-256.

    Raises:
        ProjectError: it cannot be read, or was taken before.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ProjectError(cannot_be_opened(file, error)) from None
    sha256 = hashlib.sha256(content).hexdigest()
    for listed in project.sources.values():
        if listed.sha256 == sha256:
            raise ProjectError(
                f"{file} was taken already, as {listed.id}. Nothing was written.",
                f"{file} 已接收，编号为 {listed.id}。未写入任何内容。",
            )
    return content, sha256


def source_id(project: Project, period: str, stated: str) -> str:
    """Return the id of a new document: the stated one, or the next free one of its period.

    Raises:
        ProjectError: the stated one is taken, or malformed.
    """
    if stated and not _SOURCE.fullmatch(stated):
        raise ProjectError(
            f"{stated!r} is no id of a document: letters, digits and hyphens.",
            f"“{stated}”不能用作文件标识，应由字母、数字和连字符组成。",
        )
    if stated and (stated in project.sources or project.ledger(stated).exists()):
        raise ProjectError(
            f"A document {stated} is in raw/sources.csv already. State another with --source.",
            f"raw/sources.csv 中已有文件 {stated}。请用 --source 另行命名。",
        )
    number = 1
    while not stated and (_numbered(period, number) in project.sources or project.ledger(_numbered(period, number)).exists()):
        number += 1
    return stated or _numbered(period, number)


def _numbered(period: str, number: int) -> str:
    return f"return-{period.lower().replace('/', '-')}-{number}"


def deliver(project: Project, file: Path, taken: Taken, options: TakeOptions) -> None:
    """Write a return into `raw/`, if the figures fit what is there.

    Raises:
        ReturnRefusedError: they do not.
    """
    with staged_raw(project.root) as staged:
        if taken.source.id in Project(project.root).sources:
            raise ProjectError(
                f"{taken.source.id} was taken meanwhile. Nothing was written; run again.",
                f"{taken.source.id} 在此期间已被接收。未写入任何内容；请重新运行。",
            )
        files = _files(project, taken, revised=())
        staged.write(files)
        candidate = Project(staged.root, given_catalogue=project.catalogue)
        printed = [each for each in taken.figures if each.is_figure]
        places = {_cell(each, taken): each.place for each in printed}
        found = corrections(candidate, taken.source.id)
        if found:
            taken.revised = {places[cell]: before for cell, before in found.items()}
            if not options.revise:
                raise ReturnRefusedError(file, [_correction(place, before) for place, before in taken.revised.items()])
            files = _files(project, taken, revised={(table, key) for table, key, _ in found})
            staged.write(files)
        errors = new_errors(project, candidate, options.received, places)
        taken.findings = [finding for finding, _ in errors]
        if errors and not options.despite_findings:
            refusals = [_broken(finding, at) for finding, at in errors if at]
            others = [finding for finding, at in errors if not at]
            raise ReturnRefusedError(file, refusals, others, column_titles(project.catalogue))
        taken.files = list(files)
        if not options.dry_run:
            staged.publish()


def _correction(place: SheetPlace, before: str) -> Refusal:
    en = f"{before} was printed before; if this corrects it, take the form with --revise"
    return Refusal(place, Text(en, f"此前载为 {before}；如系更正，请加 --revise"))


def _broken(finding: Finding, places: Sequence[SheetPlace]) -> Refusal:
    first, *others = places
    also = ", ".join(map(str, others))
    message = finding.message
    return Refusal(first, Text(f"{message.en} [with {also}]", f"{message.zh}［另见 {also}］") if also else message)


def _cell(each: TakenFigure, taken: Taken) -> CellAddress:
    """Return the cell of a table that takes a figure."""
    entry = each.indicator.entry
    return entry.address, row_key(entry, _row(taken, [each], is_revised=False)), each.indicator.column.name


def _row(taken: Taken, figures: Sequence[TakenFigure], *, is_revised: bool) -> Row:
    """Compose the row of a table that takes some figures."""
    indicator = figures[0].indicator
    model = indicator.entry.model
    row = {"area": indicator.area, "period": figures[0].period, "source": taken.source.id, "section": figures[0].section}
    row |= dict(zip(indicator.category_names, indicator.categories, strict=True))
    row |= {each.indicator.column.name: each.entered for each in figures}
    return row | ({revision_column(model): REVISED} if is_revised else {})


def _files(project: Project, taken: Taken, revised: Collection[tuple[str, str]]) -> dict[Path, str]:
    """Compose all files that a return changes; some rows, by table and key, are marked as revised."""
    rows: dict[str, list[Row]] = {}
    entries = {each.indicator.entry.address: each.indicator.entry for each in taken.figures}
    for (address, *_), figures in taken.rows.items():
        plain = _row(taken, figures, is_revised=False)
        is_revised = (address, row_key(entries[address], plain)) in revised
        rows.setdefault(address, []).append(_row(taken, figures, is_revised=is_revised))
    files = dict(table_with(project, entries[address], of_table) for address, of_table in rows.items())
    return files | _registration(project, taken).files(project)


def _registration(project: Project, taken: Taken) -> Registration:
    """Compose the ledger and the links of a return."""
    ledger, links, reasons = list[Line](), list[Line](), list[Line]()
    for each in (each for each in taken.figures if each.is_figure):
        place = (each.section, str(each.ordinal))
        ledger.append((*place, "", each.published, printed_unit(each.published, project.catalogue.notation), each.reading.hedge))
        links.append((*place, *_cell(each, taken)))
    for left in taken.left_out:
        ledger.append((left.section, str(left.ordinal), "", left.published, "", ""))
        reasons.append((left.section, str(left.ordinal), "", left.published, left.reason))
    return Registration(taken.source, ledger, links, reasons)
