"""What is said of a proposal: its columns, its rules with what speaks for them, its files, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from etl.findings import Language
from etl.proposals.files_of_a_table import File
from etl.proposals.propose import Proposal
from etl.text_table import format_table

_WORDS = {
    "columns": ("columns", "列"),
    "rules": ("rules that hold on every row, and would not by chance", "逐行成立且非偶然的规则"),
    "no rules": ("no rule holds on every row beyond chance; declare what you know", "没有发现非偶然成立的规则；请自行声明"),
    "remarks": ("to look at", "请核对"),
    "would": ("would be written", "将写入"),
    "written": ("written", "已写入"),
    "added": ("added to", "已有文件，追加"),
    "next": ("next", "下一步"),
}
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


def said(proposal: Proposal, files: Sequence[File], language: Language, *, is_written: bool) -> str:
    """Give what is said of a proposal, in a language."""
    at = 1 if language == "zh" else 0
    colon = "：" if at else ":"
    lines = [
        f"{proposal.address}: {proposal.layout.title}",
        "",
        f"{_WORDS['columns'][at]}{colon}",
        format_table(_columns(proposal, at)),
    ]
    if proposal.rules:
        lines += ["", f"{_WORDS['rules'][at]}{colon}", format_table(_rules(proposal, at))]
    else:
        lines += ["", _WORDS["no rules"][at]]
    if proposal.remarks:
        lines += ["", f"{_WORDS['remarks'][at]}{colon}", *(f"  {remark.in_language(language)}" for remark in proposal.remarks)]
    lines += ["", f"{_WORDS['written' if is_written else 'would'][at]}{colon}", *_files(proposal, files, at)]
    if is_written:
        where = {
            "schema": proposal.places.schema.relative_to(proposal.places.root).as_posix(),
            "source": proposal.source,
            "domain": proposal.domain,
            "project": "" if proposal.places.root == Path.cwd() else f" --project {proposal.places.root}",
        }
        steps = [step[at].format(**where) for step in _STEPS]
        lines += ["", f"{_WORDS['next'][at]}{colon}", *(f"  {number}. {step}" for number, step in enumerate(steps, start=1))]
    return "\n".join(lines)


def _files(proposal: Proposal, files: Sequence[File], at: int) -> Iterator[str]:
    for each in files:
        mark = f" ({_WORDS['added'][at]})" if each.is_there else ""
        yield f"  {each.path.relative_to(proposal.places.root).as_posix()}{mark}"


def _columns(proposal: Proposal, at: int) -> pl.DataFrame:
    layout = proposal.layout
    titles = (("column", "title", "kind", "unit or codes", "filled"), ("列名", "标题", "种类", "单位或代码表", "已填"))[at]
    rows = [("area", "地区", "area", "areas", layout.height), ("period", "时期", "period", "", layout.height)]
    rows += [(each.name, each.zh, "category", each.codes, layout.height) for each in layout.categories]
    for figure in layout.figures:
        filled = sum(cell is not None for cell in figure.cells)
        rows.append((figure.name, figure.zh, figure.kind, figure.unit, filled))
    return pl.DataFrame(rows, schema=list(titles), orient="row")


def _rules(proposal: Proposal, at: int) -> pl.DataFrame:
    titles = (("rule", "says", "rows", "chance"), ("规则", "内容", "行数", "偶然成立的概率"))[at]
    rows = [
        (rule.rule_id, rule.zh if at else rule.reason, rule.rows, _chance(rule.bits, at, is_by_name=rule.is_by_name))
        for rule in proposal.rules
    ]
    return pl.DataFrame(rows, schema=list(titles), orient="row")


def _chance(bits: float, at: int, *, is_by_name: bool) -> str:
    if is_by_name:
        return ("the titles say it", "由标题得知")[at]
    return f"2^-{bits:.0f}"
