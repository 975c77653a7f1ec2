"""Report on documents that were proofread: the findings in every format of a check, and what was judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from etl.gate.check import Checked
from etl.proofreading.proofread import Proofread
from etl.reporters.check_report import CheckReport
from etl.tables.evaluate import Outcome
from schemas.document_rules import DOCUMENT_RULES
from schemas.texts import Language, Text


@dataclass(frozen=True)
class ProofreadReport(CheckReport):
    """The proofreading of documents with its language and display limits.

    Attributes:
        documents: the documents.
    """

    documents: tuple[Proofread, ...] = ()

    @property
    def counts(self) -> Counter[str]:
        """How many figures and tables the documents have, and how many findings of each severity there are."""
        counts = super().counts
        counts["figures"] = sum(each.figures for each in self.documents)
        counts["tables"] = sum(len(each.document.tables) for each in self.documents)
        return counts

    def verdict(self, language: Language) -> str:
        """Return the verdict in one line."""
        return verdict_of(self.documents).in_language(language)

    def summary(self) -> list[str]:
        """Return a line for each document, and one for all where there are several."""
        if self.detail == "quiet" and not self.exit_code:
            return []
        lines = [f"{each.document.name}: {verdict_of([each]).in_language(self.language)}" for each in self.documents]
        return lines if len(lines) == 1 else [*lines, self.verdict(self.language)]


def verdict_of(documents: Sequence[Proofread]) -> Text:
    """Say how many figures documents have, and how many relations hold, contradict or are not judged."""
    counts = sum((Counter(each.counts) for each in documents), Counter[str]())
    figures, unclear = sum(each.figures for each in documents), sum(each.unclear for each in documents)
    judged = sum(number for verdict, number in counts.items() if verdict != "cannot_be_said")
    wrong, rest = counts["contradicts"], counts["cannot_be_said"]
    unclear_en, unclear_zh = (f" ({unclear} unclear)", f"（另有 {unclear} 个未能确读）") if unclear else ("", "")
    return Text(
        f"figures: {figures}{unclear_en}; relations judged: {judged}; contradictions: {wrong}; found and not judged: {rest}",
        f"数字 {figures} 个{unclear_zh}；核对关系 {judged} 处，矛盾 {wrong} 处；另有 {rest} 处未作判断",
    )


def checked_of(documents: Sequence[Proofread]) -> Checked:
    """Return documents as a check, so that every reporter writes them."""
    outcomes = {each.document.name: _outcomes(each) for each in documents}
    return Checked({}, outcomes, [finding for each in documents for finding in each.findings], [])


def _outcomes(document: Proofread) -> list[Outcome]:
    """Count for each rule the relations that keep it, break it, or are not judged."""
    outcomes = []
    for rule in DOCUMENT_RULES:
        verdicts = Counter(each.verdict for each in document.judged if each.relation.rule is rule)
        if verdicts:
            kept = verdicts["agrees"] + verdicts["agrees_if_cut_off"]
            broken, cut_off = verdicts["contradicts"], verdicts["agrees_if_cut_off"]
            outcomes.append(
                Outcome(rule, "", kept, verdicts["cannot_be_said"], tuple(range(broken)), tuple(range(broken, broken + cut_off)))
            )
    return outcomes
