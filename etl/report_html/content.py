"""Query the contents of the report from the warehouse's views."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from etl.errors import UnknownNameError
from etl.escape import visible
from etl.report_html.charts import Mark, bars_by_year, share_bars, side_by_side
from etl.report_html.formatting import format_computed, in_chinese, in_english, printed_in_english, unit_in_english
from etl.report_html.index import Index
from etl.report_html.words import WORDS
from etl.warehouse.query import RunQuery
from schemas.code_lists import CodeLists
from schemas.texts import Text

if TYPE_CHECKING:
    from markupsafe import Markup

ViewRow = dict[str, Any]
FEWEST_YEARS, FEWEST_SHARES, MOST_SHARES = 2, 2, 6


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """A figure on the page: its number in the index, and its text per language."""

    number: int
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Level:
    """The latest value of an indicator, its change, and earlier values.

    Attributes:
        name: of the indicator.
        category: its category, if its table has any.
        figure: the latest figure.
        period: of it.
        change: on the value before; None where there is none.
        before_period: of the value before.
        before: the printed value before.
        implied: the value before that the printed growth implies.
        earlier: period and figure of all that stands before it.
    """

    name: Text
    category: Text | None
    figure: ShownFigure
    period: str
    change: Text | None
    before_period: str
    before: ShownFigure | None
    implied: Text | None
    earlier: list[tuple[str, ShownFigure]]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with title, text alternative, legend and note."""

    drawing: Markup
    title: Text
    words: Text
    legend: tuple[Text, ...] = ()
    note: Text | None = None


@dataclass(frozen=True)
class Domain:
    """A domain: its charts, and its indicators by table."""

    name: str
    title: Text
    charts: list[Chart] = field(default_factory=list)
    tables: list[tuple[Text, list[Level]]] = field(default_factory=list)


def choose_area(run_query: RunQuery, asked: str) -> tuple[str, Text]:
    """Find the area of the report, by default the one with the most figures.

    Raises:
        UnknownNameError: the warehouse has no figure of the area.
    """
    sql = "SELECT area_code, area_zh, area_en FROM report.measured GROUP BY ALL ORDER BY sum(figures) DESC, area_code"
    areas = run_query(sql, None).rows()
    found = [(code, zh or code, en or code) for code, zh, en in areas if asked in ("", code, zh, en)]
    if asked and not found:
        raise UnknownNameError(Text("area", "地区"), asked, [name for names in areas for name in names if name])
    code, zh, en = found[0] if found else ("", "", "")
    return code, Text(en, zh)


