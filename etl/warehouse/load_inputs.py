"""Build the tables of the inputs of a load and of cached register checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from etl.input_snapshot import Input, Snapshot, digest_declarations
from etl.warehouse.load_record import RegisterState
from etl.warehouse.table_spec import TableSpec


def load_input_tables(
    snapshot: Snapshot, strict: bool, holds_until: str, states: Mapping[str, RegisterState]
) -> Iterator[TableSpec]:
    """Yield the tables of what a load rests on."""
    row = {
        "observed_at": snapshot.at,
        "declarations": digest_declarations(snapshot.inputs),
        "strict": strict,
        "holds_until": holds_until,
    }
    yield TableSpec("quality", "basis", pl.DataFrame([row]), "装载依据 · what the load rests on", _OF_BASIS)
    inputs = pl.DataFrame(snapshot.inputs, schema=dict(zip(Input._fields, _TYPES, strict=True)), orient="row")
    yield TableSpec("quality", "input", inputs, "输入 · one row per raw file, declaration and dependency", _OF_INPUTS)
    rows = [(address, each.fingerprint, each.found, each.counts) for address, each in states.items()]
    schema = {"address": pl.String, "fingerprint": pl.String, "found": pl.String, "counts": pl.Binary}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    yield TableSpec("quality", "register_state", frame, "登记簿检查结果 · what checks of registers found", _OF_STATES)


_TYPES = (pl.String, pl.String, pl.Int64, pl.Int64, pl.Int64, pl.UInt64, pl.String)
_OF_BASIS = {
    "observed_at": "读取输入的时刻 · when the inputs were looked at (nanoseconds since 1970)",
    "declarations": "声明的散列值 · hash of all declarations and of the versions of what the package runs on",
    "strict": "是否严格 · whether one unreadable row refused a file",
    "holds_until": "有效至 · last day on which waivers and dates are judged as they were; empty: for good",
}
_OF_INPUTS = {
    "kind": "类型 · raw, declaration, own declaration (of the project) or dependency",
    "path": "路径 · path, or name of the dependency; a folder ends with a slash",
    "size": "字节数 · number of bytes",
    "modified": "修改时刻 · when its content was changed (nanoseconds since 1970)",
    "changed": "变更时刻 · when it was changed in any way (nanoseconds since 1970)",
    "inode": "文件号 · its number in the file system",
    "hash": "散列值 · SHA-256 of its content; of a dependency, its version; of a folder, nothing",
}
_OF_STATES = {
    "fingerprint": "指纹 · hash of all that the check rests on",
    "found": "结果 · outcomes and findings, as JSON",
    "counts": "计数 · what it counts by month, as an Arrow file",
}
