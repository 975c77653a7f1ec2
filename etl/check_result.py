"""Result of a check: the gate, the findings as a frame, and reports."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from etl.column_titles import ColumnTitles, column_titles, untitled
from etl.findings import Finding, full_message
from etl.formats import writer
from etl.gate.check import Checked
from etl.gate.git_diff import repository_prefix
from etl.gate.scope import Scope
from etl.gate.waivers import waivers
from etl.html_table import format_html_table
from etl.project import Project
from etl.version import package_version
from schemas.texts import Language

if TYPE_CHECKING:
    from etl.reporters.check_report import CheckReport
    from schemas.models import Severity

FINDING_COLUMNS = pl.Schema(
    {
        **dict.fromkeys(("severity", "rule", "file"), pl.String()),
        **dict.fromkeys(("line", "column"), pl.Int64()),
        **dict.fromkeys(("table", "row_key", "figure", "message", "message_zh", "waiver"), pl.String()),
        "count": pl.Int64(),
    }
)
"""The columns of `CheckResult.findings`."""

MOST_SHOWN = 20
"""How many findings a notebook shows."""


class Reportable(ABC):
    """A result that a notebook shows as its findings, and that is written as a report in every format."""

    @property
    @abstractmethod
    def ok(self) -> bool:
        """Whether nothing is found at or above the severity that fails."""

    @property
    @abstractmethod
    def findings(self) -> pl.DataFrame:
        """All findings, with the columns of `FINDING_COLUMNS`."""

    @property
    @abstractmethod
    def verdict(self) -> str:
        """The result in one line."""

    @abstractmethod
    def report(
        self, *, language: Language = "en", most: int = 20, mildest: Severity = "information", in_repository: bool = False
    ) -> CheckReport:
        """Return what every format of the report is written from.

        Args:
            language: of messages.
            most: how many findings of a rule are shown; all are counted.
            mildest: the mildest severity that is shown.
            in_repository: whether files are named from the root of their git repository, as GitHub does.
        """

    def to_text(self, path: str | Path | None = None, *, language: Language = "en") -> str:
        """Return the report as text; with `path`, write it there too."""
        return self._written("text", path, language)

    def to_json(self, path: str | Path | None = None, *, language: Language = "en") -> str:
        """Return the report as JSON, by `findings.schema.json`; with `path`, write it too."""
        return self._written("json", path, language)

    def to_junit(self, path: str | Path | None = None, *, language: Language = "en") -> str:
        """Return the report as JUnit XML; with `path`, write it there too."""
        return self._written("junit", path, language)

    def to_sarif(self, path: str | Path | None = None, *, language: Language = "en") -> str:
        """Return the report as SARIF 2.1.0; with `path`, write it there too."""
        return self._written("sarif", path, language)

    def to_markdown(self, path: str | Path | None = None, *, language: Language = "en") -> str:
        """Return the report as Markdown; with `path`, write it there too."""
        return self._written("markdown", path, language)

    def to_html(self, path: str | Path | None = None, *, language: Language = "en") -> str:
        """Return the report as HTML (extra `report`); with `path`, write it too.

        Raises:
            ProjectError: the extra is not installed.
        """
        return self._written("html", path, language)

    def _written(self, form: str, path: str | Path | None, language: Language) -> str:
        from etl.reporters.targets import write_text

        text: str = writer(form, "findings")(self.report(language=language, in_repository=form == "sarif"))
        if path is not None:
            write_text(Path(path), text)
        return text

    def _repr_html_(self) -> str:
        """Return the verdict and the first findings as HTML, which a notebook shows."""
        found = self.findings.filter(waiver="")
        shown = found.head(MOST_SHOWN).select("severity", "rule", "file", "line", "column", "message").iter_rows()
        rows = [(severity, rule, f"{file}:{line}:{column}", message) for severity, rule, file, line, column, message in shown]
        table = format_html_table(("severity", "rule", "place", "message"), rows) if rows else ""
        others = found.height - len(rows)
        more = f"<p>… and {others} more in <code>.findings</code></p>" if others else ""
        return f"<p><b>{escape(self.verdict)}</b></p>{table}{more}"


def findings_frame(findings: Iterable[Finding], titles: ColumnTitles = untitled) -> pl.DataFrame:
    """Return findings as a frame with the columns of `FINDING_COLUMNS`."""
    rows = [
        (
            *(each.severity, each.rule, each.place.file, each.place.line, each.place.column),
            *(each.table, each.row_key, each.column, full_message(each, "en"), full_message(each, "zh", titles), each.waiver),
            1 + each.more,
        )
        for each in findings
    ]
    return pl.DataFrame(rows, schema=FINDING_COLUMNS, orient="row")


@dataclass(frozen=True, eq=False)
class CheckResult(Reportable):
    """Result of a check.

    Attributes:
        project: the project that was checked.
        checked: its tables, and what the rules say of them.
        scope: what the check was narrowed to.
        fail_on: the mildest severity that shuts the gate; None for none.
    """

    project: Project
    checked: Checked
    scope: Scope = field(default_factory=Scope)
    fail_on: Severity | None = "error"

    @property
    def exit_code(self) -> int:
        """0 for an open gate, 1 for findings at `fail_on`, 2 for a rule that did not run."""
        return self.checked.exit_code(self.fail_on)

    @property
    def ok(self) -> bool:
        """Whether the gate is open."""
        return self.exit_code == 0

    @cached_property
    def findings(self) -> pl.DataFrame:
        """All findings, accepted ones too, in the order of their places.

        Columns: severity, rule, file, line, column (from 1), table (its address), row_key, figure (the column of the table),
        message (in English), message_zh, waiver (the reason for which it is accepted; empty for none) and count (how many
        breaches the row stands for).
        """
        return findings_frame(self.checked.findings, column_titles(self.checked.catalogue))

    def report(
        self, *, language: Language = "en", most: int = 20, mildest: Severity = "information", in_repository: bool = False
    ) -> CheckReport:
        from etl.reporters.check_report import CheckReport

        root = self.project.root
        return CheckReport(
            *(self.checked, self.exit_code, self.fail_on, language, most, mildest, self.scope),
            *(
                tuple(waivers(self.project)),
                repository_prefix(root) if in_repository else "",
                package_version(),
                datetime.now(UTC),
            ),
        )

    def __repr__(self) -> str:
        return f"<CheckResult: {self.verdict}>"

    @property
    def verdict(self) -> str:
        """The gate, and how many findings there are of each severity."""
        counts = self.findings.filter(waiver="").group_by("severity").agg(pl.col("count").sum())
        numbers = dict(counts.iter_rows())
        told = [f"{numbers[each]} {each}" for each in ("error", "warning", "information") if each in numbers]
        return f"the gate is {'open' if self.ok else 'shut'}: {', '.join(told) or 'no findings'}"
