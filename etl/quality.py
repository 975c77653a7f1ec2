"""What the warehouse holds of its own quality: the run, the rules, what each found, and the rows that were left behind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from etl.catalogue import entries
from etl.check import Checked
from etl.contents import Relation
from etl.parse import ParsedTable
from etl.project import Project
from etl.waivers import WAIVER_COLUMNS, waivers
from schemas.standing import STANDING_RULES
from schemas.vocabulary import rules


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


def quality(project: Project, checked: Checked, load: Load) -> Iterator[Relation]:
    """Give the tables of the schema `quality`."""
    yield _run(checked, load)
    yield _loads(checked)
    yield _rules()
    yield _results(checked)
    yield _findings(checked)
    yield _waivers(project)
    yield _rejected(checked)


def rows_read(table: ParsedTable) -> int:
    """Give the number of rows that stand in a table's file, those included that do not fit its header."""
    return table.raw.height + len(table.raw.set_aside)


def rows_rejected(checked: Checked, table: ParsedTable) -> int:
    """Give the number of a table's rows that are not loaded."""
    return len(checked.rejected_rows(table.address)) + len(table.raw.set_aside)


def _run(checked: Checked, load: Load) -> Relation:
    counts = {severity: 0 for severity in ("error", "warning", "information", "waived")}
    for finding in checked.findings:
        counts["waived" if finding.waiver else finding.severity] += 1
    read = sum(rows_read(table) for table in checked.tables.values())
    rejected = sum(rows_rejected(checked, table) for table in checked.tables.values())
    row = {
        "load_id": load.id, "started_at": load.started_at, "finished_at": load.finished_at, "version": load.version,
        "fail_on": load.fail_on, "tables": len(checked.tables), "tables_skipped": len(checked.skipped),
        "rows_read": read, "rows_loaded": read - rejected, "rows_rejected": rejected,
        "errors": counts["error"], "warnings": counts["warning"], "information": counts["information"],
        "waived": counts["waived"],
    }  # fmt: skip
    return Relation("quality", "run", pl.DataFrame([row]), "本次装载 · the run that made this warehouse")


def _loads(checked: Checked) -> Relation:
    rows = [
        {
            "domain": table.raw.entry.domain, "table_name": table.raw.entry.table, "raw_file": table.raw.file,
            "rows_read": rows_read(table), "rows_loaded": rows_read(table) - rows_rejected(checked, table),
            "rows_rejected": rows_rejected(checked, table),
        }
        for table in checked.tables.values()
    ]  # fmt: skip
    return Relation("quality", "load", pl.DataFrame(rows), "各表装载行数 · rows read, loaded and rejected, per table")


def _rules() -> Relation:
    rows = [("", rule) for rule in STANDING_RULES]
    rows += [(entry.address, rule) for entry in entries() for rule in rules(entry.model)]
    frame = pl.DataFrame(
        [(rule.id, address, rule.severity, rule.reason, rule.zh) for address, rule in rows],
        schema={name: pl.String for name in ("rule", "address", "severity", "reason", "zh")},
        orient="row",
    )
    return Relation("quality", "rule", frame, "规则 · one row per rule and table; a blank address is every table")


def _results(checked: Checked) -> Relation:
    rows = [
        (address, each.rule.id, each.column, each.passed, each.failed, each.not_applicable, len(each.cut_off), each.not_run)
        for address, outcomes in checked.outcomes.items()
        for each in outcomes
    ]
    schema = {
        "address": pl.String, "rule": pl.String, "column_name": pl.String, "passed": pl.Int64, "failed": pl.Int64,
        "not_applicable": pl.Int64, "passed_if_cut_off": pl.Int64, "not_run": pl.String,
    }  # fmt: skip
    return Relation("quality", "result", pl.DataFrame(rows, schema=schema, orient="row"), "规则结果 · rows per rule and table")


def _findings(checked: Checked) -> Relation:
    rows = [
        (
            each.rule, each.severity, each.table, each.row_key, each.column, each.place.file, each.place.line,
            each.place.column, each.message.en, each.message.zh, bool(each.waiver), each.waiver or None,
        )
        for each in checked.findings
    ]  # fmt: skip
    schema = {
        "rule": pl.String, "severity": pl.String, "address": pl.String, "row_key": pl.String, "column_name": pl.String,
        "file": pl.String, "line": pl.Int64, "column_number": pl.Int64, "message": pl.String, "message_zh": pl.String,
        "is_waived": pl.Boolean, "waiver_reason": pl.String,
    }  # fmt: skip
    return Relation("quality", "finding", pl.DataFrame(rows, schema=schema, orient="row"), "问题 · one row per finding")


def _waivers(project: Project) -> Relation:
    rows = [tuple(getattr(waiver, name) or None for name in WAIVER_COLUMNS) for waiver in waivers(project)]
    names = ("rule", "address", *WAIVER_COLUMNS[2:])
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    return Relation("quality", "waiver", frame, "豁免 · accepted findings, with the reason")


def _rejected(checked: Checked) -> Relation:
    rows = []
    for table in checked.tables.values():
        reasons = _reasons(checked, table.address)
        for row in sorted(checked.rejected_rows(table.address)):
            cells = json.dumps({name: column[row] for name, column in table.raw.cells.items()}, ensure_ascii=False)
            line = table.raw.lines[row]
            rows.append((table.address, table.raw.file, line, table.keys[row], " ".join(reasons.get(line, ())), cells))
        rows += [
            (table.address, table.raw.file, line, None, " ".join(reasons.get(line, ())), None)
            for line in table.raw.set_aside
        ]
    schema = {
        "address": pl.String, "raw_file": pl.String, "raw_line": pl.Int64, "row_key": pl.String, "rules": pl.String,
        "cells": pl.String,
    }  # fmt: skip
    return Relation("quality", "rejected", pl.DataFrame(rows, schema=schema, orient="row"), "未装载的行 · one row per rejected row")


def _reasons(checked: Checked, address: str) -> dict[int, list[str]]:
    """Give the rules that each line of a table's file breaks as an error."""
    reasons: dict[int, list[str]] = {}
    for finding in checked.findings:
        if finding.table == address and finding.severity == "error" and not finding.waiver:
            reasons.setdefault(finding.place.line, []).append(finding.rule)
    return {line: list(dict.fromkeys(names)) for line, names in reasons.items()}
