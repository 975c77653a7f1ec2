"""Settings of a project: `etl.toml`, or the table `tool.ip-bulletin-etl` of `pyproject.toml`, and the environment.

An option on the command line wins over a variable of the environment, that over a file, and that over the default.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from etl.errors import ProjectError, cannot_be_read, did_you_mean
from etl.files import refuse_outside
from schemas.texts import Text

FILE, PYPROJECT, TABLE = "etl.toml", "pyproject.toml", "ip-bulletin-etl"
PREFIX = "ETL_"
MOST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting.

    Attributes:
        name: in a file; in the environment it is `ETL_NAME`, with underscores.
        parameter: the option of commands that it is the default of, by its name in Python.
        commands: those that it is for; empty for all that have the option.
        meaning: in English and in Chinese.
    """

    name: str
    parameter: str
    commands: tuple[str, ...]
    meaning: tuple[str, str]

    @property
    def variable(self) -> str:
        """Its variable of the environment."""
        return PREFIX + self.name.upper().replace("-", "_")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A value that was chosen, and the file or variable that it is from."""

    value: Any
    origin: str

    @property
    def shown(self) -> str:
        """The value as the file would have it."""
        return str(self.value).lower() if isinstance(self.value, bool) else str(self.value)


GATE = ("check", "run")
SETTINGS = (
    Setting("language", "lang", (), ("language of messages: zh, en", "提示信息的语言：zh、en")),
    Setting("fail-on", "fail_on", GATE, ("mildest severity that shuts the gate", "使关口关闭的最低严重程度")),
    Setting("severity", "severity", GATE, ("mildest severity that is shown", "显示的最低严重程度")),
    Setting("max-rows", "max_rows", GATE, ("most findings of a rule that are shown", "每条规则最多显示的问题数")),
    Setting("strict", "strict", GATE, ("refuse a file of which a row cannot be read", "有一行无法读取即拒绝整个文件")),
    Setting("memory-limit", "memory_limit", GATE, ("memory that a scan and DuckDB may use", "扫描与 DuckDB 可用的内存")),
    Setting("engine", "engine", GATE, ("engine that scans registers", "扫描登记簿的引擎")),
    Setting("work", "work", GATE, ("where an engine stages rows", "引擎暂存数据的位置")),
    Setting("domains", "domain", ("check",), ("domains that are checked where none is named", "未指明时检查的领域")),
    Setting("area", "area", ("bulletin", "report"), ("area that is written of", "报告与公报所写的地区")),
)
IGNORE = "ignore"
"""The table of a file that lists rules that are switched off, each with the reason."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """A rule that a file switches off, why, and the file."""

    rule: str
    reason: str
    file: str


def ignored_rules(root: Path) -> list[Ignored]:
    """Read the rules that the settings of a folder switch off.

    Raises:
        ProjectError: as for `settings`, or a rule has no reason.
    """
    content, file = _table(root)
    listed = content.get(IGNORE, {})
    if not isinstance(listed, dict):
        raise ProjectError(
            f'{file}: {IGNORE} is no table of rules, such as: [{IGNORE}] growth-is-from-whole-cases = "the reason".',
            f'{file}：{IGNORE} 不是规则的表，应如：[{IGNORE}] growth-is-from-whole-cases = "理由"。',
        )
    for rule, reason in listed.items():
        if not (isinstance(reason, str) and reason.strip()):
            raise ProjectError(
                f"{file}: {IGNORE}: {rule} has no reason. Say in a text why the rule is switched off.",
                f"{file}：{IGNORE}：{rule} 没有理由。请用文字写明停用该规则的理由。",
            )
    return [Ignored(rule, " ".join(reason.split()), file) for rule, reason in listed.items()]


def settings_file(root: Path) -> str:
    """Return the name of the file of a folder that holds settings; empty for none."""
    if os.path.lexists(root / FILE):
        return FILE
    path = root / PYPROJECT
    return PYPROJECT if path.is_file() and TABLE.encode() in path.read_bytes() else ""


def settings(root: Path, environment: Mapping[str, str] = os.environ) -> dict[str, Chosen]:
    """Read the settings of a folder and of the environment, by name.

    Raises:
        ProjectError: a file cannot be read, is no TOML, or has a setting that there is not.
    """
    content, file = _table(root)
    found = _known(content, f"{PYPROJECT}, [tool.{TABLE}]" if file == PYPROJECT else file)
    for each in SETTINGS:
        if value := environment.get(each.variable):
            found[each.name] = Chosen(value, each.variable)
    return found


def _table(root: Path) -> tuple[dict[str, Any], str]:
    """Return the settings of the file of a folder, and its name; a `pyproject.toml` without any is left to others."""
    file = settings_file(root)
    if not file:
        return {}, ""
    content = _parsed(root / file, root)
    return (content if file == FILE else content.get("tool", {}).get(TABLE, {})), file


def _parsed(path: Path, root: Path) -> dict[str, Any]:
    """Parse a file.

    Raises:
        ProjectError: it cannot be read, is too large, or is no TOML.
    """
    import tomllib  # here, so that a project without settings need not wait for it

    refuse_outside(path, root)
    try:
        if not path.is_file() or path.stat().st_size > MOST_BYTES:
            raise ProjectError(
                f"{path.name} is no file of at most {MOST_BYTES >> 20} MiB. Write one, such as: fail-on = 'error'",
                f"{path.name} 应为不超过 {MOST_BYTES >> 20} MiB 的文件。请写入设置，如：fail-on = 'error'",
            )
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ProjectError(cannot_be_read(path.name, error)) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise ProjectError(
            f"{path.name} is no TOML in UTF-8: {error}.", f"{path.name} 不是 UTF-8 编码的 TOML：{error}。请更正。"
        ) from None


def _known(content: Mapping[str, Any], origin: str) -> dict[str, Chosen]:
    """Return the settings of a table.

    Raises:
        ProjectError: there is no such setting, or its value is no text, number or truth value.
    """
    names = [*(each.name for each in SETTINGS), IGNORE]
    found = {}
    for name, value in content.items():
        if name not in names:
            unknown = Text(f"{origin}: {name!r} is no setting.", f"{origin}：没有设置“{name}”。") + did_you_mean(name, names)
            raise ProjectError(unknown + Text(" `etl config` lists them.", "可用 `etl config` 查看全部设置。"))
        if name == IGNORE:
            continue
        if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
            value = ",".join(value)
        if not isinstance(value, str | int):
            raise ProjectError(
                f"{origin}: {name}: {value!r} is no text, whole number, true or false.",
                f"{origin}：{name} 的值 {value!r} 应为文本、整数、true 或 false。",
            )
        found[name] = Chosen(value, origin)
    return found
