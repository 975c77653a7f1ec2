"""Who confirmed which link of a document: a link that a machine proposed counts when a person has confirmed it.

`raw/sources/ID.links.csv` says of each figure how it came to its cell and who confirmed that. A document without such a file
was linked by hand.
"""

from __future__ import annotations

from collections.abc import Iterator

from etl.documents.reconcile_text import TAKEN_COLUMNS
from etl.findings import Finding, Place, Text, make_finding
from etl.project import Project, records
from schemas import builtin_rules

LINK_COLUMNS = ("section", "ordinal", "how", "by")
OPEN = "open"


def unconfirmed(project: Project) -> Iterator[Finding]:
    """Yield the findings of links that no person confirmed, and of figures that are not decided."""
    for source in project.sources:
        path = project.links(source)
        if path.is_file():
            yield from _of_document(project, source)


def _of_document(project: Project, source: str) -> Iterator[Finding]:
    links, taken = project.links(source), project.taken(source)
    listed = set()
    for line, row in enumerate(records(links, LINK_COLUMNS), start=2):
        position = (row["section"], row["ordinal"])
        place = f"{source} {position[0]}:{position[1]}"
        if row["how"] == OPEN:
            text = Text(f"the figure at {place} is not decided: choose its cell, or leave it out", f"{place} 的数字尚未确定归属")
            yield _finding(Place(project.relative(links), line), text)
            continue
        listed.add(position)
        if not row["by"].strip():
            text = Text(f"{place} is {row['how']}, and no person has confirmed it", f"{place} 的对应（{row['how']}）尚无人确认")
            yield _finding(Place(project.relative(links), line), text)
    for line, row in enumerate(records(taken, TAKEN_COLUMNS) if taken.is_file() else [], start=2):
        if (row["section"], row["ordinal"]) not in listed:
            place = f"{source} {row['section']}:{row['ordinal']}"
            text = Text(f"the link of {place} is not in {links.name}", f"{links.name} 中没有 {place} 的对应")
            yield _finding(Place(project.relative(taken), line), text)


def _finding(place: Place, text: Text) -> Finding:
    return make_finding(builtin_rules.LINK_IS_CONFIRMED, "", place, text)
