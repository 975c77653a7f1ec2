"""Trace places of documents: by section and rank, by line of a ledger, by line of the document, by cell of a return."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from etl.documents.extract import extract, fingerprint
from etl.documents.listing import where
from etl.documents.read import read_document
from etl.errors import ProjectError, cannot_be_read
from etl.escape import shortened
from etl.returns.read_form import read_form
from etl.tracing.raw_tables import RawTables
from schemas.texts import Text

_NOBODY = Text("no cell takes it", "没有单元格采用它")
_LEFT_OUT = Text("left out", "未录入")
_UNLISTED = Text("no document in raw/sources.csv has its SHA-256", "raw/sources.csv 中没有 SHA-256 相同的来源")
_FILLED_IN = Text("filled in", "填报")


def at_position(tables: RawTables, source: str, section: str, ordinal: str) -> Iterator[str]:
    """Tell of a figure of a document by section and rank: who takes it, or that nobody does."""
    known, position = tables.document(source), (section, ordinal)
    if known is None or position not in known.ledger:
        return
    printed, title = known.ledger[position], tables.project.sources[source].title
    yield f"{source} {section}:{ordinal}  {printed.published}  {title}"
    yield f"  {tables.project.relative(tables.project.ledger(source))}:{printed.line}"
    if position in known.taken:
        yield from tables.of_key(*known.taken[position][0])
    elif position in known.left_out:
        place = f"{tables.project.relative(tables.project.left_out(source))}:{known.left_out[position]}"
        yield f"  {_LEFT_OUT.in_language(tables.language)}: {place}"
    else:
        yield f"  {_NOBODY.in_language(tables.language)}"


def in_document(tables: RawTables, file: Path, place: str) -> Iterator[str]:
    """Tell of the figure at a place of a document, as `etl extract` and `etl proofread` print it; nothing where none is."""
    read = read_document(str(file))
    found = [each for each in extract(read, tables.project.catalogue.notation) if not each.reason]
    spot = re.fullmatch(r"([0-9]+)(?::([0-9]+))?", place)
    if spot:
        line, column = int(spot[1]), int(spot[2] or 0)
        found = [each for each in found if read.place(each.offset).line == line]
        before = [each for each in found if column and read.place(each.offset).column <= column]
        found = before[-1:] if column else found
    else:
        found = [each for each in found if f"{read.name}:{place}" in (where(read, each).en, where(read, each).zh)]
    sha256, _ = fingerprint(read.text)
    source = next((each.id for each in tables.project.sources.values() if each.sha256 == sha256), "")
    for each in found:
        told = list(at_position(tables, source, each.section, str(each.ordinal))) if source else []
        yield f"{where(read, each).in_language(tables.language)}: {each.published}  {each.section}:{each.ordinal}"
        yield from told or [f"  {(_NOBODY if source else _UNLISTED).in_language(tables.language)}"]


def in_return(tables: RawTables, file: Path, sheet: str, row: int) -> Iterator[str]:
    """Tell of a line of a form that was filled in, by the row of its cell, from 1.

    Raises:
        ProjectError: the file is no form.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ProjectError(cannot_be_read(file, error)) from None
    form = read_form(content, file)
    texts = {each.place: each.text for each in form.entries}
    for (address, codes), place in form.places.items():
        if (place.sheet, place.row + 1) == (sheet, row):
            yield f"{file}: {place}: {address}  [{':'.join((codes[0], form.heading.period, *codes[1:]))}]"
            if place in texts:
                yield f"  {_FILLED_IN.in_language(tables.language)}: {shortened(texts[place])}"
            yield from _rows_of(tables, address, form.heading.period, codes)


def _rows_of(tables: RawTables, address: str, period: str, codes: tuple[str, ...]) -> Iterator[str]:
    """Tell of the cells that hold an indicator of an area, a period and categories, whoever printed it."""
    name, _, column = address.rpartition(".")
    table = tables.table(name)
    for row, key in enumerate(table.keys if table else ()):
        if table and key.split(":")[: len(codes) + 1] == [codes[0], period, *codes[1:]]:
            yield from tables.cells(table, row, column)
