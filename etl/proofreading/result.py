"""The front door of proofreading, and its result: the verdict, the findings as a frame, and reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from etl.catalogue import PACKAGE, Catalogue
from etl.check_result import Reportable, findings_frame
from etl.documents.document import Document
from etl.documents.forms.plain_text import read_text
from etl.documents.read import read_document
from etl.gate.git_diff import repository_prefix
from etl.gate.scope import Scope
from etl.proofreading.proofread import Proofread
from etl.proofreading.proofread import proofread as proofread_document
from etl.proofreading.report import ProofreadReport, checked_of, verdict_of
from etl.registers.progress import Progress, Say, silent
from etl.version import package_version
from schemas.texts import Language, Text

if TYPE_CHECKING:
    import polars as pl

    from schemas.models import Severity


@dataclass(frozen=True, eq=False)
class ProofreadResult(Reportable):
    """Result of proofreading documents.

    Attributes:
        documents: the documents, with every relation that they state and its verdict.
        fail_on: the mildest severity that counts as a contradiction; None for none.
    """

    documents: tuple[Proofread, ...]
    fail_on: Severity | None = "error"

    @property
    def exit_code(self) -> int:
        """0 where nothing contradicts at `fail_on` or above, else 1."""
        return checked_of(self.documents).exit_code(self.fail_on)

    @property
    def ok(self) -> bool:
        """Whether nothing contradicts at `fail_on` or above."""
        return self.exit_code == 0

    @cached_property
    def findings(self) -> pl.DataFrame:
        """All findings in the order of their places, with the columns of `CheckResult.findings`; `table` is the document."""
        return findings_frame(finding for each in self.documents for finding in each.findings)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many figures there are, how many numbers are unclear, and how many relations have each verdict."""
        counts = {
            "figures": sum(each.figures for each in self.documents),
            "unclear": sum(each.unclear for each in self.documents),
        }
        names = ("agrees", "agrees_if_cut_off", "contradicts", "cannot_be_said")
        return counts | {name: sum(each.counts.get(name, 0) for each in self.documents) for name in names}

    @property
    def verdict(self) -> str:
        """How many relations were judged, and how many contradict."""
        return verdict_of(self.documents).en

    def __repr__(self) -> str:
        return f"<ProofreadResult: {self.verdict}>"

    def report(
        self, *, language: Language = "en", most: int = 20, mildest: Severity = "information", in_repository: bool = False
    ) -> ProofreadReport:
        checked = checked_of(self.documents)
        return ProofreadReport(
            *(checked, self.exit_code, self.fail_on, language, most, mildest, Scope(), ()),
            *(repository_prefix(Path.cwd()) if in_repository else "", package_version(), datetime.now(UTC)),
            documents=self.documents,
        )


def proofread(
    document: str | Path | Document | Sequence[str | Path | Document] | None = None,
    *,
    text: str | None = None,
    fail_on: Severity | None = "error",
    catalogue: Catalogue = PACKAGE,
    say: Say = silent,
) -> ProofreadResult:
    """Check whether the figures of documents agree with each other, by the relations that each document states itself.

    Args:
        document: path of a document, or what was read of one, or several of them.
        text: the text of a document, in place of one.
        fail_on: the mildest severity that counts as a contradiction; None for none.
        catalogue: whose units and hedges are known.
        say: called with the progress where there are several documents.

    Returns:
        `ok`, `findings` (a frame), `counts` (figures, unclear numbers, relations by verdict), `documents` (every relation with
        its verdict), and reports as text, JSON, JUnit, SARIF, Markdown and HTML.

    Raises:
        ProjectError: a document cannot be read, or is in a language that is not read.
        TypeError: neither a document nor a text is given, or both.
    """
    if (document is None) == (text is None):
        raise TypeError("Give a document or a text, one of them.")
    given: Sequence[str | Path | Document] = (
        [read_text(text, "-")]
        if text is not None
        else [document]
        if isinstance(document, str | Path | Document)
        else document or ()
    )
    progress = Progress(Text("proofreading", "正在校对"), say, len(given))
    read = (each if isinstance(each, Document) else read_document(each) for each in progress.watch(given))
    return ProofreadResult(tuple(proofread_document(each, catalogue.notation) for each in read), fail_on)
