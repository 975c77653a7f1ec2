"""List the versions of a warehouse and their loads. Nothing here needs polars."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from etl.display_width import display_width, padded
from etl.errors import ProjectError
from etl.publishing.versions import Version, current_version, rolled_back, versions
from etl.warehouse.database import fetch_rows
from schemas.texts import NO_TEXT, Language, Text

_TITLES = (
    *(Text("load", "装载"), Text("loaded at (UTC)", "装载时间（UTC）"), Text("rows", "行数"), Text("errors", "错误")),
    *(Text("warnings", "警告"), Text("MB", "MB"), NO_TEXT),
)
_IN_FORCE, _ROLLED_BACK, _UNREADABLE = Text("in force", "现行"), Text("rolled back", "已撤回"), Text("unreadable", "无法读取")
_ASKED = """
    SELECT strftime(finished_at::TIMESTAMP, '%Y-%m-%d %H:%M:%S'), rows_loaded::VARCHAR, errors::VARCHAR, warnings::VARCHAR
    FROM quality.run
"""


def format_versions(target: Path, language: Language) -> Iterator[str]:
    """Format the versions of a warehouse as lines, the newest first.

    Raises:
        ProjectError: no version is kept.
    """
    there, now, withdrawn = versions(target), current_version(target), rolled_back(target)
    if not there:
        raise ProjectError(
            f"No version of {target} is kept. Make one with `etl run`.", f"{target} 没有保存任何版本。请用 `etl run` 生成。"
        )
    rows = [tuple(title.in_language(language) for title in _TITLES)]
    for each in reversed(there):
        state = _IN_FORCE if each == now else _ROLLED_BACK if each.load in withdrawn else NO_TEXT
        counts = _read_counts(each) or (_UNREADABLE.in_language(language), "", "", "")
        rows.append((each.load, *counts, f"{each.path.stat().st_size / 1e6:.1f}", state.in_language(language)))
    widths = [max(display_width(row[column]) for row in rows) for column in range(len(_TITLES))]
    for row in rows:
        yield "  ".join(padded(text, width) for text, width in zip(row, widths, strict=True)).rstrip()


def _read_counts(version: Version) -> tuple[str, str, str, str] | None:
    """Read the time and counts of a load; None where its file cannot be read."""
    counts = fetch_rows(version.path, _ASKED)
    if not counts or not counts[0]:
        return None
    moment, loaded, errors, warnings = counts[0][0]
    return moment, loaded, errors, warnings
