"""The texts of footnotes: `raw/notes.csv` says what ①, * or 1) stands for, by table and document."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping

from etl.files import listed
from etl.findings import Finding, make_finding
from etl.project import NOTES, Project
from etl.tables.parse import IS_MARK, ParsedTable
from schemas import builtin_rules
from schemas.texts import Text
from schemas.vintages import ROW

NOTE_COLUMNS = ("table", "source", "mark", "note")
Footnotes = Mapping[tuple[str, str, str], str]
"""The texts by table, document and mark; those of an empty document are of every document of the table."""


def footnotes(project: Project) -> Footnotes:
    """Read the texts of a project's footnotes; none where it has no such file.

    Raises:
        ProjectError: the file cannot be read, or names a table or document that there is not; names the line.
    """
    path = project.notes_file
    if not os.path.lexists(path):
        return {}
    sources = {"", *project.sources}
    unlisted = Text(
        "is not listed in raw/sources.csv; blank: every document of the table",
        "不在 raw/sources.csv 中；适用于该表的所有文件则留空",
    )
    rows = listed(
        path,
        NOTE_COLUMNS,
        project.root,
        (
            lambda each: each.unknown("table", project.catalogue.addresses, Text("is no table", "不是表")),
            lambda each: each.unknown("source", sources, unlisted),
            lambda each: each.blank("mark", "note"),
            lambda each: each.repeated("table", "source", "mark"),
        ),
    )
    return {(row["table"], row["source"], row["mark"]): row["note"] for row in rows.records()}


def note_of(texts: Footnotes, table: str, source: str, marks: str) -> str | None:
    """Return the texts of the marks of a cell, joined; None where none of them has one."""
    found = [texts.get((table, source, mark)) or texts.get((table, "", mark)) for mark in marks.split()]
    return "; ".join(text for text in found if text) or None


def check_footnotes(tables: Iterable[ParsedTable], texts: Footnotes) -> Iterator[Finding]:
    """Yield one finding for each footnote of a document in a table that has no text."""
    for table in tables:
        marked = table.cells.get_column("mark").is_not_null()
        if not marked.any():
            continue
        marks, seen = table.raw.entry.catalogue.notation.marks, set()
        names = (ROW, "column", "mark", "source", "row_key", IS_MARK)
        for row, column, mark, source, key, is_mark in (
            table.cells.filter(marked).sort(ROW, maintain_order=True).select(names).iter_rows()
        ):
            for each in mark.split()[is_mark:]:
                if (source, each) in seen or not marks.is_footnote(each) or note_of(texts, table.address, source or "", each):
                    continue
                seen.add((source, each))
                en = f"{each} has no text; enter it in raw/{NOTES}: {table.address},{source or ''},{each},…"
                message = Text(en, f"{each} 没有注释文字；请在 raw/{NOTES} 中登记：{table.address},{source or ''},{each},…")
                place = table.raw.place(row, column)
                yield make_finding(
                    builtin_rules.FOOTNOTE_HAS_A_TEXT, table.address, place, message, row=row, row_key=key, column=column
                )