@dataclass(frozen=True)
class AreaFigures:
    """The figures of one area, by what they are of.

    Attributes:
        run_query: runs a query on the warehouse.
        area: code of the area.
        index: every figure.
        of_area: the figures of the area, each with its number.
        lists: the code lists, for the names of units.
    """

    run_query: RunQuery
    area: str
    index: Index
    of_area: list[ViewRow]
    lists: CodeLists

    def rows(self, sql: str) -> list[ViewRow]:
        """Run a query about the area."""
        return self.run_query(sql, {"area": self.area}).to_dicts()

    def levels(self) -> tuple[list[Level], dict[tuple[str, str], Level]]:
        """Query the headlines, and each indicator's level by address and categories."""
        printed: dict[tuple[str, str], list[ViewRow]] = {}
        for row in self.of_area:
            if row["is_latest"]:
                printed.setdefault((row["address"], row["categories"]), []).append(row)
        levels, headlines = {}, []
        for row in self.rows("SELECT * FROM report.levels WHERE area_code = $area"):
            key = (row["address"], row["categories"])
            levels[key] = _level(row, printed[key], self.lists)
            if row["headline"] is not None:
                headlines.append(levels[key])
        return headlines, levels

    def domains(self, levels: dict[tuple[str, str], Level]) -> list[Domain]:
        """Build the domains that have figures."""
        charts = {name: list(rows) for name, rows in groupby(self._series(), key=lambda row: row["domain"])}
        of_shares = "SELECT * FROM report.levels WHERE area_code = $area AND kind = 'share' ORDER BY domain, period DESC, row_key"
        parts = {name: list(rows) for name, rows in groupby(self.rows(of_shares), key=lambda row: row["domain"])}
        found: list[Domain] = []
        for name, rows in groupby(self.of_area, key=lambda row: row["domain"]):
            members = list(rows)
            domain = Domain(name, Text(members[0]["domain_en"], members[0]["domain_zh"]))
            domain.charts.extend(self._charts(charts.get(name, [])))
            latest = [row for row in parts.get(name, []) if row["period"] == parts[name][0]["period"]]
            if len(latest) >= FEWEST_SHARES:
                domain.charts.append(self._shares(latest[:MOST_SHARES]))
            for (zh, en), of_table in groupby(members, key=lambda row: (row["table_zh"], row["table_en"])):
                keys = dict.fromkeys((row["address"], row["categories"]) for row in of_table)
                domain.tables.append((Text(en, zh), [levels[key] for key in keys if key in levels]))
            found.append(domain)
        return found

    def cases(self) -> Iterator[Chart]:
        """Chart the cases received and closed by each body in its latest period."""
        numbers = {_of_case(row): row["number"] for row in self.of_area}
        for row in self.rows(_CASES):
            marks = [
                Mark(
                    Text(in_english(row[role]), in_chinese(row[role])),
                    row[role],
                    series=place,
                    figure=numbers.get(_of_case(row | {"indicator_zh": row[f"{role}_zh"]}), -1),
                )
                for place, role in enumerate(("received", "closed"), start=1)
            ]
            title = translated_name(row, "matter")
            if row["part"]:
                title = Text(f"{title.en}: {row['part_en']}", f"{title.zh}：{row['part_zh']}")
            rate = format_computed(row["rate_pct"], row["rate_pct_low"], row["rate_pct_high"])
            note = Text(f"{translated_name(row, 'rate').en}: {rate}%", f"{row['rate_zh']}：{rate}%")
            legend = (translated_name(row, "received"), translated_name(row, "closed"))
            title = Text(f"{title.en}, {row['period']}", f"{title.zh}，{row['period']}")
            yield Chart(side_by_side(marks), title, describe_marks(marks, legend), legend, note)

    def _series(self) -> list[ViewRow]:
        return self.rows("SELECT * FROM report.series WHERE area_code = $area ORDER BY domain, chart, place, year")

    def _charts(self, series: Iterable[ViewRow]) -> Iterator[Chart]:
        for _, of_chart in groupby(series, key=lambda row: row["chart"]):
            rows = list(of_chart)
            if len({row["year"] for row in rows}) < FEWEST_YEARS:
                continue
            places = list(dict.fromkeys(row["place"] for row in rows))
            marks = [self._mark(row, places.index(row["place"]) + 1) for row in rows]
            names = tuple(dict.fromkeys(_series_name(row, rows) for row in rows))
            first = rows[0]
            several = len(names) > 1
            title = Text(first["table_en"], first["table_zh"]) if several else _titled(first)
            yield Chart(bars_by_year(marks), title, describe_marks(marks, names), names if several else ())

    def _shares(self, rows: list[ViewRow]) -> Chart:
        marks = []
        for row in rows:
            name = translated_name(row, "indicator")
            of = translated_name(row, "categories") if row["categories_zh"] else name
            note = Text(row["period"], row["period"])
            if of is not name:
                note = Text(f"{name.en}, {note.en}", f"{name.zh}，{note.zh}")
            shown = self._mark(row | {"low": row["value_low"], "high": row["value_high"], "year": 0}, 1)
            marks.append(replace(shown, name=of, note=note))
        return Chart(share_bars(marks), WORDS["shares"], describe_marks(marks, ()))

    def _mark(self, row: ViewRow, series: int) -> Mark:
        english = printed_in_english(row["value"], row["low"], row["high"], row["unit"], row["hedge"], self.lists)
        number = self.index.numbers[row["address"], row["row_key"]]
        mark = self.index.figures["mark"][number]
        label = Text(english + mark, row["published"] + mark)
        return Mark(label, row["value"], row["low"], row["high"], row["year"], series, number)


