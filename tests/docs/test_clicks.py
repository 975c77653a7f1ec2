"""How many clicks each page of the documentation is from the first one, by the navigation and the lists it leads to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest
import yaml
from paths import ROOT
from reference_pages import generated_pages

from etl.catalogue import Catalogue

MOST_CLICKS = 3
LINK = re.compile(r"\]\(([\w./-]+\.md)\)")
Nav = list[str | dict[str, "str | Nav"]]


def by_navigation(nav: Nav, clicks: int = 1) -> Iterator[tuple[str, int]]:
    """Yield each page of the navigation, with the clicks that open it: one a section, one for the page."""
    for entry in nav:
        page = entry if isinstance(entry, str) else next(iter(entry.values()))
        if isinstance(page, str):
            yield page, clicks
        else:
            yield from by_navigation(page, clicks + 1)


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    """Every page of the site by its path, those that are written when it is built too."""
    folder = ROOT / "docs"
    written = {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in folder.rglob("*.md")}
    return written | dict(generated_pages(Catalogue.of(ROOT)))


@pytest.mark.parametrize("suffix", ["", ".zh-CN"])
def test_every_page_is_reached_in_three_clicks(pages: dict[str, str], suffix: str) -> None:
    nav = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    clicks = {page.removesuffix(".md") + f"{suffix}.md": count for page, count in by_navigation(nav)}
    for page, count in list(clicks.items()):
        for linked in LINK.findall(pages[page]):
            target = (PurePosixPath(page).parent / linked).as_posix().removesuffix(".md") + f"{suffix}.md"
            clicks[target] = min(clicks.get(target, count + 1), count + 1)
    wanted = {page for page in pages if page.endswith(".zh-CN.md") == bool(suffix)}
    assert {page: clicks.get(page) for page in wanted if clicks.get(page, MOST_CLICKS + 1) > MOST_CLICKS} == {}
    assert len(wanted) > 100
