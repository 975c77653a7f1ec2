"""What each register looks like when it is made up: its numbers, its days, and the published figures it must agree with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import polars as pl

from etl.errors import UnknownNameError

INVENTION_YEARS, UTILITY_MODEL_YEARS, DESIGN_YEARS, OLD_DESIGN_YEARS = 20, 10, 15, 10
DESIGNS_LAST_LONGER_FROM = pl.date(2021, 6, 1)
CHECK_DIGIT_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Published:
    """The addresses of the figures that a register is the detail of; empty where there is none.

    Attributes:
        starts: number of rows whose first day lies in the period.
        ends: number of rows whose last day lies in the period.
        alive: number of rows that have started and not ended when the period ends.
        flagged: number of flagged rows among those that start in the period.
        amount: sum of the amounts of the rows that start in the period.
        unreleased: sum of the amounts of the rows that have started and not ended when the period ends.
        names: number of different names among the rows that start in the period.
    """

    starts: str = ""
    ends: str = ""
    alive: str = ""
    flagged: str = ""
    amount: str = ""
    unreleased: str = ""
    names: str = ""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the rows of a register are made.

    Attributes:
        address: of the register.
        columns: in the order of its files.
        number: the column that numbers the rows, which is the key.
        numbered: gives the number of `year` (of the first day), `area`, `serial` and what other columns say.
        start: the column of the first day.
        end: the column of the last day.
        lags: in how many years after the first day the last one comes, each with its weight; None for never.
        counts_ends: whether it is the last day that a row is published by.
        codes: code columns, each with its code list.
        blank_while_open: code columns that are blank until the last day.
        pins: codes that the published figures are about, though their tables do not say so.
        days: other days, each derived from the first and the last.
        counted_by: what serials start anew for; empty where the number has no serial.
        amount: the column of amounts; empty for none.
        flag: the column of flags; empty for none.
        names: columns of names; the first is the one that is counted.
        published: the figures that it must agree with.
    """

    address: str
    columns: tuple[str, ...]
    number: str
    numbered: Callable[[], pl.Expr]
    start: str
    end: str
    lags: tuple[tuple[int | None, int], ...]
    published: Published
    counts_ends: bool = False
    codes: Mapping[str, str] = field(default_factory=dict)
    blank_while_open: tuple[str, ...] = ()
    pins: Mapping[str, str] = field(default_factory=dict)
    days: Mapping[str, Callable[[], pl.Expr]] = field(default_factory=dict)
    counted_by: tuple[str, ...] = ("year", "area")
    amount: str = ""
    flag: str = ""
    names: tuple[str, ...] = ()

    @property
    def required(self) -> tuple[str, ...]:
        """The columns that a row must fill: its number, its area and its first day."""
        return (self.number, "area", self.start)


def recipe(address: str) -> Recipe:
    """Give the recipe of a register.

    Raises:
        UnknownNameError: no register has that address.
    """
    if address not in _RECIPES:
        raise UnknownNameError("register", address, _RECIPES)
    return _RECIPES[address]


def _court_case() -> pl.Expr:
    """Give a case number such as （2025）浙02民初123号: the year, the court, and the serial of both."""
    province = pl.col("area").str.slice(0, 2) == "33"
    place = pl.when(province).then(pl.concat_str(pl.lit("浙"), _short_area())).otherwise(pl.lit("最高法知"))
    return pl.concat_str(pl.lit("（"), "year", pl.lit("）"), place, pl.lit("民初"), "serial", pl.lit("号"))


def _short_area() -> pl.Expr:
    return pl.col("area").str.slice(2).str.replace("(00)+$", "")


def _dispute() -> pl.Expr:
    return pl.concat_str(pl.lit("知裁〔"), "year", pl.lit("〕"), "area", pl.lit("第"), "serial", pl.lit("号"))