_CASES = """
    SELECT * FROM report.cases
    WHERE area_code = $area AND received > 0 AND closed > 0
    QUALIFY row_number() OVER (PARTITION BY body, matter, part ORDER BY period DESC, source) = 1
    ORDER BY received DESC, body, matter, part
"""


def _of_case(row: ViewRow) -> tuple[str, ...]:
    """Return the key that joins a row of the index with one of `report.cases`."""
    table = f"{row['body']}.{row['matter']}" if "body" in row else str(row["address"]).rpartition(".")[0]
    part = row["part"] if "part" in row else row["categories"]
    return table, str(part), str(row["period"]), str(row["source"]), str(row["indicator_zh"])


def translated_name(row: ViewRow, what: str) -> Text:
    """Return the name of something in a row of a view, capitalized in English."""
    en, zh = row[f"{what}_en"] or "", row[f"{what}_zh"] or ""
    return Text(en[:1].upper() + en[1:], zh)


def describe_marks(marks: Iterable[Mark], series: Sequence[Text]) -> Text:
    """Describe the marks of a chart in words."""
    en, zh = [], []
    for mark in marks:
        name = series[mark.series - 1] if series else Text(f"{mark.name.en}, {mark.note.en}", f"{mark.name.zh}，{mark.note.zh}")
        year = f" {mark.year}" if mark.year else ""
        en.append(f"{name.en}{year}: {mark.label.en}")
        zh.append(f"{name.zh}{year}：{mark.label.zh}")
    return Text("; ".join(en), "；".join(zh))


def shown_figure(row: ViewRow, lists: CodeLists) -> ShownFigure:
    """Return a figure of the index as the page shows it."""
    if row["value"] is None:
        return ShownFigure(row["number"], visible(row["published"]), visible(row["published"]))
    english = printed_in_english(row["value"], row["low"], row["high"], row["unit"], row["hedge"], lists)
    return ShownFigure(row["number"], visible(row["published"]) + row["mark"], english + row["mark"])


def _level(row: ViewRow, printed: list[ViewRow], lists: CodeLists) -> Level:
    latest = next(each for each in printed if each["row_key"] == row["row_key"])
    others = [each for each in printed if each is not latest]
    before = next((each for each in others if each["period"] == row["before_period"]), None)
    implied = None
    if row["before_is"] == "implied":
        number = format_computed(row["before"], row["before_low"], row["before_high"])
        implied = Text(f"≈ {number}", f"≈ {number}")
    return Level(
        translated_name(row, "indicator"),
        Text(row["categories_en"], row["categories_zh"]) if row["categories_zh"] else None,
        shown_figure(latest, lists),
        row["period"],
        _change(row, lists),
        row["before_period"] or "",
        shown_figure(before, lists) if before and not implied else None,
        implied,
        [(each["period"], shown_figure(each, lists)) for each in reversed(others)],
    )


def _change(row: ViewRow, lists: CodeLists) -> Text | None:
    if row["before_is"] is None:
        return None
    if row["growth_pct"] is not None:
        growth = format_computed(row["growth_pct"], row["growth_pct_low"], row["growth_pct_high"], sign=True)
        return Text(f"{growth}%", f"{growth}%")
    change = format_computed(row["change"], row["change_low"], row["change_high"], sign=True)
    unit = row["change_unit"]
    return Text(f"{change} {unit_in_english(unit, lists)}".rstrip(), f"{change} {unit}")


def _series_name(row: ViewRow, rows: list[ViewRow]) -> Text:
    if len({each["address"] for each in rows}) > 1:
        return translated_name(row, "indicator")
    return translated_name(row, "categories" if row["categories_zh"] else "indicator")


def _titled(row: ViewRow) -> Text:
    name = translated_name(row, "indicator")
    return Text(f"{name.en}: {row['categories_en']}", f"{name.zh}：{row['categories_zh']}") if row["categories_zh"] else name
