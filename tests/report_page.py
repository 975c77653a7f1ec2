"""A report of the project's own figures, some of whose texts try to be markup, and what its HTML holds."""

from __future__ import annotations

import base64
import gzip
import json
import shutil
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import duckdb
from conftest import ROOT
from small_warehouses import warehouse as warehouse_of

from etl.project import Project

SCRIPT = "</script><script>document.title='ran'</script>"
IMAGE = "<img src=x onerror=document.title='ran'>"
MADE_ON = datetime(2034, 1, 1, tzinfo=UTC)


def hostile_warehouse(root: Path) -> Path:
    """Give a warehouse of the project's own tables in which a figure, a finding and a name of a document are markup."""
    shutil.copytree(ROOT / "raw", root / "raw")
    path = warehouse_of(Project(root))
    with duckdb.connect(path) as connection:
        connection.execute("UPDATE quality.finding SET message = ?, message_zh = ?", [SCRIPT, IMAGE])
        connection.execute("UPDATE core.source SET title = title || ? WHERE source = 'ningbo-2025'", [SCRIPT])
        connection.execute(
            "UPDATE core.figure SET published = ? WHERE indicator = 'value_yuan' AND domain = 'customs' AND period = '2025'",
            [IMAGE],
        )
    return path


class Page(HTMLParser):
    """The tags of a page, the texts of its scripts and styles, and the Chinese texts of its figures by their numbers."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self.figures: list[tuple[int, str]] = []
        self._within = ""
        self._figure = -1
        self._is_chinese = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        self._within = tag
        if tag == "button":
            self._figure = int(attributes.get("data-figure") or -1)
        if tag == "span":
            self._is_chinese = attributes.get("class") == "zh"

    def handle_endtag(self, tag: str) -> None:
        self._within = ""
        if tag == "button":
            self._figure = -1

    def handle_data(self, data: str) -> None:
        if self._within in self.raw:
            self.raw[self._within].append(data)
        if self._figure >= 0 and self._is_chinese and self._within == "span":
            self.figures.append((self._figure, data))

    @property
    def policy(self) -> str:
        """What the page lets itself do."""
        return next(str(each["content"]) for tag, each in self.tags if tag == "meta" and "http-equiv" in each)

    @property
    def data(self) -> dict[str, Any]:
        """What the page's script knows of every figure."""
        return json.loads(gzip.decompress(base64.b64decode(self.raw["script"][0])))
