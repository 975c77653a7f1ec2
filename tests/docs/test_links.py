"""Every link of a page to a file, and every file of the tests or of the architecture that a page names, is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from paths import ROOT

PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
# Written when the site is built.
GENERATED = re.compile(r"(?:\bmeasurements\.md|reference/(?:commands|settings|rules/index|tables/index)(?:\.zh-CN)?\.md)")
TEST = re.compile(r"\btests/(?!examples)[\w/]+\.py")
NAMED = re.compile(r"`((?:etl|schemas|tests)/[\w/.-]+)`")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_page_links_only_to_what_is_there(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert [target for target in targets if not ((page.parent / target).exists() or GENERATED.search(target))] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_page_names_only_files_of_the_tests_that_are_there(page: Path) -> None:
    assert [path for path in TEST.findall(page.read_text(encoding="utf-8")) if not (ROOT / path).is_file()] == []


@pytest.mark.parametrize("name", ["docs/explanation/architecture.md", "docs/explanation/architecture.zh-CN.md"])
def test_the_architecture_names_only_files_that_are_there(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert [path for path in NAMED.findall(text) if not (ROOT / path).exists()] == []
