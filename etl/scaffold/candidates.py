"""A rule that might hold on a table, and what speaks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from etl.scaffold.columns import FigureColumn
from etl.scaffold.wording import Wording
from schemas.claims import Claim
from schemas.vocabulary import Severity


@dataclass(frozen=True)
class Candidate:
    """A rule that might hold.

    Attributes:
        name: its statement in a few words, as the method is named.
        zh: the statement in Chinese.
        reason: why it must hold.
        wording: its claim.
        columns: the columns that it speaks of.
        target: the column that it explains, of which one rule is enough; empty where several may stand.
        is_by_name: whether the titles or the code list say it, so that the figures need only not deny it.
        severity: of a row that breaks it.
        tried: how many like it were tried: the more, the more one of them holds by chance.
        pool: what others it shares its evidence with; empty for none.
        rows: the rows that it was applied to, and that speak for it.
        bits: how much they speak for it.
        broken: the rows that break it.
    """

    name: str
    zh: str
    reason: str
    wording: Wording
    columns: tuple[FigureColumn, ...]
    target: str = ""
    is_by_name: bool = False
    severity: Severity = "error"
    tried: int = 1
    pool: str = ""
    rows: int = 0
    bits: float = 0.0
    broken: tuple[int, ...] = ()

    @property
    def claim(self) -> Claim:
        """The claim that it makes."""
        claim: Claim = self.wording.value
        return claim

    @property
    def rule_id(self) -> str:
        """The id of the rule."""
        return self.name.replace("_", "-")

    def renamed(self, name: str) -> Candidate:
        """Give it under another name."""
        return replace(self, name=name)


def listed(words: Sequence[str], last: str = " and ") -> str:
    """Give words as a sentence lists them."""
    return last.join(filter(None, (", ".join(words[:-1]), words[-1])))


def listed_zh(columns: Sequence[FigureColumn]) -> str:
    """Give the titles of columns as a Chinese sentence lists them; of many the first and their number."""
    if sum(len(each.zh) for each in columns) > 36:
        return f"{columns[0].zh}等{len(columns)}项"
    return "、".join(each.zh for each in columns)
