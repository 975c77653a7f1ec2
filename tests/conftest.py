"""What several test modules share: small projects in temporary folders."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pytest
from hypothesis import settings
from paths import ROOT as ROOT

from etl.project import Project

# A busy machine must not fail a test: nothing here is timed.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

SOURCE_COLUMNS = ("source", "title", "publisher", "published_on", "url", "area", "period", "kind", "sha256", "length")


def write_project(root: Path, tables: Mapping[str, str], sources: Iterable[str] = ("example-a", "example-b")) -> Project:
    """Give a project with these raw files (address -> text) and sources."""
    (root / "raw").mkdir(parents=True, exist_ok=True)
    with (root / "raw" / "sources.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(SOURCE_COLUMNS)
        writer.writerows([source, *[""] * (len(SOURCE_COLUMNS) - 1)] for source in sources)
    project = Project(root)
    for address, text in tables.items():
        path = project.raw(address)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return project


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Project]:
    """Give a function that makes a project of raw texts in the test's own folder."""
    return lambda tables, sources=("example-a", "example-b"): write_project(tmp_path, tables, sources)
