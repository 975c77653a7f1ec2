"""Propose a cell for each figure of a document: surely, as a question with up to three choices, or none with a reason."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from etl.catalogue import Catalogue
from etl.documents.document import Document
from etl.documents.extract import extract
from etl.intake.alignment import Order, Shares, align
from etl.intake.contexts import FIGURE, Context, contexts, has_numeral
from etl.intake.evidence import Evidence, Judge, Knowledge, LeftOut
from etl.intake.follows import GROWTH, Lead, leads
from etl.intake.given_changes import is_given
from etl.intake.levels import Level, Levels
from etl.intake.phrases import Phrase
from etl.intake.readings import Readings
from etl.intake.scope import Scope
from etl.intake.sources import DRAFT
from etl.intake.targets import OWN, THIS, Target, cell_of, name_of
from schemas.texts import Text

Class = Literal["sure", "ask", "none"]

_SURE = 0.85
"""The least probability of a sure proposal."""
_LEAST_OF_ITS_OWN = 0.12
"""The least that the words beside a figure must have of a cell that is sure: its neighbours alone are never enough."""
_WORDED, _MOST_UNEXPLAINED = (0.6, 0.35), (0.34, 0.85)
"""How alike a phrase must be for words beside a figure to need no name of its cell; and how many may have none."""
_STRANGE = 1.0
"""What it counts against a cell that words beside a figure are in none of its names."""
_RIVAL, _SPOKEN_OF, _IN_FULL = 0.4, 0.3, 0.7
_FAMILIAR = 0.15
"""From this part of figures in words of confirmed documents on, a document needs no doubts of its words."""
_CONTRADICTED, _SAME_WORDS = 1.4, 0.9
_SAME_SCOPE = 0.45
"""How alike a phrase must be for an area or period other than the document's to be sure."""
_NO_CELL = 4.6
"""The evidence that a cell must have to be more likely than none."""
_LIKE_ONE_LEFT_OUT = 4.0
_LEFT_OUT_AGAIN, _DECIDED = 0.85, 30.0
"""How alike a figure must be to one that a person left out to be left out again, whatever other documents print."""
_NOTHING = 0.6
"""From this probability of no cell on, none is proposed."""
_SURELY_NOTHING = 0.97
"""From this one on, though a column's name stands there."""
_NAMED = 0.55
_CHOICES, _ALSO_LIKELY = 3, 0.15
_SENTENCE_ENDS = re.compile("[。！？；]")
_UNTIL_NOW = re.compile("截至目前|截至发稿|迄今")
"""Words that say another day than the end of the document's period."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A cell that a figure may belong to.

    Attributes:
        target: the cell.
        row_key: the key of its row.
        confidence: its probability.
        reason: what speaks for it.
        name: what it is called.
        last: what it had last, and by how much the figure differs; empty where it had none.
    """

    target: Target
    row_key: str
    confidence: float
    reason: Text
    name: Text
    last: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed for a figure.

    Attributes:
        context: the figure, and what stands around it.
        kind: `sure`, `ask` or `none`.
        choices: the cells, the likeliest first, at most three.
        confidence: of the first, or of none.
        reason: why, or what is asked.
    """

    context: Context
    kind: Class
    choices: tuple[Choice, ...]
    confidence: float
    reason: Text


def propose(
    document: Document, catalogue: Catalogue, scope: Scope, source: str, known: Mapping[str, Sequence[Phrase]], levels: Levels
) -> list[Proposal]:
    """Propose a cell for each figure of a document.

    Args:
        document: as read.
        catalogue: of the project.
        scope: the document's area and period.
        source: its id, which row keys end with.
        known: the phrases of confirmed documents by source, that which it is most like first.
        levels: what the project has printed of each cell, which may turn a sure proposal into a question.
    """
    found = contexts(document, lambda read: extract(read, catalogue.notation))
    knowledge = Knowledge(catalogue, known, document.text)
    readings = Readings({each.printed for each in found}, knowledge.names.values(), catalogue.notation)
    judge = Judge(knowledge, scope, readings)
    candidates = judge.all_candidates(found)
    left_out = [judge.left_out(each) for each in found]
    is_familiar = _is_familiar(candidates)
    strange = 0.0 if is_familiar else _STRANGE
    scores = [{target: evidence.score - strange * evidence.strange for target, evidence in each.items()} for each in candidates]
    none = [_no_cell(each, evidence) for each, evidence in zip(left_out, candidates, strict=True)]
    shares = align(found, scores, none, Order(list(known.values())), judge.belongs)
    writer = _Writer(judge, levels, source, is_familiar)
    made = [
        writer.proposal(context, evidence, share, without.reason if without.alike > _SAME_SCOPE else "")
        for context, evidence, share, without in zip(found, candidates, shares, left_out, strict=True)
    ]
    return [writer.beside(each, made[lead.number], lead) if lead else each for each, lead in zip(made, leads(found), strict=True)]


def _is_open(follower: Proposal, led: Proposal) -> bool:
    """Whether a figure speaks of one of its table that is not sure."""
    return led.kind != "sure" and bool(led.choices) and follower.choices[0].target.table == led.choices[0].target.table


_WHICH_PERIOD = Text("of which period is it?", "属于哪一时期？")
GIVEN = Text("the change since the year before, which the tables give", "与上年相比的变化，可由表中数字得出")
_LEVEL_ASKED = Text("the figure before it, of which it speaks, is asked about", "其前所述的数字待选择")


def _is_familiar(candidates: Sequence[Mapping[Target, Evidence]]) -> bool:
    """Whether a document is worded as confirmed ones are, as next year's of the same area: not a few of its figures are."""
    alike = [max((evidence.phrase for evidence in each.values()), default=0.0) for each in candidates]

    return sum(each >= _WORDED[False] for each in alike) >= _FAMILIAR * len(alike)


