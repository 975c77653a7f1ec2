"""Who confirmed which link of a document: a link that a machine proposed counts when a person has confirmed it.

`raw/sources/ID.links.csv` says of each figure how it came to its cell and who confirmed that. A document without such a file
was linked by hand.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from etl.documents.ledger_faults import LEDGER_COLUMNS, TAKEN_CHECKS, TAKEN_COLUMNS
from etl.files import Check, listed, records
from etl.findings import Finding, Place, make_finding
from etl.project import Project
from schemas import builtin_rules
from schemas.hand_edited import HandEditedList
from schemas.texts import Text

LINK_COLUMNS = ("section", "ordinal", "how", "by")
ALIGNED, CHOSEN, BY_HAND, LEFT_OUT, OPEN = "aligned", "chosen", "by hand", "left out", "open"
"""How a figure came to its cell: by the machine, as one of its choices, by a person; or left out, or not decided."""

_WAY = Text("is no way in which a figure comes to its cell", f"应为 {'、'.join((ALIGNED, CHOSEN, BY_HAND, LEFT_OUT, OPEN))} 之一")
_CHECKS: Sequence[Check] = (
    lambda each: each.repeated("section", "ordinal"),
    lambda each: each.unknown("how", (ALIGNED, CHOSEN, BY_HAND, LEFT_OUT, OPEN), _WAY),
)


def unconfirmed(project: Project) -> Iterator[Finding]:
    """Yield the findings of links that no person confirmed, and of figures that are not decided."""
    for source in project.sources:
        if os.path.lexists(project.links(source)):
            yield from _of_document(project, source)


def links(project: Project, source: str) -> HandEditedList:
    """Read who confirmed which link of a document.

    Raises:
        ProjectError: the list cannot be read, or is edited wrongly; names the places.
    """
    return listed(project.links(source), LINK_COLUMNS, project.root, _CHECKS)


def _of_document(project: Project, source: str) -> Iterator[Finding]:
    path, taken = project.links(source), project.taken(source)
    confirmed, known = links(project, source), set()
    printed = {(row["section"], row["ordinal"]) for row in records(project.ledger(source), LEDGER_COLUMNS, project.root)}
    for line, row in zip(confirmed.lines, confirmed.records(), strict=True):
        position = (row["section"], row["ordinal"])
        place = f"{source} {position[0]}:{position[1]}"
        if row["how"] == OPEN:
            text = Text(f"the figure at {place} is not decided: choose its cell, or leave it out", f"{place} 的数字尚未确定归属")
            yield _finding(Place(project.relative(path), line), text)
            continue
        known.add(position)
        if position not in printed:
            text = Text(f"the ledger has no figure {place}; delete the row", f"台账中没有 {place}；请删去本行")
            yield _finding(Place(project.relative(path), line), text)
        if not row["by"].strip():
            text = Text(f"{place} is {row['how']}, and no person has confirmed it", f"{place} 的对应（{row['how']}）尚无人确认")
            yield _finding(Place(project.relative(path), line), text)
    if not os.path.lexists(taken):
        return
    linked = listed(taken, TAKEN_COLUMNS, project.root, TAKEN_CHECKS)
    for line, row in zip(linked.lines, linked.records(), strict=True):
        if (row["section"], row["ordinal"]) not in known:
            place = f"{source} {row['section']}:{row['ordinal']}"
            text = Text(f"the link of {place} is not in {path.name}", f"{path.name} 中没有 {place} 的对应")
            yield _finding(Place(project.relative(taken), line), text)


def _finding(place: Place, text: Text) -> Finding:
    return make_finding(builtin_rules.LINK_IS_CONFIRMED, "", place, text)
