"""The commands of the shell, which begin with a dot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from etl.errors import ProjectError, UnknownNameError, did_you_mean
from etl.sandbox.ask import Limits
from etl.shell.names import NamesInForce
from etl.warehouse.sql_names import literal

Language = Literal["zh", "en"]
_Number = TypeVar("_Number", int, float)
STYLES = ("table", "csv", "json", "markdown")

HELP: dict[str, tuple[str, str, str]] = {
    ".tables": (
        "[WORD]",
        "tables and views, all or those that have a word in name or meaning",
        "列出表和视图；可只列名称或含义中有某词的",
    ),
    ".schema": (
        "[NAME]",
        "columns of a table, of a schema or of all: types and meanings",
        "列出一张表、一个模式或全部的列：类型与含义",
    ),
    ".timing": ("on|off", "say how long each query took", "是否显示每次查询的用时"),
    ".paging": ("on|off", "show what does not fit on the screen through a pager", "屏幕放不下的结果是否分页显示"),
    ".format": ("table|csv|json|markdown", "form of results", "结果的格式"),
    ".limit": ("ROWS", "most rows of a result; 0 for all", "结果最多的行数，0 为全部"),
    ".timeout": ("SECONDS", "how long a query may take", "一次查询最长的秒数"),
    ".help": ("", "this list", "显示本说明"),
    ".quit": ("", "leave; so does Ctrl-D", "退出，也可按 Ctrl-D"),
}
"""Each command: its argument, and what it does in English and Chinese."""

_HINTS = {
    "en": "A query may take several lines and ends with a semicolon. Tab completes, Ctrl-R looks for a query of before,\n"
    "Ctrl-X Ctrl-E opens $EDITOR, Ctrl-C ends a query that takes too long.\n"
    "Each query stands alone: what one sets, the next does not know.",
    "zh": "查询可写多行，以分号结束。Tab 补全，Ctrl-R 查找以前的查询，Ctrl-X Ctrl-E 打开 $EDITOR，Ctrl-C 结束耗时过长的查询。\n"
    "每次查询各自独立，前一次的设置对后一次无效。",
}


@dataclass(slots=True)
class Settings:
    """What the commands of a session can set.

    Attributes:
        limits: of each query.
        style: form of the results.
        timing: whether the time of a query is told.
        paging: whether a result that does not fit goes through a pager.
        language: of what is explained.
    """

    limits: Limits
    style: str
    language: Language
    timing: bool = True
    paging: bool = True


@dataclass(frozen=True, slots=True)
class Said:
    """What a command comes to: a text to show, or a query to run."""

    text: str = ""
    query: str = ""


def explained(language: Language) -> dict[str, tuple[str, str]]:
    """Give the commands, each with its argument and what it does."""
    return {name: (argument, zh if language == "zh" else en) for name, (argument, en, zh) in HELP.items()}


def obey(line: str, settings: Settings, names: NamesInForce) -> Said:
    """Carry out a command.

    Raises:
        EOFError: it is the one to leave.
        ProjectError: there is no such command, or no such name.
    """
    command, *arguments = line.split()
    argument = " ".join(arguments)
    if command in (".quit", ".exit"):
        raise EOFError
    if command not in HELP:
        raise ProjectError(f"No command {command!r}.{did_you_mean(command, HELP)} .help lists them.")
    if command in _ASKED:
        return Said(query=_ASKED[command](argument, names))
    if command == ".help":
        width = max(len(f"{name} {argument}") for name, (argument, *_) in HELP.items())
        lines = (
            f"{f'{name} {argument}':<{width}}  {meaning}" for name, (argument, meaning) in explained(settings.language).items()
        )
        return Said("\n".join((_HINTS[settings.language], "", *lines)))
    return Said(_set(command, argument, settings))


def _set(command: str, argument: str, settings: Settings) -> str:
    """Set what a command names, or tell what it is where nothing is given."""
    try:
        if not argument:
            pass
        elif command == ".timing":
            settings.timing = _switch(argument)
        elif command == ".paging":
            settings.paging = _switch(argument)
        elif command == ".format":
            settings.style = STYLES[STYLES.index(argument)]
        elif command == ".limit":
            settings.limits = replace(settings.limits, rows=_not_negative(int(argument)))
        else:
            settings.limits = replace(settings.limits, seconds=_not_negative(float(argument)))
    except ValueError:
        raise ProjectError(f"{command} takes {HELP[command][0]}, not {argument!r}.") from None
    held = {
        ".timing": "on" if settings.timing else "off",
        ".paging": "on" if settings.paging else "off",
        ".format": settings.style,
        ".limit": settings.limits.rows,
        ".timeout": f"{settings.limits.seconds:g}",
    }
    return f"{command} {held[command]}"


def _switch(word: str) -> bool:
    return not ("on", "off").index(word)


def _not_negative(number: _Number) -> _Number:
    if not 0 <= number < float("inf"):
        raise ValueError
    return number


def _tables(word: str, names: NamesInForce) -> str:
    del names
    wanted = f"WHERE contains(lower(concat_ws(' ', name, meaning)), {literal(word.lower())})" if word else ""
    return f"""
        FROM (
            SELECT concat_ws('.', schema_name, table_name) AS name, estimated_size AS rows, comment AS meaning
            FROM duckdb_tables() WHERE database_name = current_database()
            UNION ALL
            SELECT concat_ws('.', schema_name, view_name), NULL, comment
            FROM duckdb_views() WHERE database_name = current_database() AND NOT internal
        ) {wanted} ORDER BY name
    """


def _schema(name: str, names: NamesInForce) -> str:
    every = names.waited_for()
    found = every.called(name) if name else every.relations
    if not found:
        known = {text for each in every.relations for text in (each.schema, each.name, each.address)}
        raise UnknownNameError("table", name, known)
    wanted = ", ".join(f"({literal(each.schema)}, {literal(each.name)})" for each in found)
    shown = "column_name" if len(found) == 1 else "concat_ws('.', schema_name, table_name, column_name)"
    return f"""
        SELECT {shown} AS "column", data_type AS type, comment AS meaning
        FROM duckdb_columns() WHERE (schema_name, table_name) IN ({wanted}) ORDER BY schema_name, table_name, column_index
    """


_ASKED: dict[str, Callable[[str, NamesInForce], str]] = {".tables": _tables, ".schema": _schema}
