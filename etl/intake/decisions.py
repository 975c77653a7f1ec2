"""The decisions on a document's figures: proposals as a person left them, read back from their table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from etl.documents.citations import CellAddress, Position
from etl.documents.confirmations import ALIGNED, BY_HAND, CHOSEN, LEFT_OUT, OPEN
from etl.errors import ProjectError
from etl.files import listed
from etl.intake.proposals import PROPOSAL_COLUMNS
from etl.intake.propose import Proposal


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided of a figure.

    Attributes:
        position: section and ordinal.
        published: as printed.
        printed: with the unit that the header of its table says.
        cell: table, row key and column; None where it has none.
        how: `aligned`, `chosen`, `by hand`, `left out` or `open`.
        reason: why it is left out.
        by: who confirmed it; empty where nobody has.
    """

    position: Position
    published: str
    printed: str
    cell: CellAddress | None
    how: str
    reason: str
    by: str


def read_decisions(path: Path, proposals: Sequence[Proposal], by: str) -> list[Decision]:
    """Read the decisions of a table of proposals; `by` confirms those that are not open and name nobody.

    Raises:
        ProjectError: the file is no such table, a row is of another document, or a figure of the document has no row.
    """
    rows = listed(path, PROPOSAL_COLUMNS)
    proposed = {(each.context.found.section, str(each.context.found.ordinal)): each for each in proposals}
    found: dict[Position, Decision] = {}
    for line, row in zip(rows.lines, rows.records(), strict=True):
        position = (row["section"], row["ordinal"])
        proposal = proposed.get(position)
        if proposal is None or proposal.context.found.published != row["published"]:
            raise ProjectError(
                f"{path}:{line}:1: {row['published']} is not figure {position[1]} of section {position[0]} of the document.",
                f"{path}:{line}:1: “{row['published']}”不是文件第 {position[0]} 节的第 {position[1]} 个数字。",
            )
        if position in found:
            raise ProjectError(
                f"{path}:{line}:1: figure {position[1]} of section {position[0]} has two rows.",
                f"{path}:{line}:1: 第 {position[0]} 节的第 {position[1]} 个数字有两行；请删去其一。",
            )
        found[position] = _decision(path, line, row, proposal, by)
    missing = next((position for position in proposed if position not in found), None)
    if missing:
        raise ProjectError(
            f"{path}: figure {missing[1]} of section {missing[0]} has no row.",
            f"{path}: 第 {missing[0]} 节的第 {missing[1]} 个数字没有行；请补上。",
        )
    return [found[position] for position in proposed]


def _decision(path: Path, line: int, row: dict[str, str], proposal: Proposal, by: str) -> Decision:
    position, kind = (row["section"], row["ordinal"]), row["class"]
    given = (row["table"], row["row_key"], row["column"])
    if kind not in ("sure", "ask", "none"):
        raise ProjectError(
            f"{path}:{line}:7: the class {kind!r} is none of sure, ask and none.",
            f"{path}:{line}:7: class 为“{kind}”，应为 sure、ask、none 之一。",
        )
    if kind == "sure" and not all(given):
        raise ProjectError(
            f"{path}:{line}:4: a figure of the class sure needs table, row_key and column.",
            f"{path}:{line}:4: class 为 sure 的数字须写明 table、row_key 与 column。",
        )
    if kind == "none" and not row["reason"].strip():
        raise ProjectError(
            f"{path}:{line}:9: a figure that is left out needs a reason.", f"{path}:{line}:9: 未收录的数字须写明 reason（理由）。"
        )
    if kind == "ask":
        return Decision(position, row["published"], proposal.context.printed, None, OPEN, "", "")
    confirmed = row["by"] or by
    if kind == "none":
        return Decision(position, row["published"], proposal.context.printed, None, LEFT_OUT, row["reason"], confirmed)
    choices = [(each.target.table, each.row_key, each.target.column) for each in proposal.choices]
    is_first = proposal.kind == "sure" and choices[:1] == [given]
    how = ALIGNED if is_first else CHOSEN if given in choices else BY_HAND
    return Decision(position, row["published"], proposal.context.printed, given, how, "", confirmed)
