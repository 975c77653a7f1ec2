"""The titles and labels of the validation report, in both languages."""

from __future__ import annotations

from schemas.texts import Text

GATES = {0: "open", 1: "shut", 2: "unknown"}
WORDS: dict[str, Text] = {
    "title": Text("Validation report", "数据检查报告"),
    "validated": Text("What was validated", "检查范围"),
    "findings": Text("Findings", "问题"),
    "no_findings": Text("None.", "无。"),
    "not_run_title": Text("Rules that did not run", "未执行的规则"),
    "accepted": Text("Accepted findings", "已豁免的问题"),
    "rules_title": Text("Rules", "规则"),
    "skipped_title": Text("Tables without a raw file", "没有原始文件的数据表"),
    "tables": Text("tables", "数据表"),
    "rows": Text("rows", "行"),
    "figures": Text("figures", "数字"),
    "domain": Text("domain", "领域"),
    "named": Text("named", "所给各项"),
    "changed_since": Text("changed since", "变更自"),
    "fail_on": Text("the gate shuts at", "关口标准"),
    "made_at": Text("checked at", "检查时间"),
    "version": Text("checked by", "检查程序"),
    "error": Text("error", "错误"),
    "warning": Text("warning", "警告"),
    "information": Text("information", "提示"),
    "off": Text("off", "停用"),
    "never": Text("nothing", "从不关闭"),
    "severity": Text("severity", "严重程度"),
    "rule": Text("rule", "规则"),
    "statement": Text("what it states", "规则内容"),
    "place": Text("place", "位置"),
    "message": Text("message", "说明"),
    "column": Text("column", "列"),
    "cells": Text("cells that take part", "相关单元格"),
    "reason": Text("reason", "理由"),
    "author": Text("accepted by", "豁免人"),
    "accepted_on": Text("on", "豁免日期"),
    "expires_on": Text("until", "失效日期"),
    "table": Text("table", "数据表"),
    "passed": Text("passed", "通过"),
    "failed": Text("failed", "未通过"),
    "not_applicable": Text("not applicable", "不适用"),
    "not_run": Text("not run", "未执行"),
    "number_of_tables": Text("tables", "数据表"),
    "number_of_rules": Text("rules", "规则数"),
    "more": Text("more", "条未列出"),
    "counted": Text(
        "Rows that keep or break a rule; a rule of single columns counts cells, and one of files only what breaks it"
        " (–: not counted). An accepted row counts as failed.",
        "单位为行；逐列规则按单元格计；文件层面的规则仅计未通过数（– 表示不计）。已豁免的行计入未通过。",
    ),
}
