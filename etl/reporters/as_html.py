"""Render the validation report as one self-contained HTML file."""

from __future__ import annotations

from pathlib import Path

from etl.html import render_template
from etl.reporters.check_report import CheckReport
from etl.reporters.validation_report import validation_report

_TEMPLATE = Path(__file__).with_name("validation_report.html")


def render_report(report: CheckReport) -> str:
    """Render the validation report in HTML; every text in it is escaped."""
    return render_template(_TEMPLATE, {"report": validation_report(report)}, keep_trailing_newline=True)
