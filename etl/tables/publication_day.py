"""Check that documents are published already: a date in the future is a misprint, and nothing could be held against it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from etl.errors import ProjectError
from etl.findings import Finding, Place, make_finding
from etl.input_snapshot import EPOCH
from etl.source_list import SourceList, SourceRecord
from schemas import builtin_rules
from schemas.texts import Text

_ANOTHER_ZONE = timedelta(days=1)
"""By how much the day of a document may be ahead of that in UTC."""


def check_publication(sources: SourceList, file: str, today: date) -> Iterator[Finding]:
    """Yield the findings of documents that are dated after today, or report on a period after it; `file` is their list."""
    last = last_day(today)
    for source in sources.by_id.values():
        first = _first_day(source)
        if first is None or first <= last:
            continue
        column = "published_on" if source.published_on else "period"
        value = getattr(source, column)
        en = f"{source.id} cannot be published yet: {column} is {value}, and today is {last - _ANOTHER_ZONE}; correct {column}"
        zh = f"{source.id} 尚不可能发布：{column} 为 {value}，而今天是 {last - _ANOTHER_ZONE}；请更正 {column}"
        yield make_finding(builtin_rules.DOCUMENT_IS_PUBLISHED, "", Place(file, *sources.place(source.id, column)), Text(en, zh))


def judged_alike_until(sources: SourceList, today: date) -> str:
    """Return the last day on which the same documents are dated in the future; empty for no limit."""
    last = last_day(today)
    days = (first for source in sources.by_id.values() if (first := _first_day(source)) is not None and first > last)
    first_to_come = None if os.environ.get(EPOCH) else min(days, default=None)
    return "" if first_to_come is None else str(first_to_come - _ANOTHER_ZONE - timedelta(days=1))


def last_day(today: date) -> date:
    """Return the last day on which a document can be dated.

    Raises:
        ProjectError: the environment names no day.
    """
    epoch = os.environ.get(EPOCH)
    if not epoch:
        return today + _ANOTHER_ZONE
    try:
        return datetime.fromtimestamp(int(epoch), UTC).date() + _ANOTHER_ZONE
    except (ValueError, OverflowError, OSError):
        raise ProjectError(
            f"{EPOCH} is {epoch!r}; it is a number of seconds since 1970-01-01.",
            f"{EPOCH} 为“{epoch}”；应为 1970-01-01 以来的秒数。",
        ) from None


def _first_day(source: SourceRecord) -> date | None:
    """Return the first day on which a document can be published; None where anything is possible.

    A document may come out in the last month of its period, and a return before.
    """
    if source.published_on:
        return date.fromisoformat(source.published_on)
    if source.is_return or not source.period:
        return None
    from etl.tables.provenance import period_ends

    end = period_ends([source]).get(source.id)
    return None if end is None else date((end - 1) // 12, (end - 1) % 12 + 1, 1)
