"""Write the page of what was last measured, of docs/explanation/measurements.json, which `make bench` writes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from etl.escape import escape_markdown
from etl.markdown_table import table_lines
from schemas.texts import Language

DATA = Path(__file__).parents[1] / "explanation" / "measurements.json"
_WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "title": "Measured",
        "said": "`make bench` measures, and writes these numbers. Each table says when, on what machine and under what load;"
        " where the load is above the number of cores, compare ratios and seconds of cores, but no times.",
        "on": "{date}; {processor}, {cores} cores, {memory_gb} GB, {system}, Python {python}, load {load:.1f}.",
        "registers": "A register of {rows:,} rows, {form}, {rules} rules",
        "no_faults": ", without faults",
        "register_header": "contender|seconds|seconds of cores|MB",
        "cold_start": "How soon a command answers",
        "cold_header": "command|ms|ms of cores",
    },
    "zh": {
        "title": "测量结果",
        "said": "以下数字由 `make bench` 测量并写入。每张表注明日期、机器与负载；"
        "负载高于核数时，只宜比较比例与 CPU 用时，不宜比较总用时。",
        "on": "{date}；{processor}，{cores} 核，{memory_gb} GB，{system}，Python {python}，负载 {load:.1f}。",
        "registers": "登记簿：{rows:,} 行，{form}，{rules} 条规则",
        "no_faults": "，无差错",
        "register_header": "对象|秒|CPU 用时（秒）|MB",
        "cold_start": "命令的响应时间",
        "cold_header": "命令|毫秒|CPU 用时（毫秒）",
    },
}


def measurements(language: Language) -> Iterator[str]:
    """Write the page."""
    words, data = _WORDS[language], json.loads(DATA.read_text(encoding="utf-8"))
    yield from (f"# {words['title']}", "", words["said"])
    for panel in data["registers"]:
        yield from ("", f"## {words['registers'].format(**panel)}{'' if panel['has_faults'] else words['no_faults']}", "")
        yield from (_circumstances(panel, words), "")
        rows = [
            (_titled(each["title"], language), f"{each['seconds']:.2f}", f"{each['cpu_seconds']:.2f}", f"{each['peak_mb']:,}")
            for each in panel["results"]
        ]
        yield from table_lines(words["register_header"].split("|"), rows)
    for measured in data["cold_start"]:
        yield from ("", f"## {words['cold_start']}", "", _circumstances(measured, words), "")
        of = measured["seconds"], measured["cpu_seconds"]
        rows = [(f"`{name}`", *(f"{1000 * each[name]:,.0f}" for each in of)) for name in measured["seconds"]]
        yield from table_lines(words["cold_header"].split("|"), rows)


def _titled(contender: str, language: Language) -> str:
    return escape_markdown(_CONTENDERS_ZH.get(contender, contender) if language == "zh" else contender)


_CONTENDERS_ZH = {
    "only reading (polars)": "仅读取（polars）",
    "hand-written polars": "手写 polars",
    "hand-written DuckDB SQL": "手写 DuckDB SQL",
    "DuckDB's CREATE TABLE AS, unchecked": "DuckDB 的 CREATE TABLE AS，不检查",
    "ours: check": "本软件：检查",
    "ours: check, transform, load": "本软件：检查、转换、装载",
}


def _circumstances(measured: Mapping[str, Any], words: Mapping[str, str]) -> str:
    return words["on"].format(date=measured["measured_at"][:10], **measured["machine"])
