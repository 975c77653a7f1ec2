"""Columns of an export that say why a number is not there, or is not final: SDMX's statuses beside each column that has any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from etl.exports.fields import Field
from etl.figures.marks import FREE, NORMAL
from schemas.code_lists import CodeLists

STATUS = "status"
"""The kind of such a column."""
_STATUSES = {
    "status": ("obs_status", NORMAL, "数据状态", "observation status"),
    "conf_status": ("conf_status", FREE, "保密状态", "confidentiality"),
}


def with_statuses(
    rows: pl.DataFrame, fields: Sequence[Field], figures: pl.DataFrame, key: Sequence[str], lists: CodeLists
) -> tuple[pl.DataFrame, tuple[Field, ...]]:
    """Add the columns `x_status` and `x_conf_status` beside each figure `x` that has another than the usual one.

    A figure that some row lacks is no longer required.

    Args:
        rows: of the mart.
        fields: its columns.
        figures: its rows of `core.figure`.
        key: the columns that tell a row; where the mart lacks one, nothing is added.
        lists: the code lists of statuses.
    """
    is_usual = (figures.get_column("status") == NORMAL) & (figures.get_column("conf_status") == FREE)
    if is_usual.all() or not {*key} <= {*rows.columns}:
        return rows, tuple(fields)
    row_keys = rows.select(pl.concat_str(key, separator=":")).to_series()
    found: list[Field] = []
    for field in fields:
        mine = figures.filter(pl.col("indicator") == field.name)
        is_whole = mine.get_column("value").null_count() == 0
        found.append(field if is_whole else replace(field, required=False))
        for status, (codes, usual, *_) in _STATUSES.items():
            if (mine.get_column(status) != usual).any():
                of_rows = dict(mine.select("row_key", status).iter_rows())
                known = pl.Series(f"{field.name}_{status}", [of_rows.get(each) for each in row_keys], dtype=pl.String)
                rows = rows.with_columns(known)
                found.append(_field(field, status, codes, lists))
    return rows.select(each.name for each in found), tuple(found)


def _field(of: Field, status: str, codes: str, lists: CodeLists) -> Field:
    _, _, zh, en = _STATUSES[status]
    listed = lists.codes(codes)
    return Field(f"{of.name}_{status}", f"{of.zh}：{zh}", f"{of.en}: {en} (SDMX)", STATUS, codes=codes, listed=listed)
