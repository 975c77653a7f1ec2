"""Compare two warehouses: figures, schemas, findings and rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import polars as pl

from etl.catalogue import PACKAGE, Catalogue
from etl.errors import ProjectError, QueryError, UnknownNameError
from etl.warehouse.query import open_warehouse
from schemas.texts import Text

SAME = "same"
DIFFERENCES: Mapping[str, Text] = MappingProxyType(
    {
        "changed": Text("changed beyond the intervals", "超出区间的变动"),
        "gone": Text("gone", "已不存在"),
        "added": Text("added", "新增"),
        "within": Text("printed otherwise, within the intervals", "写法不同、区间相容"),
        "source": Text("only from another document", "仅来源不同"),
    }
)
"""How a figure can differ, the gravest first."""

_FIGURE = ["address", "area_code", "period", "categories"]
_READ = ["published", "value", "low", "high", "unit", "source"]
_FIGURES = """
SELECT
    concat_ws('.', domain, table_name, indicator) AS address, area_code, period,
    coalesce(array_to_string(categories, ':'), '') AS categories,
    published, value, low, high, unit, source
FROM core.figure
ORDER BY ALL
"""
_COLUMNS = """
SELECT concat_ws('.', schema_name, table_name) AS address, column_name, data_type
FROM duckdb_columns()
WHERE NOT internal
ORDER BY ALL
"""
_FINDING = ["rule", "severity", "address", "row_key", "column_name", "is_waived"]
_FINDINGS = f"SELECT {', '.join(_FINDING)}, message, message_zh FROM quality.finding ORDER BY ALL"
_NEEDED = {
    "core.figure": {"domain", "table_name", "indicator", "area_code", "period", "categories", *_READ},
    "quality.finding": {*_FINDING, "message", "message_zh"},
}


@dataclass(frozen=True)
class WarehouseDiff:
    """What two warehouses have and have not in common.

    Attributes:
        figures: one row per figure that differs: `difference`, address, area, period, categories, and of the old and the
            new warehouse the figure as printed, its value, bounds, unit and document; the change of the value.
        counts: one row per domain: the number of figures of each difference, and of those that are the same.
        schema: one row per table, view or column that is added, gone, or of another type.
        findings: one row per finding that is added or gone.
        catalogue: the domains that there are.
    """

    figures: pl.DataFrame
    counts: pl.DataFrame
    schema: pl.DataFrame
    findings: pl.DataFrame
    catalogue: Catalogue

    @property
    def exit_code(self) -> int:
        """The verdict: 1 where a figure is gone or changed beyond its interval, else 0."""
        return int(self.figures.get_column("difference").is_in(["changed", "gone"]).any())


@dataclass(frozen=True)
class _State:
    columns: pl.DataFrame
    figures: pl.DataFrame
    findings: pl.DataFrame


def compare(old: Path, new: Path, domain: str | None = None, catalogue: Catalogue = PACKAGE) -> WarehouseDiff:
    """Compare two warehouses; with `domain`, what belongs to that domain.

    A figure is known by its address, area, period, categories and document. One that has lost its document is compared with
    one of the same address, area, period and categories that has come with another.

    Raises:
        ProjectError: one of the files is no warehouse.
        UnknownNameError: neither of them has the domain.
    """
    before, after = _state(old), _state(new)
    known = [*catalogue.domains, *_domain(before.figures), *_domain(after.figures)]
    if domain is not None and domain not in known:
        raise UnknownNameError(Text("domain", "领域"), domain, dict.fromkeys(known))
    if domain is not None:
        before, after = _of_domain(before, domain), _of_domain(after, domain)
    figures = _compare_figures(before.figures, after.figures)
    return WarehouseDiff(
        figures.filter(pl.col("difference") != SAME),
        _counts(figures, catalogue.domains),
        _schema(before.columns, after.columns),
        _findings(before.findings, after.findings),
        catalogue,
    )


def _state(path: Path) -> _State:
    try:
        with open_warehouse(path) as run_query:
            columns = run_query(_COLUMNS, None)
            for address, names in _NEEDED.items():
                lacking = names - set(columns.filter(pl.col("address") == address).get_column("column_name"))
                if lacking:
                    raise ProjectError(
                        f"{path} has no {address}.{min(lacking)} to compare. Make it anew with `etl run`.",
                        f"{path} 没有可比对的 {address}.{min(lacking)}。请用 `etl run` 重新生成。",
                    )
            return _State(columns, run_query(_FIGURES, None), run_query(_FINDINGS, None))
    except QueryError as error:  # which would end with the exit code that says that figures changed
        raise ProjectError(Text(f"{path} cannot be compared: ", f"{path} 无法比对：") + error.text) from None


def _domain(frame: pl.DataFrame) -> pl.Series:
    return frame.get_column("address").str.split(".").list.first()


def _of_domain(state: _State, domain: str) -> _State:
    frames = (state.columns, state.figures, state.findings)
    return _State(*(frame.filter(_domain(frame) == domain) for frame in frames))


def _compare_figures(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Compare the figures of both warehouses, one row per figure of either."""
    old = old.rename({name: f"old_{name}" for name in _READ})
    new = new.rename({name: f"new_{name}" for name in _READ})
    rows = []
    for also in (["source"], ["published"], []):
        pairs, old, new = _pair(old, new, also)
        rows.append(pairs)
    change = pl.when(pl.col("old_unit") == pl.col("new_unit")).then(pl.col("new_value") - pl.col("old_value"))
    change_pct = pl.when(pl.col("old_value") != 0).then(change / pl.col("old_value").abs() * 100)
    shown = [f"{side}_{name}" for name in _READ for side in ("old", "new")]
    gravest_first = pl.col("difference").replace_strict({name: place for place, name in enumerate([*DIFFERENCES, SAME])})
    return (
        pl.concat([*rows, old, new], how="diagonal")
        .select(_difference().alias("difference"), *_FIGURE, *shown, change.alias("change"), change_pct.alias("change_pct"))
        .sort(gravest_first, *_FIGURE, "old_source", "new_source", maintain_order=True)
    )


