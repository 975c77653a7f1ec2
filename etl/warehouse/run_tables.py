"""Build the tables of the run: rules, findings, waivers and rejected rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain

import polars as pl

from etl.catalogue import Catalogue
from etl.gate.check import Checked
from etl.gate.waivers import WAIVER_COLUMNS, waivers
from etl.project import Project
from etl.warehouse.register_tables import records_table, rejected_rows
from etl.warehouse.table_spec import StreamedTable, TableSpec
from schemas.builtin_register_rules import REGISTER_RULES
from schemas.builtin_rules import BUILTIN_RULES
from schemas.models import Rule, rules
from schemas.registers import declared_rules


@dataclass(frozen=True, slots=True)
class Load:
    """How a run went.

    Attributes:
        id: unique, and in the order of time.
        started_at: when it began (UTC).
        finished_at: when its contents were ready (UTC).
        fail_on: the severity at which it would not have been published; empty where none would stop it.
        version: version of this package.
    """

    id: str
    started_at: datetime
    finished_at: datetime
    fail_on: str
    version: str


def run_tables(project: Project, checked: Checked, load: Load) -> Iterator[TableSpec]:
    """Yield the tables of the schema `quality`."""
    yield _run(checked, load)
    yield _loads(checked)
    yield _rules(checked.catalogue)
    yield _results(checked)
    yield _findings(checked)
    yield _waivers(project)
    yield _rejected(checked)
    yield records_table(checked.registers.values())


def _run(checked: Checked, load: Load) -> TableSpec:
    counts = dict.fromkeys(("error", "warning", "information", "waived"), 0)
    for finding in checked.findings:
        counts["waived" if finding.waiver else finding.severity] += 1 + finding.more
    records = checked.registers.values()
    read = sum(table.rows_read for table in checked.tables.values()) + sum(each.rows for each in records)
    rejected = sum(checked.rows_rejected(table) for table in checked.tables.values()) + sum(each.rejected for each in records)
    row = {
        "load_id": load.id,
        "started_at": load.started_at,
        "finished_at": load.finished_at,
        "version": load.version,
        "fail_on": load.fail_on,
        "tables": len(checked.tables),
        "tables_skipped": len(checked.skipped),
        "registers": len(checked.registers),
        "registers_skipped": len(checked.absent),
        "rows_read": read,
        "rows_loaded": read - rejected,
        "rows_rejected": rejected,
        "errors": counts["error"],
        "warnings": counts["warning"],
        "information": counts["information"],
        "waived": counts["waived"],
    }
    comments = {
        "load_id": "装载标识 · id of the run",
        "started_at": "开始时间 · when it began",
        "finished_at": "完成时间 · when its contents were ready",
        "version": "软件版本 · version of the package",
        "fail_on": "关口 · severity at which it would not have been published; empty where none would stop it",
        "tables": "表数 · tables read",
        "tables_skipped": "缺文件表数 · tables without a raw file",
        "registers": "登记簿数 · registers read",
        "registers_skipped": "缺文件登记簿数 · registers without a raw file, which are optional",
    }
    return TableSpec("quality", "run", pl.DataFrame([row]), "本次装载 · the run that made this warehouse", comments)


def _loads(checked: Checked) -> TableSpec:
    rows = [
        (
            table.raw.entry.domain,
            table.raw.entry.table,
            table.raw.file,
            table.rows_read,
            table.rows_read - checked.rows_rejected(table),
            checked.rows_rejected(table),
        )
        for table in checked.tables.values()
    ]
    rows += [
        (each.entry.domain, each.entry.table, each.file, each.rows, each.rows - each.rejected, each.rejected)
        for each in checked.registers.values()
    ]
    schema = {
        "domain": pl.String,
        "table_name": pl.String,
        "raw_file": pl.String,
        "rows_read": pl.Int64,
        "rows_loaded": pl.Int64,
        "rows_rejected": pl.Int64,
    }
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return TableSpec("quality", "load", frame, "各表装载行数 · rows read, loaded and rejected, per table that has a raw file")


def _rules(catalogue: Catalogue) -> TableSpec:
    rows = [("", rule) for rule in (*BUILTIN_RULES, *REGISTER_RULES)]
    rows += [(entry.address, rule) for entry in catalogue.entries() for rule in rules(entry.model)]
    rows += [(each.address, rule) for each in catalogue.registers() for rule in declared_rules(each.model)]
    rows += [(each.address, each.rule) for each in catalogue.changed_rules if each.severity is None]
    changes = {(each.address, each.rule.id): each.change for each in catalogue.changed_rules}
    frame = pl.DataFrame(
        [
            (
                *(rule.id, address, change.severity if change else rule.severity),
                *((None, None) if change else _thresholds(rule)),
                f"{rule.reason} Set to {change.severity} ({change.place}): {change.reason}" if change else rule.reason,
                *(rule.zh, rule.source or None),
            )
            for address, rule in rows
            for change in (changes.get((address, rule.id)),)
        ],
        schema=dict.fromkeys(("rule", "address", "severity", "warn_if", "error_if", "reason", "zh", "source"), pl.String),
        orient="row",
    )
    comments = {
        "address": "表地址 · address of the table; empty: every table",
        "severity": "严重程度 · severity of a row that breaks it; with thresholds, the worst one; off: not applied",
        "warn_if": "警告阈值 · rows, or part of the rows, above which its findings are warnings; NULL: none",
        "error_if": "错误阈值 · rows, or part of the rows, above which its findings are errors; NULL: none",
        "reason": "理由 · why it must hold",
        "zh": "规则表述 · what it states, in Chinese",
        "source": "出处 · paper, standard or law that it is from; NULL: what the words imply",
    }
    return TableSpec("quality", "rule", frame, "规则 · one row per rule and the table that declares it", comments)


def _thresholds(rule: Rule) -> tuple[str | None, str | None]:
    limits = rule.thresholds
    warn, error = (limits.warn_if, limits.error_if) if limits else (None, None)
    return warn.text if warn else None, error.text if error else None


def _results(checked: Checked) -> TableSpec:
    rows = [
        (
            *(address, each.rule.id, each.column, each.severity),
            *(each.passed, each.failed, each.not_applicable, len(each.cut_off), each.not_run.en),
        )
        for address, outcomes in checked.outcomes.items()
        for each in outcomes
    ]
    schema = {
        "address": pl.String,
        "rule": pl.String,
        "column_name": pl.String,
        "severity": pl.String,
        "passed": pl.Int64,
        "failed": pl.Int64,
        "not_applicable": pl.Int64,
        "passed_if_cut_off": pl.Int64,
        "not_run": pl.String,
    }
    comments = {
        "severity": "严重程度 · severity of the rows that break it, after its thresholds",
        "passed": "通过行数 · rows that keep the rule",
        "failed": "未通过行数 · rows that break it",
        "passed_if_cut_off": "仅按截尾通过行数 · rows, among those passed, that keep it only if digits were cut off",
        "not_run": "未执行原因 · why it did not run; empty where it did",
    }
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return TableSpec("quality", "result", frame, "规则结果 · one row per rule, table and column", comments)


def _findings(checked: Checked) -> TableSpec:
    rows = [
        (
            each.rule,
            each.severity,
            each.table,
            each.row_key,
            each.column,
            each.place.file,
            each.place.line,
            each.place.column,
            each.message.en,
            each.message.zh,
            each.more,
            bool(each.waiver),
            each.waiver or None,
        )
        for each in checked.findings
    ]
    schema = {
        "rule": pl.String,
        "severity": pl.String,
        "address": pl.String,
        "row_key": pl.String,
        "column_name": pl.String,
        "file": pl.String,
        "line": pl.Int64,
        "column_number": pl.Int64,
        "message": pl.String,
        "message_zh": pl.String,
        "more": pl.Int64,
        "is_waived": pl.Boolean,
        "waiver_reason": pl.String,
    }
    comments = {
        "address": "表地址 · address of the table; empty for a file that is not a table",
        "file": "文件 · file relative to the project",
        "line": "行号 · line of the file",
        "column_number": "列号 · character of the line",
        "message": "说明（英文） · what is wrong, in English",
        "message_zh": "说明 · what is wrong, in Chinese",
        "more": "另有 · further breaches of the rule that it stands for, which are not listed",
        "is_waived": "是否豁免 · whether it was accepted",
        "waiver_reason": "豁免理由 · why it was accepted",
    }
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return TableSpec("quality", "finding", frame, "问题 · one row per finding, in the order of files and lines", comments)


def _waivers(project: Project) -> TableSpec:
    comments = {
        "rule": "规则 · id of the rule",
        "address": "表地址 · address of the table",
        "row_key": "行键 · row; empty for a finding without one",
        "column_name": "列名 · column; empty for a row",
        "reason": "理由 · why the finding is accepted",
        "author": "豁免人 · who accepted it",
        "accepted_on": "批准日期 · since when",
        "expires_on": "失效日期 · until when; NULL: for good",
    }
    rows = [tuple(getattr(waiver, name) or None for name in WAIVER_COLUMNS) for waiver in waivers(project)]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(comments, pl.String), orient="row")
    return TableSpec("quality", "waiver", frame, "豁免 · one row per accepted finding, with the reason", comments)


def _rejected(checked: Checked) -> TableSpec:
    rows: list[tuple[object, ...]] = []
    for table in checked.tables.values():
        by_row, by_line = _reasons(checked, table.address)
        for row in sorted(checked.rejected_rows(table.address)):
            cells = json.dumps({name: column[row] for name, column in table.raw.cells.items()}, ensure_ascii=False)
            place = table.raw.place(row)
            rows.append((table.address, place.file, place.line, table.keys[row], " ".join(by_row[row]), cells))
        rows += [
            (table.address, file, line, None, " ".join(by_line.get((file, line), ())), None)
            for file, line in table.raw.lines_set_aside
        ]
    schema = {
        "address": pl.String,
        "raw_file": pl.String,
        "raw_line": pl.Int64,
        "row_key": pl.String,
        "rules": pl.String,
        "cells": pl.String,
    }
    comments = {
        "row_key": "行键 · area, period, categories and source; NULL where the row does not fit its header",
        "rules": "规则 · ids of the rules it breaks as errors",
        "cells": "原文 · cells as they stand in the file, as JSON",
    }
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    more = partial(chain.from_iterable, map(rejected_rows, checked.registers.values()))
    return StreamedTable("quality", "rejected", frame, "未装载的行 · one row per rejected row", comments, more)


def _reasons(checked: Checked, address: str) -> tuple[dict[int, dict[str, None]], dict[tuple[str, int], dict[str, None]]]:
    """List the rules broken as errors, by row, or by file and line where a line is no row."""
    by_row: dict[int, dict[str, None]] = {}
    by_line: dict[tuple[str, int], dict[str, None]] = {}
    for finding in checked.findings:
        if finding.table == address and finding.severity == "error" and not finding.waiver:
            if finding.row is None:
                by_line.setdefault((finding.place.file, finding.place.line), {})[finding.rule] = None
            else:
                by_row.setdefault(finding.row, {})[finding.rule] = None
    return by_row, by_line
