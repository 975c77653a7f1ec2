"""What a run or a check tells a person: the findings, then a line per domain, then the verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import polars as pl

from etl.catalogue import domain_title
from etl.check import Checked
from etl.findings import SEVERITIES, Language, Text, line
from etl.quality import rows_read, rows_rejected

_TITLES = {
    "domain": Text("domain", "领域"),
    "tables": Text("tables", "表"),
    "rows": Text("rows", "行"),
    "rejected": Text("rejected", "未载行"),
    "figures": Text("figures", "数字"),
    "error": Text("errors", "错误"),
    "warning": Text("warnings", "警告"),
    "information": Text("information", "提示"),
    "waived": Text("waived", "豁免"),
}
_NOT_RUN = Text("not run", "未执行")


def finding_lines(checked: Checked, language: Language, most: int) -> Iterator[str]:
    """Give a line for each finding that nobody accepted, at most `most` of each rule, and for each rule that did not run."""
    shown: Counter[str] = Counter()
    for finding in checked.findings:
        if finding.waiver:
            continue
        shown[finding.rule] += 1
        if shown[finding.rule] <= most:
            yield line(finding, language)
    for rule, number in shown.items():
        if number > most:
            more = Text(f"… and {number - most} more of {rule}", f"…… 另有 {number - most} 条 {rule}")
            yield more.in_language(language)
    for reason, number in Counter((address, each.not_run) for address, each in checked.rules_not_run()).items():
        yield f"{reason[0]}: {number} {_NOT_RUN.in_language(language)}: {reason[1]}"


def domain_table(checked: Checked, language: Language) -> str:
    """Give the table of domains: tables, rows, figures and findings of each."""
    rows: dict[str, Counter[str]] = {}
    for address, table in checked.tables.items():
        counts = rows.setdefault(address.partition(".")[0], Counter())
        counts.update(
            tables=1,
            rows=rows_read(table),
            rejected=rows_rejected(checked, table),
            figures=table.cells.get_column("value").count(),
        )
    for finding in checked.findings:
        counts = rows.get(finding.table.partition(".")[0], Counter())
        counts["waived" if finding.waiver else finding.severity] += 1
    titles = {name: title.in_language(language) for name, title in _TITLES.items()}
    total = sum(rows.values(), Counter())
    named = {domain_title(domain)[0 if language == "zh" else 1]: counts for domain, counts in rows.items()}
    named["合计" if language == "zh" else "total"] = total
    frame = pl.DataFrame(
        [{titles["domain"]: name, **{titles[key]: counts[key] for key in list(_TITLES)[1:]}} for name, counts in named.items()]
    )
    return rendered(frame)


def verdict(checked: Checked, exit_code: int, language: Language) -> str:
    """Give the verdict in one line."""
    counts = Counter("waived" if each.waiver else each.severity for each in checked.findings)
    found = ", ".join(f"{counts[name]} {_TITLES[name].in_language(language)}" for name in (*SEVERITIES, "waived") if counts[name])
    words = {
        0: Text("the gate is open", "通过"),
        1: Text("the gate is shut", "未通过"),
        2: Text("could not check: some rules did not run", "无法判定：有规则未能执行"),
    }[exit_code]
    return words.in_language(language) + (f": {found}" if found else "")


def rendered(frame: pl.DataFrame, *, types: bool = False) -> str:
    """Give a frame as a text table of full width and length, wide characters counted as two."""
    with pl.Config(
        tbl_rows=-1,
        tbl_cols=-1,
        tbl_width_chars=10_000,
        fmt_str_lengths=10_000,
        tbl_formatting="UTF8_FULL_CONDENSED",
        tbl_hide_dataframe_shape=True,
        tbl_hide_column_data_types=not types,
        float_precision=None,
    ):
        return str(frame)
