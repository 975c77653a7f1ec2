"""Query what the gate found, in this load and in those before it, and which documents the figures come from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from etl.escape import visible
from etl.publishing.versions import rolled_back, versions
from etl.warehouse.database import fetch_rows
from etl.warehouse.query import RunQuery

MOST_FINDINGS = 200
_QUERIES = {
    "gate": "SELECT * FROM report.gate",
    "scorecard": "SELECT * FROM report.data_quality",
    "rules": "SELECT * FROM report.rule_results",
    "findings": f"""
        SELECT * FROM quality.finding WHERE NOT is_waived
        ORDER BY array_position(['error', 'warning', 'information'], severity), file, line LIMIT {MOST_FINDINGS}
    """,
    "waivers": "SELECT * FROM quality.waiver ORDER BY address, rule",
    "documents": """
        SELECT documents.*, sources.url, sources.kind
        FROM report.documents AS documents JOIN core.source AS sources USING (source)
    """,
    "left_out": """
        SELECT source, section, ordinal, published, reason_left_out
        FROM core.ledger WHERE reason_left_out IS NOT NULL ORDER BY source, position
    """,
}
_COUNTS = """
    SELECT strftime(finished_at::TIMESTAMP, '%Y-%m-%d %H:%M'), errors, warnings, information, waived, rows_loaded, rows_rejected
    FROM quality.run
"""


def quality_parts(run_query: RunQuery) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield what the page says of quality and sources, by name."""
    for name, sql in _QUERIES.items():
        yield name, [_visible(row) for row in run_query(sql, None).to_dicts()]


def findings_by_load(warehouse: Path) -> list[tuple[Any, ...]]:
    """List how many findings each kept load of the warehouse has, the oldest first; loads that were rolled back are left out.

    Returns:
        For each load its time, errors, warnings, information, waived findings, rows loaded and rows rejected.
    """
    withdrawn = rolled_back(warehouse)
    kept = [version.path for version in versions(warehouse) if version.load not in withdrawn] or [warehouse]
    return [row for path in kept for rows in fetch_rows(path, _COUNTS) or [] for row in rows]


def _visible(row: dict[str, Any]) -> dict[str, Any]:
    return {name: visible(value) if isinstance(value, str) else value for name, value in row.items()}
