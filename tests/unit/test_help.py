"""Help and usage errors in Chinese: complete, whatever chooses the language, and no wider than a terminal."""

from __future__ import annotations

import ast
import inspect
import re
import unicodedata
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

import etl.cli as etl_cli
from etl.cli import main
from etl.cli.chinese import texts_by_kind
from etl.cli.commands import COMMANDS, GROUPS

IN_CHINESE = {"LC_ALL": "zh_CN.UTF-8"}
IN_ENGLISH = {"LC_ALL": "", "LC_MESSAGES": "", "LANG": "C.UTF-8"}
# What only a programmer sees, or no command of this package has.
OF_PROGRAMMERS = re.compile(
    r"Deprecat|deprecat|defined twice|cannot use the same flag|Could not determine|No options defined|UUID"
    r"|Arguments take exactly|must be an iterable|Choice\(|Invalid start|colour|stream|Windows|^(file|path|directory)$"
    r"|^(Commands|Options|Positional arguments|deprecated)$|Confirm the action|Do you want to"
)
OF_HELP = ("Show the version and exit.", "Show this message and exit.")
OF_CLICK = ("core", "exceptions", "parser", "types", "formatting", "termui", "decorators")


def etl(*arguments: str, **environment: str) -> Result:
    return CliRunner(env=IN_ENGLISH | environment).invoke(main, arguments, catch_exceptions=False)


def texts_of_help() -> Iterator[tuple[str, str]]:
    """Yield each text of help with its kind."""
    yield from (("heading", heading) for heading in (*GROUPS, "Options"))
    yield "help", "Show this message and exit."
    for command in (main, *main.commands.values()):
        context = click.Context(command, info_name=command.name)
        yield from (("help", " ".join(each.split())) for each in inspect.cleandoc(command.help or "").split("\n\n"))
        placeholders = [command.options_metavar or "", *(each.make_metavar(context) for each in command.params)]
        yield from (("word", word) for each in placeholders for word in re.findall(r"[A-Z]{2,}", each))
        yield from (("help", each.help or "") for each in command.params if isinstance(each, click.Option))
    yield from (("word", word) for word in ("COMMAND", "ARGS"))


def texts_of_click() -> Iterator[str]:
    """Yield what click says to users."""
    for name in OF_CLICK:
        module = import_module(f"click.{name}")
        for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "ngettext"):
                yield from (each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str))


def columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in line)


def test_every_text_of_help_has_its_chinese_and_no_other_is_listed() -> None:
    needed = set(texts_of_help())
    listed = {(kind, en) for kind, texts in texts_by_kind().items() for en in texts if kind != "click"}
    assert needed - listed == set()
    assert listed - needed == set()


def test_every_text_of_click_that_users_meet_has_its_chinese() -> None:
    listed = texts_by_kind()["click"]
    said = {each for each in texts_of_click() if not OF_PROGRAMMERS.search(each)}
    assert said - {*listed, *OF_HELP} == set()
    for en, zh in listed.items():
        assert set(re.findall(r"\{\w+", zh)) <= set(re.findall(r"\{\w+", en)), en


@pytest.mark.parametrize("command", ["", *main.commands])
def test_help_in_chinese_has_no_english_sentence_and_fits_the_terminal(command: str) -> None:
    shown = etl(*command.split(), "--help", **IN_CHINESE).stdout
    assert shown.startswith("用法：etl")
    prose = re.sub(r"etl(?: [\w./-]+)+|'[^']*'", "", shown)
    assert not re.search(r"\b[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}\b", prose), shown
    assert max(map(columns, shown.splitlines())) <= 80


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        (("--help",), {"LC_ALL": "zh_CN.UTF-8"}),
        (("--help",), {"LC_MESSAGES": "zh_CN.UTF-8"}),
        (("check", "--help"), {"LANG": "zh_TW.UTF-8"}),
        (("--help",), {"ETL_LANGUAGE": "zh"}),
        (("--help", "--lang", "zh"), {}),
        (("--lang=zh", "check", "--help"), {"ETL_LANGUAGE": "en"}),
        (("check", "--help", "--lang", "zh"), {}),
    ],
)
def test_locale_variable_and_flag_choose_the_language_of_help(arguments: tuple[str, ...], environment: dict[str, str]) -> None:
    assert "用法" in etl(*arguments, **environment).stdout
    assert "Usage" in etl(*arguments, "--lang", "en", **environment).stdout


def test_the_settings_of_a_project_choose_the_language_of_help(tmp_path: Path) -> None:
    (tmp_path / "etl.toml").write_text('language = "zh"', encoding="utf-8")
    assert "用法" in etl("check", "--help", "--project", str(tmp_path)).stdout
    (tmp_path / "etl.toml").write_text("no toml [", encoding="utf-8")
    assert "Error: etl.toml" in etl("check", "--help", "--project", str(tmp_path)).stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("chek",), "没有命令 'chek'"),
        (("check", "--domian", "x"), "没有选项 '--domian'"),
        (("check", "--fail-on", "x"), "'--fail-on' 的值无效：'x' 不在可选值之列"),
        (("check", "--max-rows", "x"), "'x' 不是有效的数"),
        (("check", "--max-rows"), "选项 '--max-rows' 需要一个值"),
        (("proofread", "no-such-file"), "'文件...' 的值无效：'no-such-file' 不存在"),
        (("init",), "缺少参数 '文件夹'"),
        (("verify",), "请给出带引号的算式，或用 -f 给出算式文件"),
    ],
)
def test_what_is_wrong_with_arguments_is_said_in_chinese(arguments: tuple[str, ...], said: str) -> None:
    ran = etl(*arguments, **IN_CHINESE)
    assert ran.exit_code == 2
    assert said in ran.stderr
    assert not re.search(r"Error|Usage|Try ", ran.stderr)
    assert "Error: " in etl(*arguments).stderr


def test_help_in_english_stays_english_after_help_in_chinese() -> None:
    assert "显示本说明并退出。" in etl("check", "--help", **IN_CHINESE).stdout
    assert "Show this message and exit." in etl("check", "--help").stdout


def test_every_command_stands_under_one_heading() -> None:
    assert sorted(name for group in GROUPS.values() for name in group) == sorted(COMMANDS)


@pytest.mark.parametrize("path", sorted(Path(str(etl_cli.__file__)).parent.glob("*.py")), ids=lambda path: path.stem)
def test_every_error_of_the_command_line_is_made_in_both_languages(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert path.stem == "language" or called not in ("click.UsageError", "click.BadParameter"), ast.unparse(node)
            if called in ("ProjectError", "UsageError", "BadValue"):
                assert len(node.args) > 1 or isinstance(node.args[0], ast.Starred), ast.unparse(node)
