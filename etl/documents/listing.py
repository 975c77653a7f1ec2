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
from schemas.texts import Language, Text, joined, listed_names, same

COLUMNS = (*(field.name for field in fields(Found)), *(field.name for field in fields(Place)))
NUMBERS = frozenset(("ordinal", "offset", *(field.name for field in fields(Place))))
"""Columns that hold integers."""

_PARTS = {"page": "第{}页", "table": "表{}", "row": "第{}行", "column": "第{}列"}
_REASONS = {
    "the cell is not one number": "单元格不止一个数",
    "a character beside it cannot be read": "旁边有无法读取的字符",
}


@dataclass(frozen=True)
class Listing:
    """The numbers of a document, figures and others, in its order."""

    document: Document
    found: Sequence[Found]
    language: Language = "en"

    def rows(self) -> Iterator[dict[str, str | int | None]]:
        """Yield one row a number: what it is, and where it stands."""
        for each in self.found:
            yield {**asdict(each), **asdict(self.document.place(each.offset))}


def where(document: Document, found: Found) -> Text:
    """Say where a number stands: line and column of a text; page, table, row and column, or section, of other forms."""
    place = document.place(found.offset)
    if document.form in ("text", "markdown"):
        return same(f"{document.name}:{place.line}:{place.column}")
    numbers = (place.page, place.table if place.row else None, place.row, place.cell)
    said = [Text(f"{en} {number}", zh.format(number)) for (en, zh), number in zip(_PARTS.items(), numbers, strict=True) if number]
    section = Text(f"section {found.section}", f"第{found.section}节")
    return f"{document.name}:" + (joined(said, Text(", ", "")) if said else section)


def as_text(listing: Listing) -> str:
    """List the figures, one a line, and the unclear numbers with the reason."""

    def place_of(found: Found) -> Text:
        return where(listing.document, found)

    lines = [place_of(each) + f": {_shown(each)}" for each in listing.found if not each.reason]
    said = (*lines, *remarks(listing.found, place_of))
    return "".join(f"{line.in_language(listing.language)}\n" for line in said)


def remarks(found: Sequence[Found], place_of: Callable[[Found], Text]) -> Iterator[Text]:
    """Say how many numbers are unclear or have an unknown unit, and which."""
    unknown = [each for each in found if not each.is_unit_known and not each.reason]
    if unknown:
        units = listed_names(dict.fromkeys(each.unit for each in unknown))
        yield Text(
            f"{len(unknown)} in a unit that schemas/codes/units.csv does not list: {units.en}",
            f"{len(unknown)} 个的单位不在 schemas/codes/units.csv 中：{units.zh}",
        )
    unclear = [each for each in found if each.is_unclear]
    if unclear:
        yield Text(
            f"{len(unclear)} unclear: enter each as it is printed, or leave it out",
            f"{len(unclear)} 个不明确：请照原文录入，或不予录入",
        )
        yield from (
            "  " + place_of(each) + f": {each.published}" + _why(each.reason.removeprefix("unclear: ")) for each in unclear
        )


def _why(reason: str) -> Text:
    reason = reason.removeprefix("unclear: ")
    above = reason.removesuffix(" above it")
    zh = _REASONS.get(reason) or (f"其上为“{above}”" if above != reason else reason)
    return Text(f" ({reason})", f"（{zh}）")


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
