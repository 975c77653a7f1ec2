"""Summarize a check: numbers by domain, and the verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import polars as pl

from etl.findings import SEVERITIES, Finding
from etl.gate.check import Checked
from etl.text_table import format_table
from schemas.texts import BETWEEN, COLON, NO_TEXT, Language, Text, joined, listed_names

TITLES = {
    "domain": Text("domain", "领域"),
    "tables": Text("tables", "表"),
    "rows": Text("rows", "行"),
    "rejected": Text("rejected", "拒收行"),
    "figures": Text("figures", "数字"),
    "error": Text("errors", "错误"),
    "warning": Text("warnings", "警告"),
    "information": Text("information", "提示"),
    "waived": Text("waived", "豁免"),
}
_TO_SAY = ("rejected", *SEVERITIES, "waived")
VERDICTS = {
    0: Text("the gate is open", "通过"),
    1: Text("the gate is shut", "未通过"),
    2: Text("could not check: some rules did not run", "无法判定：有规则未能执行"),
}

RAN_NOTHING = Text("could not check: no rule is left to run", "无法判定：没有可执行的规则")


def count_of(finding: Finding) -> str:
    """Return how a finding is counted: by its severity, or as `waived`."""
    return "waived" if finding.waiver else finding.severity


def by_severity(findings: Iterable[Finding]) -> Counter[str]:
    """Count findings by severity, and those that are waived."""
    counts: Counter[str] = Counter()
    for finding in findings:
        counts[count_of(finding)] += 1 + finding.more
    return counts


def counts_by_domain(checked: Checked) -> dict[str, Counter[str]]:
    """Count tables, rows, rejected rows, figures and findings of each domain."""
    counts: dict[str, Counter[str]] = {}
    for address, table in checked.tables.items():
        counts.setdefault(address.partition(".")[0], Counter()).update(
            tables=1,
            rows=table.rows_read,
            rejected=checked.rows_rejected(table),
            figures=table.cells.get_column("value").count(),
        )
    for address, register in checked.registers.items():
        of_domain = counts.setdefault(address.partition(".")[0], Counter())
        of_domain.update(tables=1, rows=register.rows, rejected=register.rejected)
    for finding in checked.findings:
        domain = finding.table.partition(".")[0]
        if domain in counts:
            counts[domain][count_of(finding)] += 1 + finding.more
    return counts


def totals(checked: Checked) -> Counter[str]:
    """Count tables, rows, rejected rows, figures and all findings.

    Findings that belong to no domain are included.
    """
    of_tables = sum(counts_by_domain(checked).values(), Counter())
    return Counter({name: of_tables[name] for name in ("tables", "rows", "rejected", "figures")}) + by_severity(checked.findings)


def domain_table(checked: Checked, language: Language, *, every: bool = False, width: int | None = None) -> str:
    """Format the counts of domains as a table.

    Args:
        checked: the check.
        language: of the titles.
        every: whether to list every domain; else only those of which there is something to say, and none of one alone, of
            which the verdict says it.
        width: of the terminal, on which counts that are all zero are left out; None for as wide as the table is.
    """
    which = 0 if language == "zh" else 1
    rows = [(checked.catalogue.domain_title(domain)[which], counts) for domain, counts in counts_by_domain(checked).items()]
    named = {title: counts for title, counts in rows if every or any(counts[name] for name in _TO_SAY)}
    if not every and len(named) < 2:
        return ""
    titles = {name: title.in_language(language) for name, title in TITLES.items()}
    named["合计" if language == "zh" else "total"] = totals(checked)
    told = [key for key in list(TITLES)[1:] if width is None or any(counts[key] for counts in named.values())]
    frame = pl.DataFrame(
        [{titles["domain"]: name, **{titles[key]: counts[key] for key in told}} for name, counts in named.items()]
    )
    return format_table(frame, width=width)


def verdict(checked: Checked, exit_code: int, language: Language) -> str:
    """Format the verdict in one line."""
    counts = by_severity(checked.findings)
    told = (name for name in (*SEVERITIES, "waived") if counts[name])
    found = joined((Text(f"{counts[name]} {TITLES[name].en}", f"{TITLES[name].zh} {counts[name]}") for name in told), BETWEEN)
    said = RAN_NOTHING if checked.ran_nothing else VERDICTS[exit_code]
    said = (said + COLON + found) if found else said
    return (said + _awaiting_rows(checked) + _changed_rules(checked)).in_language(language)


def _changed_rules(checked: Checked) -> Text:
    """Count the rules that the project switched off or regraded; empty for none."""
    changed = checked.catalogue.changed_rules
    off = len({each.rule.id for each in changed if each.severity is None})
    others = len({each.rule.id for each in changed if each.severity is not None})
    if not changed:
        return NO_TEXT
    files = listed_names(dict.fromkeys(each.change.file for each in changed))
    return Text(
        f"; {files.en} switches rules off: {off}, changes the severity: {others}",
        f"；{files.zh} 停用规则 {off} 条，更改严重程度 {others} 条",
    )


def _awaiting_rows(checked: Checked) -> Text:
    """Count the tables with a header and no rows, which is no fault, or say that there is no table; else empty."""
    if not checked.tables and not checked.registers and not checked.ran_nothing:
        return Text("; no table is there, so none is checked", "；没有任何数据表，未检查任何数字")
    tables = len(checked.tables)
    awaited = sum(table.raw.awaits_rows for table in checked.tables.values())
    if not awaited:
        return NO_TEXT
    if awaited == tables and not checked.registers:
        return Text(f"; no figure is there yet: {tables} tables await their rows", f"；尚无数据：{tables} 张表均待录入")
    return Text(f"; {awaited} of {tables} tables await their rows", f"；{tables} 张表中有 {awaited} 张待录入")
