"""Model a report: findings, language and display limits, for all formats."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Literal

from etl.column_titles import ColumnTitles, column_titles
from etl.findings import Finding, Witness, is_at_least
from etl.gate.check import Checked
from etl.gate.scope import Scope
from etl.gate.summary import domain_table, totals, verdict
from etl.gate.waivers import Waiver
from etl.tables.explain import span
from schemas.models import Severity
from schemas.texts import Language, Text

TOOL = "ip-bulletin-etl"
Detail = Literal["quiet", "usual", "full"]


@dataclass(frozen=True)
class CheckReport:
    """A check with its language and display limits.

    Attributes:
        checked: the check, within the scope.
        exit_code: the verdict on it.
        fail_on: the mildest severity that shuts the gate; None where none does.
        language: of messages.
        most: how many findings of a rule are shown; all are counted.
        mildest: the mildest severity that is shown.
        scope: the limits of the check.
        waivers: those of `raw/waivers.csv`.
        prefix: path of the project within its repository, with a slash at the end; empty where they are one.
        version: of this package.
        made_at: when the check was made.
        detail: how much text says beside the findings.
        width: of the terminal that text goes to; None where it goes to none.
    """

    checked: Checked
    exit_code: int
    fail_on: Severity | None = "error"
    language: Language = "en"
    most: int = 20
    mildest: Severity = "information"
    scope: Scope = field(default_factory=Scope)
    waivers: tuple[Waiver, ...] = ()
    prefix: str = ""
    version: str = ""
    made_at: datetime | None = None
    detail: Detail = "usual"
    width: int | None = None

    @cached_property
    def shown(self) -> list[Finding]:
        """The findings not waived, up to `most` of each rule, and none below `mildest`."""
        return self._capped([each for each in self.checked.findings if not each.waiver])

    @cached_property
    def accepted(self) -> list[Finding]:
        """The accepted findings, at most `most` of each rule."""
        return self._capped([each for each in self.checked.findings if each.waiver])

    @cached_property
    def omitted(self) -> dict[str, int]:
        """The number of findings of each rule that `most` leaves out."""
        listed: Counter[str] = Counter()
        more: Counter[str] = Counter()
        for each in self.checked.findings:
            if not each.waiver and self._is_shown(each):
                listed[each.rule] += 1
                more[each.rule] += each.more
        omitted = {rule: max(0, of_rule - self.most) + more[rule] for rule, of_rule in listed.items()}
        return {rule: number for rule, number in omitted.items() if number}

    @cached_property
    def titles(self) -> ColumnTitles:
        """The titles of the columns of its tables."""
        return column_titles(self.checked.catalogue)

    @cached_property
    def not_run(self) -> dict[tuple[str, str], list[str]]:
        """Which rules did not run, by the address of the table and the reason."""
        rules: dict[tuple[str, str], list[str]] = {}
        for address, outcome in self.checked.rules_not_run():
            rules.setdefault((address, self.in_language(outcome.not_run)), []).append(outcome.rule.id)
        return {reason: list(dict.fromkeys(names)) for reason, names in rules.items()}

    @property
    def counts(self) -> Counter[str]:
        """How many tables, rows, rejected rows and figures were checked, and how many findings there are."""
        return totals(self.checked)

    def verdict(self, language: Language) -> str:
        """Return the verdict in one line."""
        return verdict(self.checked, self.exit_code, language)

    def summary(self) -> list[str]:
        """Return the lines that end the report as text: the domains that have findings, if several have, and the verdict."""
        if self.detail == "quiet":
            return [self.verdict(self.language)] if self.exit_code else []
        table = domain_table(self.checked, self.language, every=self.detail == "full", width=self.width)
        return [*([table] if table else []), self.verdict(self.language)]

    @cached_property
    def fingerprints(self) -> dict[int, str]:
        """The fingerprint of each finding, by its identity.

        It is made of rule, table, row and column, so it survives a move of the line.
        Without row and column, as of a file that cannot be read, the message takes their place.
        """
        seen: Counter[tuple[str, ...]] = Counter()
        prints = {}
        for finding in self.checked.findings:
            within = (finding.row_key, finding.column) if finding.row_key or finding.column else (finding.message.en,)
            name = (finding.rule, finding.table or finding.place.file, *within)
            seen[name] += 1
            text = "\0".join((*name, str(seen[name])))
            prints[id(finding)] = hashlib.sha256(text.encode()).hexdigest()[:32]
        return prints

    def in_language(self, text: Text) -> str:
        """Return a text in the language of the report."""
        return text.in_language(self.language)

    def _is_shown(self, finding: Finding) -> bool:
        return is_at_least(finding.severity, self.mildest)

    def _capped(self, findings: list[Finding]) -> list[Finding]:
        number: Counter[str] = Counter()
        kept = []
        for finding in findings:
            if not self._is_shown(finding):
                continue
            number[finding.rule] += 1
            if number[finding.rule] <= self.most:
                kept.append(finding)
        return kept


def format_witness(witness: Witness) -> str:
    """Format a cell that takes part: its place, its print, and its interval."""
    interval = span(witness.low, witness.high, "")
    return f"{witness.place} {witness.address} {witness.published}" + (f" ({interval})" if interval else "")
