"""List the versions of a warehouse and their loads. Nothing here needs polars."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from etl.errors import ProjectError
from etl.publishing.versions import Version, current_version, rolled_back, versions
from etl.warehouse.database import fetch_rows

_TITLES = ("load", "loaded at (UTC)", "rows", "errors", "warnings", "MB", "")
_ASKED = """
    SELECT strftime(finished_at::TIMESTAMP, '%Y-%m-%d %H:%M:%S'), rows_loaded::VARCHAR, errors::VARCHAR, warnings::VARCHAR
    FROM quality.run
"""


def format_versions(target: Path) -> Iterator[str]:
    """Format the versions of a warehouse as lines, the newest first.

    Raises:
        ProjectError: no version is kept.
    """
    there, now, withdrawn = versions(target), current_version(target), rolled_back(target)
    if not there:
        raise ProjectError(f"No version of {target} is kept. Make one with `etl run`.")
    rows = [_TITLES]
    for each in reversed(there):
        state = "in force" if each == now else "rolled back" if each.load in withdrawn else ""
        rows.append((each.load, *_read_counts(each), f"{each.path.stat().st_size / 1e6:.1f}", state))
    widths = [max(len(row[column]) for row in rows) for column in range(len(_TITLES))]
    for row in rows:
        yield "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()


def _read_counts(version: Version) -> tuple[str, str, str, str]:
    """Read the time and counts of a load; blank where its file cannot be read."""
    counts = fetch_rows(version.path, _ASKED)
    if not counts or not counts[0]:
        return "unreadable", "", "", ""
    moment, loaded, errors, warnings = counts[0][0]
    return moment, loaded, errors, warnings
