"""The version is said once a place, and is the same everywhere."""

from __future__ import annotations

import re
import tomllib

import pytest
import yaml
from paths import ROOT

VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
MOST_LINES = 120
"""Three screens."""


def test_the_citation_names_the_version_and_its_day() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == VERSION
    assert f"## [{VERSION}] - {citation['date-released']}\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_changelogs_of_both_languages_have_the_same_versions_and_are_short() -> None:
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in ("CHANGELOG.md", "CHANGELOG.zh-CN.md")]
    versions = [re.findall(r"^## \[([\d.]+)\] - [\d-]+$", text, re.MULTILINE) for text in texts]
    assert versions[0] == versions[1]
    assert versions[0][0] == VERSION
    assert all(len(text.partition(f"## [{VERSION}]")[2].splitlines()) <= MOST_LINES for text in texts)


@pytest.mark.parametrize("name", ["docs/how-to/gate-in-ci.md", "docs/how-to/gate-in-ci.zh-CN.md"])
def test_pages_pin_the_tag_of_the_version(name: str) -> None:
    tags = re.findall(r"(?<=[@ ])v\d+\.\d+\.\d+", (ROOT / name).read_text(encoding="utf-8"))
    assert tags
    assert set(tags) == {f"v{VERSION}"}
