"""Every message is written in both languages: held by the syntax of the modules."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from paths import ROOT

from etl.errors import ProjectError
from schemas.texts import TextError

MODULES = [path for folder in ("etl", "schemas") for path in sorted((ROOT / folder).rglob("*.py"))]

_CHINESE = re.compile("[\u3400-\u9fff]")
_ENGLISH_WORD = re.compile(r"(?<![\w/.=-])[a-z]{3,}(?![\w/.=-])")


def messages(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Yield the calls that make a message, with the name of what is called."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id, node


def errors() -> set[str]:
    """Return the names of the errors that take a message; some make their own."""
    found, waiting = set[str](), [ProjectError, TextError]
    while waiting:
        each = waiting.pop()
        waiting += each.__subclasses__()
        if each.__init__ in (ProjectError.__init__, TextError.__init__):
            found.add(each.__name__)
    return found


def is_of_one_language(argument: ast.expr) -> bool:
    """Whether an expression is a text, and no pair of texts."""
    if isinstance(argument, ast.BinOp):
        return is_of_one_language(argument.left) and is_of_one_language(argument.right)
    is_text = isinstance(argument, ast.JoinedStr) or (isinstance(argument, ast.Constant) and isinstance(argument.value, str))
    return is_text or (isinstance(argument, ast.Call) and isinstance(argument.func, ast.Name) and argument.func.id == "str")


def written(argument: ast.expr) -> str:
    """Return what an expression writes out itself: no placeholder, and nothing in backticks."""
    parts = argument.values if isinstance(argument, ast.JoinedStr) else [argument]
    return re.sub("`[^`]*`", "", "".join(str(each.value) for each in parts if isinstance(each, ast.Constant)))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_error_is_raised_in_one_language_only(path: Path) -> None:
    names = errors()
    found = [
        call.lineno
        for name, call in messages(path)
        if name in names and len(call.args) == 1 and is_of_one_language(call.args[0]) and not call.keywords
    ]
    assert not found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_is_said_in_english_words_is_said_in_chinese_characters(path: Path) -> None:
    names = errors() | {"Text"}
    pairs = [call for name, call in messages(path) if name in names and len(call.args) == 2]
    literal = [call for call in pairs if all(isinstance(each, ast.Constant | ast.JoinedStr) for each in call.args)]
    texts = [(call.lineno, *map(written, call.args)) for call in literal]
    assert not [line for line, en, zh in texts if _ENGLISH_WORD.search(en) and not _CHINESE.search(zh)]
