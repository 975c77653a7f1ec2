"""Generate the reference of what programs and terminals meet: commands, settings, and the findings as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from etl.cli import main
from etl.escape import escape_markdown
from etl.markdown_table import table_lines
from etl.reporters import as_json
from etl.settings import SETTINGS
from schemas.texts import Language

LOCALES: dict[Language, str] = {"en": "en_US.UTF-8", "zh": "zh_CN.UTF-8"}
WIDTH = 100
_COMMANDS = {
    "en": ("Commands", "What `--help` prints."),
    "zh": ("命令", "以下为 `--help` 的输出。"),
}
_SETTINGS = {
    "en": (
        "Settings",
        "Defaults of options, in `etl.toml`, in the table `[tool.ip-bulletin-etl]` of `pyproject.toml`, or in the environment."
        " An option wins over a variable, that over a file. `etl config` shows the values in force:"
        " [Keep settings in a file](../how-to/settings.md).",
        ("setting", "variable", "option", "meaning", "commands"),
        "all",
    ),
    "zh": (
        "设置",
        "选项的默认值，写在 `etl.toml` 或 `pyproject.toml` 的 `[tool.ip-bulletin-etl]` 表中，或由环境变量给出。"
        "命令行选项优先于环境变量，环境变量优先于文件。`etl config` 显示现行的值：[将设置写入文件](../how-to/settings.md)。",
        ("设置项", "环境变量", "选项", "含义", "命令"),
        "全部",
    ),
}
_KEYS = {"en": ("key", "type", "meaning"), "zh": ("键", "类型", "含义")}
# The schema describes its keys in English.
_MEANINGS = {
    "rule": "规则标识：以几个词作出的陈述。",
    "severity": "欧洲统计系统所用的等级。",
    "table": "地址（领域.表）；文件不是表时为空。",
    "row_key": "该行的地区、时期、类别与来源，以冒号分隔；不针对某行时为空。",
    "column": "针对整行或整个文件时为空。",
    "place": "文件（相对于项目）、行、列，均从 1 起；列按字符计。",
    "message": "说明，中英文各一。",
    "witnesses": "参与判断的单元格。",
    "suspects": "可能有误的单元格，最可能者在前。",
    "fingerprint": "同一规则、表、行、列的指纹，行号变动时不变。",
}


def commands(language: Language) -> Iterator[str]:
    """Write the page of commands, as they describe themselves in the language."""
    title, said = _COMMANDS[language]
    yield from (f"# {title}", "", said, "", *_help(language))
    for name in sorted(main.commands):
        yield from ("", f"## etl {name}", "", *_help(language, name))


def _help(language: Language, *command: str) -> Iterator[str]:
    environment = {"LANG": LOCALES[language], "LC_ALL": None, "LC_MESSAGES": None, "LANGUAGE": None, "ETL_LANGUAGE": None}
    ran = CliRunner().invoke(
        main, [*command, "--help"], prog_name="etl", env=environment, terminal_width=WIDTH, catch_exceptions=False
    )
    yield from ("```text", ran.output.rstrip(), "```")


def settings(language: Language) -> Iterator[str]:
    """Write the page of settings."""
    title, said, header, every = _SETTINGS[language]
    yield from (f"# {title}", "", said, "")
    rows = [
        (
            f"`{each.name}`",
            f"`{each.variable}`",
            f"`--{each.parameter.replace('_', '-')}`",
            escape_markdown(each.meaning[language == "zh"]),
            ", ".join(f"`etl {name}`" for name in each.commands) or every,
        )
        for each in SETTINGS
    ]
    yield from table_lines(header, rows)


def finding_keys(language: Language) -> str:
    """Write the keys of a finding of `--format json` as a table."""
    schema = json.loads(Path(as_json.__file__).with_name("findings.schema.json").read_text(encoding="utf-8"))
    defined: dict[str, dict[str, Any]] = schema["$defs"]
    rows = []
    for key, about in defined["finding"]["properties"].items():
        referred = defined.get(about.get("$ref", "").rpartition("/")[2], {})
        whole = {**referred, **about}
        meaning = _MEANINGS[key] if language == "zh" else whole.get("description") or ", ".join(whole.get("properties", ()))
        rows.append((f"`{key}`", whole.get("type") or " ".join(whole.get("enum", ())), escape_markdown(meaning)))
    return "\n".join(table_lines(_KEYS[language], rows))
