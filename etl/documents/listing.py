"""Numbers of a document with their places, as text, CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields

from etl.documents.document import Document, Place
from etl.documents.extract import Found
from etl.escape import escape_json
from etl.formula_text import safe_text
from schemas.texts import Text

COLUMNS = (*(field.name for field in fields(Found)), *(field.name for field in fields(Place)))
NUMBERS = frozenset(("ordinal", "offset", *(field.name for field in fields(Place))))
"""Columns that hold integers."""


@dataclass(frozen=True)
class Listing:
    """The numbers of a document, figures and others, in its order."""

    document: Document
    found: Sequence[Found]

    def rows(self) -> Iterator[dict[str, str | int | None]]:
        """Yield one row a number: what it is, and where it stands."""
        for each in self.found:
            yield {**asdict(each), **asdict(self.document.place(each.offset))}


def where(document: Document, found: Found) -> str:
    """Say where a number stands: line and column of a text; page, table, row and column, or section, of other forms."""
    place = document.place(found.offset)
    if document.form in ("text", "markdown"):
        return f"{document.name}:{place.line}:{place.column}"
    named = (("page", place.page), ("table", place.table if place.row else None), ("row", place.row), ("column", place.cell))
    said = [f"{word} {number}" for word, number in named if number]
    return f"{document.name}:{', '.join(said) or f'section {found.section}'}"


def as_text(listing: Listing) -> str:
    """List the figures, one a line, and the unclear numbers with the reason."""

    def place_of(found: Found) -> str:
        return where(listing.document, found)

    lines = [f"{place_of(each)}: {_shown(each)}" for each in listing.found if not each.reason]
    return "".join(f"{line}\n" for line in (*lines, *(remark.en for remark in remarks(listing.found, place_of))))


def remarks(found: Sequence[Found], place_of: Callable[[Found], str]) -> Iterator[Text]:
    """Say how many numbers are unclear or have an unknown unit, and which."""
    unknown = [each for each in found if not each.is_unit_known and not each.reason]
    if unknown:
        units = ", ".join(dict.fromkeys(each.unit for each in unknown))
        yield Text(
            f"{len(unknown)} in a unit that schemas/codes/units.csv does not list: {units}",
            f"{len(unknown)} 个的单位不在 schemas/codes/units.csv 中：{units}",
        )
    unclear = [each for each in found if each.is_unclear]
    if unclear:
        yield Text(
            f"{len(unclear)} unclear: enter each as it is printed, or leave it out",
            f"{len(unclear)} 个不明确：请照原文录入，或不予录入",
        )
        listed = (f"  {place_of(each)}: {each.published} ({each.reason.removeprefix('unclear: ')})" for each in unclear)
        yield from (Text(line, line) for line in listed)


def as_csv(listing: Listing) -> str:
    """List all numbers as CSV, the reason beside each that is no figure, and an apostrophe before what is a formula."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in listing.rows():
        writer.writerow({name: safe_text(cell) if isinstance(cell, str) else cell for name, cell in row.items()})
    return out.getvalue()


def as_json(listing: Listing) -> str:
    """List all numbers as JSON, the reason beside each that is no figure."""
    return escape_json(json.dumps(list(listing.rows()), ensure_ascii=False, indent=2)) + "\n"


def _shown(found: Found) -> str:
    is_of_header = found.unit and found.unit not in found.published.replace("％", "%")
    return f"{found.published} ({found.unit})" if is_of_header else found.published
