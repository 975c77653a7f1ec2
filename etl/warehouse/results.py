"""The result of a query in the form that was asked for."""

from __future__ import annotations

import json
from typing import BinaryIO

import polars as pl

from etl.gate.summary import rendered


def write_result(result: pl.DataFrame, style: str, out: BinaryIO) -> None:
    """Write a result as `table`, `csv`, `json`, `markdown` or `parquet`."""
    match style:
        case "parquet":
            result.write_parquet(out)
        case "csv":
            result.write_csv(out)
        case "json":
            text = json.dumps(result.to_dicts(), ensure_ascii=False, indent=2, default=str)
            out.write(text.encode() + b"\n")
        case "markdown":
            out.write(_markdown(result).encode())
        case _:
            out.write(rendered(result).encode() + b"\n")


def _markdown(result: pl.DataFrame) -> str:
    rows = [result.columns, ["---"] * result.width, *(map(_cell, row) for row in result.iter_rows())]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _cell(value: object) -> str:
    return "" if value is None else str(value).replace("|", r"\|").replace("\n", " ")