def _pair(old: pl.DataFrame, new: pl.DataFrame, also: Sequence[str]) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Pair the figures that agree on their key and `also`; also return those left."""
    old_on, new_on = ([*_FIGURE, *(f"{side}_{name}" for name in also)] for side in ("old", "new"))
    old = old.with_columns(pl.int_range(pl.len()).over(old_on).alias("nth"))
    new = new.with_columns(pl.int_range(pl.len()).over(new_on).alias("nth"))
    old_on, new_on = [*old_on, "nth"], [*new_on, "nth"]
    pairs = old.join(new, left_on=old_on, right_on=new_on, coalesce=False).drop(*(f"{name}_right" for name in (*_FIGURE, "nth")))
    old_left = old.join(new, left_on=old_on, right_on=new_on, how="anti")
    new_left = new.join(old, left_on=new_on, right_on=old_on, how="anti")
    return pairs.drop("nth"), old_left.drop("nth"), new_left.drop("nth")


def _difference() -> pl.Expr:
    """Classify the difference between the two sides of a row; a mark in place of a figure is none."""
    is_same = pl.all_horizontal(pl.col(f"old_{name}").eq_missing(pl.col(f"new_{name}")) for name in _READ if name != "source")
    is_apart = (pl.col("old_high") < pl.col("new_low")) | (pl.col("new_high") < pl.col("old_low"))
    had_value, has_value = pl.col("old_value").is_not_null(), pl.col("new_value").is_not_null()
    return (
        pl.when(pl.col("old_source").is_null() | (~had_value & has_value))
        .then(pl.lit("added"))
        .when(pl.col("new_source").is_null() | (had_value & ~has_value))
        .then(pl.lit("gone"))
        .when(is_same & (pl.col("old_source") == pl.col("new_source")))
        .then(pl.lit(SAME))
        .when(is_same)
        .then(pl.lit("source"))
        .when(is_apart.fill_null(False) | (pl.col("old_unit") != pl.col("new_unit")))
        .then(pl.lit("changed"))
        .otherwise(pl.lit("within"))
    )


def _counts(figures: pl.DataFrame, domains: Sequence[str]) -> pl.DataFrame:
    """Count the differences of each kind, a row per domain in catalogue order."""
    listed = [*domains, *sorted(set(_domain(figures)) - {*domains})]
    numbers = figures.group_by(_domain(figures).alias("domain")).agg(
        (pl.col("difference") == name).sum().cast(pl.Int64).alias(name) for name in (*DIFFERENCES, SAME)
    )
    return numbers.sort(pl.col("domain").replace_strict({name: place for place, name in enumerate(listed)}))


def _schema(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """List tables added or removed, and columns added, removed or retyped."""
    sides = {"old": set(old.get_column("address")), "new": set(new.get_column("address"))}
    rows = [("added", table, None, None) for table in sorted(sides["new"] - sides["old"])]
    rows += [("gone", table, None, None) for table in sorted(sides["old"] - sides["new"])]
    both = old.join(new, on=["address", "column_name"], how="full", coalesce=True, suffix="_new")
    both = both.filter(pl.col("address").is_in(list(sides["old"] & sides["new"]))).sort("address", "column_name")
    for table, column, was, now in both.select("address", "column_name", "data_type", "data_type_new").iter_rows():
        if was != now:
            difference = "added" if was is None else "gone" if now is None else "changed"
            rows.append((difference, f"{table}.{column}", was, now))
    return pl.DataFrame(rows, schema=dict.fromkeys(("difference", "address", "old_type", "new_type"), pl.String), orient="row")


def _findings(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """List findings of one warehouse only; equal ones are numbered to tell them apart."""
    old, new = (each.with_columns(pl.int_range(pl.len()).over(_FINDING).alias("nth")) for each in (old, new))
    on = [*_FINDING, "nth"]
    added = new.join(old, on=on, how="anti", nulls_equal=True).with_columns(difference=pl.lit("added"))
    gone = old.join(new, on=on, how="anti", nulls_equal=True).with_columns(difference=pl.lit("gone"))
    return pl.concat([added, gone]).select("difference", *_FINDING, "message", "message_zh").sort("difference", *_FINDING)
