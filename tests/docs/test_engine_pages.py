"""The pages on engines: the same blocks in both languages, commands that there are, and every engine that there is."""

from __future__ import annotations

import re
import shlex

import pytest
from paths import ROOT

from etl.cli import main
from etl.engines.registry import KNOWN

PAGES = ("docs/how-to/engines.md", "docs/how-to/engines.zh-CN.md")


def text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page: str) -> list[str]:
    return re.findall(r"^```.*?^```", text(page), re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_a_page_has_the_options_that_it_is_shown_with(page: str) -> None:
    lines = [line for block in blocks(page) for line in block.splitlines() if line.startswith("etl ")]
    assert lines
    for line in [*lines, *re.findall(r"`(etl \w+ --[^`]+)`", text(page))]:
        _, name, *words = shlex.split(line)
        known = {option for parameter in main.commands[name].params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known, line


@pytest.mark.parametrize("page", PAGES)
def test_python_blocks_compile_and_engines_are_all_named(page: str) -> None:
    for block in blocks(page):
        if block.startswith("```python"):
            compile(block.removeprefix("```python").removesuffix("```"), page, "exec")
    assert all(f"`{name}`" in text(page) for name in KNOWN)
