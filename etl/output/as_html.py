"""The validation report as one HTML file that needs nothing else: no script, no font, no picture, no network."""

from __future__ import annotations

from pathlib import Path

from etl.errors import ProjectError
from etl.output.report import Report
from etl.output.validation_report import validation_report

try:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
except ModuleNotFoundError as error:
    raise ProjectError("The HTML report needs Jinja2: pip install ip-bulletin-etl[report]") from error


def render(report: Report) -> str:
    """Give the validation report in HTML; every text in it is escaped."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("validation_report.html").render(told=validation_report(report))
