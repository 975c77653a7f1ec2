"""The summary of a proposal: columns, rules with evidence, files, next steps."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from etl.scaffold.propose import Proposal
from etl.scaffold.write_table import File
from etl.text_table import format_table
from etl.warehouse.dictionary import KINDS_ZH
from schemas.texts import COLON, Language

_WORDS = {
    "columns": ("columns:", "列："),
    "rules": ("rules that hold on every row, and would not by chance:", "逐行成立且非偶然的规则："),
    "no rules": ("no rule holds on every row beyond chance; declare what you know", "没有发现非偶然成立的规则；请自行声明"),
    "remarks": ("to look at:", "请核对："),
    "would": ("would be written:", "将写入："),
    "written": ("written:", "已写入："),
    "added": ("added to", "已有文件，追加"),
    "next": ("next:", "下一步："),
    "by name": ("the titles say it", "由标题得知"),
}
_COLUMNS = (("column", "title", "kind", "unit or codes", "filled"), ("列名", "标题", "类型", "单位或代码表", "已填"))
_RULES = (("rule", "says", "rows", "chance"), ("规则", "内容", "行数", "偶然成立的概率"))
_STEPS = (
    (
        "read and edit {schema}: names, meanings, and the rules you know better",
        "阅读并修改 {schema}：名称、释义，以及更确切的规则",
    ),
    (
        "complete the line of {source} in raw/sources.csv: publisher, date, address",
        "补全 raw/sources.csv 中 {source} 一行：发布机构、日期、网址",
    ),
    ("etl rule --lint{project} && etl check --domain {domain}{project}",) * 2,
)


def summary(proposal: Proposal, files: Sequence[File], language: Language, *, is_written: bool) -> str:
    """Summarize a proposal in a language."""
    at = 1 if language == "zh" else 0
    words, paths = {name: both[at] for name, both in _WORDS.items()}, proposal.paths
    lines = [
        f"{paths.address}{COLON.in_language(language)}{proposal.layout.title}",
        "",
        words["columns"],
        format_table(_columns(proposal, at)),
        "",
    ]
    lines += [words["rules"], format_table(_rules(proposal, at))] if proposal.rules else [words["no rules"]]
    if proposal.remarks:
        lines += ["", words["remarks"], *(f"  {remark.in_language(language)}" for remark in proposal.remarks)]
    lines += ["", words["written" if is_written else "would"]]
    for each in files:
        mark = (f"（{words['added']}）" if at else f" ({words['added']})") if each.is_there else ""
        lines.append(f"  {each.path.relative_to(paths.root).as_posix()}{mark}")
    if is_written:
        where = {
            "schema": paths.schema.relative_to(paths.root).as_posix(),
            "source": proposal.source,
            "domain": paths.domain,
            "project": "" if paths.root == Path.cwd() else f" --project {paths.root}",
        }
        steps = [step[at].format(**where) for step in _STEPS]
        lines += ["", words["next"], *(f"  {number}. {step}" for number, step in enumerate(steps, start=1))]
    return "\n".join(lines)


def _columns(proposal: Proposal, at: int) -> pl.DataFrame:
    layout = proposal.layout
    rows: list[tuple[str, str, str, str, int]] = [
        ("area", "地区", "area", "areas", layout.height),
        ("period", "时期", "period", "", layout.height),
    ]
    rows += [(each.name, each.zh, "category", each.codes, layout.height) for each in layout.categories]
    for figure in layout.figures:
        rows.append((figure.name, figure.zh, figure.kind, figure.unit, sum(cell is not None for cell in figure.cells)))
    if at:
        rows = [(name, title, KINDS_ZH[kind], unit, filled) for name, title, kind, unit, filled in rows]
    return pl.DataFrame(rows, schema=list(_COLUMNS[at]), orient="row")


def _rules(proposal: Proposal, at: int) -> pl.DataFrame:
    rows = [
        (
            rule.rule_id,
            rule.zh if at else rule.reason,
            rule.rows,
            _WORDS["by name"][at] if rule.is_by_name else f"2^-{rule.bits:.0f}",
        )
        for rule in proposal.rules
    ]
    return pl.DataFrame(rows, schema=list(_RULES[at]), orient="row")
