"""Read `raw/sources.csv`, the documents that figures are from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from etl.files import listed, too_many
from schemas.code_lists import CodeLists
from schemas.financial_years import span_of
from schemas.hand_edited import Fault, HandEditedList, cited, is_day, one_of
from schemas.project_code_lists import AREAS
from schemas.texts import Text

SOURCES = "sources.csv"
SOURCE_COLUMNS = ("source", "title", "publisher", "published_on", "url", "area", "period", "kind", "sha256", "length")
RETURN = "return"
"""Kind of a document that a department handed in."""

KINDS = ("bulletin", "compilation", RETURN)
"""Kinds of documents: read from its text by `etl extract`, put together from reports, or handed in."""

LEDGERS = ("left_out", "taken", "links", "phrases")
"""What stands between the id of a document and `.csv` in the names of its files beside the ledger."""

MOST_BYTES_OF_AN_ID = 200
"""An id and the longest ending of the files named by it are at most the 255 bytes of a file name."""

_URL = re.compile(r"https?://[^\s<>\"]+")
_SHA256, _LENGTH = re.compile("[0-9a-f]{64}"), re.compile("[0-9]{1,12}")
_NOT_IN_AN_ID = re.compile(r'[\0-\x1f/\\:*?"<>|]')
_DAY = Text("is no date such as 2026-12-31; blank: not known", "应为日期，如 2026-12-31；不知道则留空")
_ADDRESS = Text("is no address such as https://example.org/report", "应为网址，如 https://example.org/report")
_PERIOD = Text(
    "is not a period such as 2025, 2024-H1, 2024/25 or 2021-07/2024-06", "应为时期，如 2025、2024-H1、2024/25 或 2021-07/2024-06"
)
_ID = Text(
    'is no id: files are named by it, so it has no / \\ : * ? " < > |, and no dot or space at its ends',
    '不能用作标识：文件以其命名，不得含 / \\ : * ? " < > |，首尾不得为点或空格',
)


@dataclass(frozen=True)
class SourceRecord:
    """A document that figures are from, as `raw/sources.csv` lists it."""

    id: str
    title: str
    publisher: str
    published_on: str
    url: str
    area: str
    period: str
    kind: str
    sha256: str
    length: str

    @property
    def is_return(self) -> bool:
        """Whether a department handed it in; its figures are provisional until a document prints them."""
        return self.kind == RETURN


@dataclass(frozen=True, eq=False)
class SourceList:
    """The documents of a project.

    Attributes:
        by_id: the documents, in the order of the list.
        listed: the list as it was read.
    """

    by_id: dict[str, SourceRecord]
    listed: HandEditedList

    def place(self, source: str, column: str) -> tuple[int, int]:
        """Locate what the list says of a document: line and column."""
        return self.listed.place([*self.by_id].index(source), column)


def read_sources(path: Path, root: Path, lists: CodeLists) -> SourceList:
    """Read the list of documents.

    Args:
        path: of the list.
        root: the project.
        lists: the code lists, of which one has the areas.

    Raises:
        ProjectError: it cannot be read, or describes a document as none is; names the places.
    """
    found = listed(
        path,
        SOURCE_COLUMNS,
        root,
        (
            too_many,
            _unusable_ids,
            HandEditedList.invisible,
            lambda each: each.repeated("source", fold=True),
            lambda each: each.wrong("published_on", _is_publication_day, _DAY),
            lambda each: each.wrong("url", _URL.fullmatch, _ADDRESS),
            lambda each: _unknown_areas(each, lists),
            lambda each: _malformed_periods(each, lists),
            lambda each: each.unknown("kind", ("", *KINDS), one_of(KINDS)),
            lambda each: each.wrong(
                "sha256", _SHA256.fullmatch, Text("is no SHA-256: 64 digits of 0-9 and a-f", "应为 SHA-256：64 位 0-9 与 a-f")
            ),
            lambda each: each.wrong("length", _LENGTH.fullmatch, Text("is no number of characters", "应为字符数")),
        ),
    )
    at = SOURCE_COLUMNS.index("period")
    records = (SourceRecord(*row) for row in found.rows)
    spans = {row[at]: span_of(row[at], lists.financial_years) for row in found.rows if row[at]}
    return SourceList({each.id: replace(each, period=spans.get(each.period) or each.period) for each in records}, found)


def _is_publication_day(text: str) -> bool:
    return is_day(text) and "1800" <= text[:4] <= "2199"


def _unusable_ids(found: HandEditedList) -> Iterator[Fault]:
    """Yield the ids that are no name of a file, or that of another document's file."""
    for number, (source, *_) in enumerate(found.rows):
        if not source:
            why = Text("is blank; a document is known by its id", "为空；每份文件须有标识")
        elif _NOT_IN_AN_ID.search(source) or source != source.strip() or source[0] == "." or source[-1] == ".":
            why = _ID
        elif source.rpartition(".")[2] in LEDGERS:
            ending = source.rpartition(".")[2]
            why = Text(
                f"is no id: a file of another document is named so; do without .{ending}",
                f"不能用作标识：另一份文件的附属文件以此命名；请去掉 .{ending}",
            )
        elif len(source.encode()) > MOST_BYTES_OF_AN_ID:
            most = MOST_BYTES_OF_AN_ID
            why = Text(f"is longer than the {most} bytes that an id may have", f"超过标识的上限 {most} 字节")
        else:
            continue
        yield number, "source", cited("source", source, why)


def _unknown_areas(found: HandEditedList, lists: CodeLists) -> Iterator[Fault]:
    by_name = lists.code_of_name(AREAS)
    unlisted = Text("is not listed in schemas/codes/areas.csv", "不在 schemas/codes/areas.csv 中")
    for number, column, message in found.unknown("area", {"", *lists.by_code(AREAS)}, unlisted):
        name = found.rows[number][found.columns.index("area")]
        if name in by_name:
            code = by_name[name]
            message = cited("area", name, Text(f"is a name; write its code, {code}", f"是名称；请填写代码 {code}"))
        yield number, column, message


def _malformed_periods(found: HandEditedList, lists: CodeLists) -> Iterator[Fault]:
    import polars as pl  # which a run that finds nothing changed does not need

    from schemas.periods import span

    cells = [row[found.columns.index("period")] for row in found.rows]
    texts = [text for text in cells if not span_of(text, lists.financial_years)]
    starts = pl.DataFrame({"period": texts}, schema={"period": pl.String}).select(span(pl.col("period")).struct.field("start"))
    wrong = {text for text, start in zip(texts, starts.to_series(), strict=True) if start is None}
    return found.wrong("period", lambda text: text not in wrong, _PERIOD)
