"""Phrases: of each figure of a confirmed document the few words around it, and the cell that it went to.

A phrase is terms and no sentence: a heading of at most 12 characters, 12 before the figure and 6 after it. From next year's
document the same figures are recognised by them (`raw/sources/ID.phrases.csv`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from etl.catalogue import Catalogue
from etl.documents.citations import LEFT_OUT_COLUMNS, TAKEN_COLUMNS
from etl.errors import ProjectError
from etl.files import Check, listed
from etl.intake.contexts import Context
from etl.intake.targets import BEFORE, ENCLOSING, OWN, THIS, TO_DATE, Target, is_cell, target_of
from etl.project import Project, SourceRecord, records
from schemas.hand_edited import Fault, HandEditedList, cited
from schemas.texts import Text

PHRASE_COLUMNS = ("section", "ordinal", "heading", "before", "after", "unit", "table", "row_key", "column", "reason")
LONGEST_HEADING, LONGEST_BEFORE, LONGEST_AFTER = 12, 12, 6

_ENDING = ".phrases.csv"
_YEAR = re.compile("[0-9]{4}")


@dataclass(frozen=True, slots=True)
class Phrase:
    """The words around a figure of a confirmed document.

    Attributes:
        section, ordinal: its place in the ledger of that document.
        headings: of its section.
        before, after: the words beside it, other figures as `#`, years and dates as `@`.
        unit: as printed.
        target: its cell; None where it was left out.
        reason: why it was left out; empty where it has a cell.
    """

    section: str
    ordinal: str
    headings: tuple[str, ...]
    before: str
    after: str
    unit: str
    target: Target | None
    reason: str = ""


def phrases_file(project: Project, source: str) -> Path:
    """Return the path of a document's phrases."""
    return project.root / "raw" / "sources" / f"{source}{_ENDING}"


def has_phrases(project: Project, source: str) -> bool:
    """Whether a document has phrases, be they in a file that can be read or not."""
    return os.path.lexists(phrases_file(project, source))


def read_phrases(path: Path, root: Path | None = None) -> list[Phrase]:
    """Read the phrases of a document; `root` is the project, out of which no link may lead.

    Raises:
        ProjectError: the file is not such a table; names the places.
    """
    return [
        Phrase(
            row["section"],
            row["ordinal"],
            tuple(filter(None, (row["heading"],))),
            row["before"],
            row["after"],
            row["unit"],
            target_of(row["table"], row["row_key"], row["column"]) if row["table"] else None,
            row["reason"],
        )
        for row in listed(path, PHRASE_COLUMNS, root, _CHECKS).records()
    ]


def _no_targets(found: HandEditedList) -> Iterator[Fault]:
    """Yield the rows that name part of a cell, or neither a cell nor a reason."""
    for number, row in enumerate(found.records()):
        cell = (row["table"], row["row_key"], row["column"])
        if any(cell) and not all(cell):
            blank = next(name for name in ("table", "row_key", "column") if not row[name])
            yield (
                number,
                blank,
                Text(
                    f"{blank} is blank; a cell has a table, a row_key and a column",
                    f"{blank} 为空；单元格须写明 table、row_key 与 column",
                ),
            )
        elif all(cell) and ":" not in row["row_key"]:
            form = Text("is none such as own:this or own:this:all", "应如 own:this 或 own:this:all")
            yield number, "row_key", cited("row_key", row["row_key"], form)
        elif not any(cell) and not row["reason"].strip():
            en = "reason is blank; say why no table takes the figure, or name its cell"
            yield number, "reason", Text(en, "reason 为空；请写明为何没有表收录该数字，或写明其单元格")


_CHECKS: Sequence[Check] = (lambda each: each.repeated("section", "ordinal"), _no_targets)


def phrases_elsewhere(path: str, catalogue: Catalogue) -> dict[str, list[Phrase]]:
    """Read the phrases of another project by source: of one document, or of all in a folder; those of cells that are here, too.

    Args:
        path: of a file `ID.phrases.csv`, of the project, or of its `raw/sources`.
        catalogue: of this project.

    Raises:
        ProjectError: there are no phrases, or a file is no table of them.
    """
    place = Path(path)
    folders = (place, place / "raw" / "sources")
    files = [place] if place.is_file() else sorted(each for folder in folders for each in folder.glob(f"*{_ENDING}"))
    if not files:
        raise ProjectError(
            f"{path} has no phrases (raw/sources/ID{_ENDING}), which `etl fill DOCUMENT --apply` makes.",
            f"{path} 没有短语清单（raw/sources/标识{_ENDING}）；`etl fill 文件 --apply` 会生成。",
        )
    return {
        each.name.removesuffix(_ENDING): [
            one for one in read_phrases(each) if one.target is None or is_cell(one.target, catalogue)
        ]
        for each in files
    }


def phrase_row(phrase: Phrase) -> tuple[str, ...]:
    """Return a phrase as a row of its file, cut to the lengths that a phrase may have."""
    target = phrase.target
    cell = (target.table, target.row_key, target.column) if target else ("", "", "")
    heading = phrase.headings[-1][:LONGEST_HEADING] if phrase.headings else ""
    words = (heading, phrase.before[-LONGEST_BEFORE:], phrase.after[:LONGEST_AFTER])
    return (phrase.section, phrase.ordinal, *words, phrase.unit, *cell, phrase.reason)


def phrases_of(
    found: Iterable[Context], cells: Mapping[tuple[str, str], tuple[str, str, str]], left_out: Mapping[tuple[str, str], str],
    record: SourceRecord, parents: Mapping[str, str | None],
) -> list[Phrase]:  # fmt: skip
    """Make phrases of a document's figures that have a cell or a reason; `cells` are table, row key and column by place."""
    made = []
    for each in found:
        place = (each.found.section, str(each.found.ordinal))
        target = general_target(*cells[place], record, parents) if place in cells else None
        if target or place in left_out:
            made.append(Phrase(*place, each.headings, each.before, each.after, each.found.unit, target, left_out.get(place, "")))
    return made


def confirmed_places(
    project: Project, source: str
) -> tuple[dict[tuple[str, str], tuple[str, str, str]], dict[tuple[str, str], str]]:
    """Read which cell each figure of a document went to, and why figures were left out by a person."""
    taken, left_out = project.taken(source), project.left_out(source)
    cells = {
        (row["section"], row["ordinal"]): (row["table"], row["row_key"], row["column"])
        for row in (records(taken, TAKEN_COLUMNS, project.root) if os.path.lexists(taken) else [])
    }
    reasons = {
        (row["section"], row["ordinal"]): row["reason"]
        for row in (records(left_out, LEFT_OUT_COLUMNS, project.root) if os.path.lexists(left_out) else [])
        if row["ordinal"]
    }
    return cells, reasons


def general_target(table: str, row_key: str, column: str, record: SourceRecord, parents: Mapping[str, str | None]) -> Target:
    """Return a cell as it would be of any document: its area and period relative to those of the document."""
    area, period, *categories = row_key.split(":")[:-1]
    if area == record.area:
        area = OWN
    elif area == parents.get(record.area):
        area = ENCLOSING
    return Target(table, column, tuple(categories), area, _general_period(period, record.period))


def _general_period(period: str, own: str) -> str:
    if period == own:
        return THIS
    if _YEAR.fullmatch(period) and _YEAR.fullmatch(own) and period < own:
        return BEFORE
    if "/" in period and period.endswith((f"/{own}", f"/{own}-12")):
        return TO_DATE
    return period