def _no_cell(left_out: LeftOut, evidence: Mapping[Target, Evidence]) -> float:
    """Return the evidence that a figure has no cell: the more, the more it is like one that was left out."""
    cells = (each.phrase for each in evidence.values() if each.origin.startswith(f"{left_out.source} "))
    is_decided = left_out.alike >= _LEFT_OUT_AGAIN and left_out.alike > max(cells, default=0.0)
    return _DECIDED if is_decided else _NO_CELL + _LIKE_ONE_LEFT_OUT * max(0.0, left_out.alike - 0.3)


@dataclass(frozen=True)
class _Writer:
    """Make proposals of probabilities."""

    judge: Judge
    levels: Levels
    source: str
    is_familiar: bool

    def proposal(self, context: Context, evidence: Mapping[Target, Evidence], shares: Shares, left_out: str) -> Proposal:
        ranked = sorted((cell for cell in shares if cell is not None), key=lambda cell: -shares[cell])[:_CHOICES]
        choices = tuple(self._choice(context.printed, target, evidence[target], shares[target]) for target in ranked)
        nothing = shares.get(None, 0.0)
        is_named = bool(choices) and evidence[choices[0].target].column >= _NAMED
        if not choices or nothing >= (_SURELY_NOTHING if is_named and not left_out else _NOTHING):
            reason = Text(left_out, left_out) if left_out else self._no_cell(context)
            return Proposal(context, "none", choices, nothing, reason)
        first = choices[0]
        if question := self._question(context, first, evidence):
            if question == _WHICH_PERIOD:
                choices = self._of_other_periods(context, choices, evidence[first.target])
            return Proposal(context, "ask", choices, first.confidence, question)
        if first.confidence < _SURE:
            return Proposal(context, "ask", choices, first.confidence, self._doubt(choices, nothing))
        return Proposal(context, "sure", choices, first.confidence, first.reason)

    def beside(self, follower: Proposal, led: Proposal, lead: Lead) -> Proposal:
        """Return the proposal of a figure that speaks of another, by what is proposed for that one."""
        if follower.kind == "sure" and _is_open(follower, led):
            return replace(follower, kind="ask", reason=_LEVEL_ASKED)
        if follower.kind == "sure" or lead.kind != GROWTH or not led.choices:
            return follower
        target, printed = led.choices[0].target, led.context.printed
        bounds = self.judge.readings.bounds(printed, self.judge.names(target))
        now = Level(0.0, *bounds) if bounds else None
        between = follower.context.before.rpartition(FIGURE)[2]
        if is_given(follower.context, between, target, now, self.levels):
            return replace(follower, kind="none", confidence=1.0, reason=GIVEN)
        return follower

    def _of_other_periods(self, context: Context, choices: Sequence[Choice], evidence: Evidence) -> tuple[Choice, ...]:
        """Return the likeliest cell of the periods that it may be of, with the next cell where that is likely too."""
        first, *others = choices
        periods = [
            self._choice(context.printed, replace(first.target, period=each), evidence, 0.0)
            for each in self.judge.scope.other_periods
            if each != first.target.period
        ]
        likely = [each for each in others[:1] if each.confidence >= _ALSO_LIKELY]
        return (first, *periods[: _CHOICES - 1 - len(likely)], *likely, *others[len(likely) :])[:_CHOICES]

    def _choice(self, published: str, target: Target, evidence: Evidence, share: float) -> Choice:
        names = self.judge.names(target)
        parts: list[tuple[str, str]] = []
        if evidence.phrase >= 0.25:
            place = evidence.origin.removeprefix(f"{DRAFT} ")
            parts.append((f"worded as {evidence.origin}", f"措辞同{'底稿' if place != evidence.origin else ''} {place}"))
        if evidence.column >= 0.5:
            parts.append((f"names {names.column}", f"文中有“{names.column}”"))
        if evidence.table >= 0.5:
            parts.append((f"speaks of {names.table}", f"所述为“{names.table}”"))
        parts = parts or [("its neighbours are of the same place", "前后数字与之相邻")]
        reason = Text("; ".join(en for en, _ in parts), "；".join(zh for _, zh in parts))
        row_key, value = self.judge.scope.row_key(target, self.source), self.judge.readings.value(published, names)
        name = name_of(target, self.judge.knowledge.catalogue)
        return Choice(target, row_key, share, reason, name, self.levels.compared(target, value))

    def _question(self, context: Context, choice: Choice, candidates: Mapping[Target, Evidence]) -> Text | None:
        """Return what a person must say even of a likely cell; None where there is nothing."""
        target, evidence = choice.target, candidates[choice.target]
        if context.found.is_unclear:
            reason = context.found.reason
            return Text(f"the number is {reason}", f"数字不明确：{reason.partition(': ')[2]}")
        is_open = "/" in self.judge.scope.period and not context.period
        if target.period == THIS and (is_open or _UNTIL_NOW.search(context.sentence + _SENTENCE_ENDS.split(context.after)[0])):
            return _WHICH_PERIOD
        if not has_numeral(context.found.published):
            return Text("a bound in words: is it a figure, or part of a name?", "以文字表述的界限：是数字，还是名称的一部分？")
        if not self.is_familiar and not evidence.is_named:
            return Text("the text does not name its category", "文中未提及其类别")
        if not self.is_familiar and evidence.contradiction >= _CONTRADICTED and evidence.phrase < _SAME_WORDS:
            return Text("the text says something else than its names", "文中所述与其名称有别")
        most = _MOST_UNEXPLAINED[self.is_familiar]
        alike = evidence.of_its_own if self.is_familiar else evidence.phrase
        if alike < _WORDED[self.is_familiar] and evidence.unexplained > most:
            return Text("words beside it are of none of its names", "文中另有其名称所没有的词")
        if not self.is_familiar and (rival := self._rival(target, candidates)):
            names = self.judge.names(rival)
            return Text(f"or {names.table}, {names.column}?", f"或为“{names.table}”的“{names.column}”？")
        if evidence.of_its_own < _LEAST_OF_ITS_OWN:
            return Text("only its neighbours speak for it", "仅凭前后数字推断")
        if not context.is_cell and (target.area, target.period) != (OWN, THIS) and not self._is_known_scope(target, evidence):
            return Text("is it of this area and period?", "地区、时期是否如此？")
        value = self.judge.readings.value(context.printed, self.judge.names(target))
        last = self.levels.last(target)
        if last and value is not None and self.levels.is_far_from(target, value):
            return Text(f"{last[1]} in {last[0]}: is this the same figure?", f"{last[0]} 为 {last[1]}，是否同一指标？")
        return None

    def _rival(self, target: Target, candidates: Mapping[Target, Evidence]) -> Target | None:
        """Return a cell for which the words around a figure speak as much, so that only its neighbours decide."""
        least = candidates[target].score - _RIVAL
        rivals = [
            cell
            for cell, each in candidates.items()
            if cell_of(cell) != cell_of(target)
            and (each.score > least or self._is_twin(cell, each, target) or self._is_said(cell, each, target))
        ]
        return max(rivals, key=lambda cell: candidates[cell].score, default=None)

    def _is_twin(self, one: Target, evidence: Evidence, other: Target) -> bool:
        """Whether cells of two tables that are spoken of have one name, or that of one is part of the other's."""
        if evidence.table < _SPOKEN_OF:
            return False
        names = sorted((self.judge.names(each).column for each in (one, other)), key=len)
        return one.table != other.table and self.judge.names(one).unit == self.judge.names(other).unit and names[0] in names[1]

    def _is_said(self, cell: Target, evidence: Evidence, other: Target) -> bool:
        """Whether the text names a cell of another table in full, in a unit of that of a likelier cell."""
        is_named = min(evidence.near, evidence.table) >= _IN_FULL and evidence.contradiction < _CONTRADICTED
        return is_named and cell.table != other.table and self.judge.names(cell).unit == self.judge.names(other).unit

    def _is_known_scope(self, target: Target, evidence: Evidence) -> bool:
        role = self.judge.scope.role(target.period)
        return evidence.phrase >= _SAME_SCOPE and self.judge.knowledge.has_scope(target, role)

    def _doubt(self, choices: Sequence[Choice], nothing: float) -> Text:
        if len(choices) > 1 and choices[1].confidence >= nothing:
            second = self.judge.names(choices[1].target)
            return Text(f"or {second.table}, {second.column}?", f"或为“{second.table}”的“{second.column}”？")
        return Text("or of no table?", "或无对应的表？")

    def _no_cell(self, context: Context) -> Text:
        said = (context.clause[-12:] + context.rest_of_clause[:6]).strip("#@")
        return Text(f"no table has it: {said}", f"没有对应的表：{said}")
