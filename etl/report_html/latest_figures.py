"""List the figures of the area with which the page opens, for readers without JavaScript."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import polars as pl

from etl.escape import visible
from etl.report_html.formatting import printed_in_english
from etl.tables.provisional import PROVISIONAL
from schemas.code_lists import CodeLists
from schemas.texts import Text

MOST_PERIODS = 4
Row = dict[str, Any]


@dataclass(frozen=True)
class Indicator:
    """The last figures of an indicator, each with its period, the latest first.

    Attributes:
        key: address and codes of its categories.
        name: of the indicator.
        category: its category, if its table has any.
        figures: period and text of each figure.
    """

    key: tuple[str, str]
    name: Text
    category: Text
    figures: list[tuple[str, Text]]


@dataclass(frozen=True)
class Domain:
    """A domain and its indicators by table."""

    name: str
    title: Text
    tables: list[tuple[Text, list[Indicator]]]


def latest_figures(here: pl.DataFrame, lists: CodeLists) -> list[Domain]:
    """List the latest figures of an area by domain, table and indicator, in the order of the catalogue."""
    rows = here.to_dicts()
    return [
        Domain(name, Text(en, zh), [_table(list(of_table), lists) for _, of_table in groupby(of_domain, _table_of)])
        for (name, en, zh), of_domain in groupby(rows, lambda row: (row["domain"], row["domain_en"], row["domain_zh"]))
    ]


def _table_of(row: Row) -> str:
    return str(row["table_name"])


def _table(rows: list[Row], lists: CodeLists) -> tuple[Text, list[Indicator]]:
    indicators = []
    for key, members in groupby(rows, lambda row: (row["address"], row["categories"])):
        of_indicator = list(members)
        last = of_indicator[-1]
        figures = [(row["period"], _shown(row, lists)) for row in reversed(of_indicator[-MOST_PERIODS:])]
        english = last["indicator_en"][:1].upper() + last["indicator_en"][1:]
        category = Text(last["categories_en"] or "", last["categories_zh"] or "")
        indicators.append(Indicator(key, Text(english, last["indicator_zh"]), category, figures))
    return Text(rows[0]["table_en"], rows[0]["table_zh"]), indicators


def _shown(row: Row, lists: CodeLists) -> Text:
    """Return a figure as the page shows it, with its mark."""
    mark = visible((row["mark"] or "").replace(" ", "")) or (PROVISIONAL if row["is_provisional"] else "")
    printed = visible(row["published"])
    if row["value"] is None:
        return Text(printed, printed)
    english = printed_in_english(row["value"], row["low"], row["high"], row["unit"], row["hedge"], lists)
    return Text(english + mark, printed + mark)


def headlines_of(domains: Sequence[Domain], keys: Sequence[tuple[str, str]]) -> list[Indicator]:
    """Select the headline indicators, in the order of their keys."""
    known = {each.key: each for domain in domains for _, indicators in domain.tables for each in indicators}
    return [known[key] for key in keys if key in known]