def _patent() -> pl.Expr:
    """Give a patent number: ZL, the year filed, the digit of the type, seven digits, and the check digit."""
    kind = pl.col("patent_type").replace_strict(["invention", "utility_model", "design"], [1, 2, 3], return_dtype=pl.Int64)
    number = (pl.col("year") * 10 + kind) * 10**7 + pl.col("serial").cast(pl.Int64)
    digits = (number // 10**at % 10 for at in reversed(range(len(CHECK_DIGIT_WEIGHTS))))
    remainder = pl.sum_horizontal(*(digit * weight for digit, weight in zip(digits, CHECK_DIGIT_WEIGHTS, strict=True))) % 11
    check = pl.when(remainder == 10).then(pl.lit("X")).otherwise(remainder.cast(pl.String))
    return pl.concat_str(pl.lit("ZL"), number, pl.lit("."), check)


def _trademark() -> pl.Expr:
    return (pl.col("position") + 10_000_000).cast(pl.String)


def _pledge() -> pl.Expr:
    return pl.concat_str(pl.lit("Y"), "year", "area", _padded("serial", 6))


def _padded(column: str, digits: int) -> pl.Expr:
    return pl.col(column).cast(pl.String).str.zfill(digits)


def _expiry() -> pl.Expr:
    """Give the day on which a patent ends, counted from the day of filing."""
    filed, kind = pl.col("filed_on"), pl.col("patent_type")
    design = pl.when(filed < DESIGNS_LAST_LONGER_FROM).then(pl.lit(OLD_DESIGN_YEARS)).otherwise(pl.lit(DESIGN_YEARS))
    others = kind.replace_strict(["invention", "utility_model"], [INVENTION_YEARS, UTILITY_MODEL_YEARS], default=None)
    years = pl.coalesce(others, design)
    leap_day = (filed.dt.month() == 2) & (filed.dt.day() == 29) & (years % 4 != 0)
    day = pl.when(leap_day).then(pl.lit(28, pl.Int8)).otherwise(filed.dt.day())
    return pl.date(filed.dt.year() + years, filed.dt.month(), day)


def _filing() -> pl.Expr:
    """Give the day on which a mark was filed, half a year to fourteen months before it was registered."""
    return pl.col("registered_on") - pl.duration(days=pl.col("position") % 240 + 180)


_RECIPES = {
    each.address: each
    for each in (
        Recipe(
            "courts.cases",
            (
                "case_number",
                "area",
                "court",
                "cause",
                "received_on",
                "closed_on",
                "outcome",
                "amount_yuan",
                "technical_investigator",
            ),
            "case_number",
            _court_case,
            "received_on",
            "closed_on",
            lags=((0, 82), (1, 15), (None, 3)),
            published=Published(
                starts="courts.caseload.received",
                ends="courts.caseload.closed",
                flagged="courts.technical_investigators.cases",
            ),
            codes={"court": "courts", "cause": "causes", "outcome": "outcomes"},
            blank_while_open=("outcome",),
            amount="amount_yuan",
            flag="technical_investigator",
        ),
        Recipe(
            "patents.grants_register",
            ("patent_number", "area", "patent_type", "holder_name", "filed_on", "granted_on", "expires_on"),
            "patent_number",
            _patent,
            "filed_on",
            "granted_on",
            lags=((1, 60), (2, 40)),
            counts_ends=True,
            counted_by=("year",),
            published=Published(ends="patents.grants.granted"),
            codes={"patent_type": "patent_types"},
            days={"expires_on": _expiry},
            names=("holder_name",),
        ),
        Recipe(
            "trademarks.registrations",
            ("registration_number", "area", "nice_class", "holder_name", "filed_on", "registered_on", "cancelled_on"),
            "registration_number",
            _trademark,
            "registered_on",
            "cancelled_on",
            lags=((3, 5), (None, 95)),
            published=Published(alive="trademarks.stock.valid"),
            codes={"nice_class": "nice_classes"},
            days={"filed_on": _filing},
            counted_by=(),
            names=("holder_name",),
        ),
        Recipe(
            "administration.disputes",
            ("case_number", "area", "channel", "right", "received_on", "closed_on", "outcome"),
            "case_number",
            _dispute,
            "received_on",
            "closed_on",
            lags=((0, 90), (1, 8), (None, 2)),
            published=Published(starts="administration.adjudications.received", ends="administration.adjudications.closed"),
            codes={"channel": "channels", "right": "rights", "outcome": "outcomes"},
            blank_while_open=("outcome",),
            pins={"right": "patent"},
        ),
        Recipe(
            "finance.pledges_register",
            ("pledge_number", "area", "right", "pledgor_name", "pledgee_name", "registered_on", "released_on", "amount_yuan"),
            "pledge_number",
            _pledge,
            "registered_on",
            "released_on",
            lags=((1, 60), (2, 30), (None, 10)),
            published=Published(
                amount="finance.pledges.amount_yuan",
                unreleased="finance.pledges.loan_balance_yuan",
                names="finance.pledges.enterprises",
            ),
            codes={"right": "rights"},
            amount="amount_yuan",
            names=("pledgor_name", "pledgee_name"),
        ),
    )
}

REGISTERS = tuple(_RECIPES)
"""The addresses of the registers that can be made up."""
