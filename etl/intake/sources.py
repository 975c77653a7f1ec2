"""Which document is filled in: its source, area and period, and the confirmed documents that it is compared with."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from etl.catalogue import Catalogue
from etl.documents.document import Document
from etl.documents.extract import fingerprint
from etl.errors import ProjectError, UnknownNameError
from etl.intake.draft import draft_phrases
from etl.intake.phrases import Phrase, has_phrases, phrases_elsewhere, phrases_file, read_phrases
from etl.intake.scope import Scope, scope_of
from etl.project import Project, SourceRecord
from schemas.texts import Text

DRAFT = "draft"
"""The name of the bulletin that the package drafts itself, among the documents that a new one is compared with."""

_YEAR = re.compile("((?:19|20)[0-9]{2})年")
_ID_YEAR = re.compile("(?:19|20)[0-9]{2}")
_TITLE = 400
"""Within so many characters a document says its year."""


@dataclass(frozen=True)
class Filing:
    """A document that is to be filled in.

    Attributes:
        source: its id.
        scope: its area and period.
        known: the phrases of confirmed documents, that which it is aligned with first.
        like: the id of that document; empty where there is none.
    """

    source: str
    scope: Scope
    known: Mapping[str, Sequence[Phrase]]
    like: str


def filing(project: Project, document: Document, like: str = "", source: str = "", area: str = "", period: str = "") -> Filing:
    """Find out what a document is, from what a person says, from `raw/sources.csv`, and from the document itself.

    Raises:
        UnknownNameError: there is no such source or area.
        ProjectError: its area or period cannot be found out, or what it is to be aligned with has no phrases.
    """
    sha256, _ = fingerprint(document.text)
    listed = next((each for each in project.sources.values() if each.sha256 == sha256), None)
    listed = project.sources.get(source, listed)
    own = listed.id if listed else source
    elsewhere = phrases_elsewhere(like, project.catalogue) if like and like not in project.sources and Path(like).exists() else {}
    model = _model(project, "" if elsewhere else like, area or (listed.area if listed else ""), own)
    code = _area(project.catalogue, area, listed, model, document)
    said = period or (listed.period if listed else "") or _period(document, model)
    known: dict[str, Sequence[Phrase]] = {**elsewhere}
    for each in filter(None, [model, *project.sources.values()]):
        if each.id not in known and has_phrases(project, each.id) and (each.id != own or each is model):
            known[each.id] = read_phrases(phrases_file(project, each.id), project.root)
    known[DRAFT] = draft_phrases(project.catalogue)
    name = source or (listed.id if listed else _id(model, code, said, project.catalogue))
    return Filing(
        name, scope_of(project.catalogue, code, said, listed.published_on[:7] if listed else ""), known, model.id if model else ""
    )


def _model(project: Project, like: str, area: str, own: str) -> SourceRecord | None:
    """Return the confirmed document to align with: that which is named, or the last of the area, or any; itself at last."""
    if like:
        if like not in project.sources:
            raise UnknownNameError(Text("source", "来源"), like, project.sources)
        if not has_phrases(project, like):
            raise ProjectError(
                f"raw/sources/{like}.phrases.csv is missing: `etl fill DOCUMENT --apply` makes it when a document is entered."
                " Align with another document.",
                f"缺少 raw/sources/{like}.phrases.csv：文件经 `etl fill 文件 --apply` 录入时生成。请对照其他文件。",
            )
        return project.sources[like]
    confirmed = [each for each in project.sources.values() if has_phrases(project, each.id)]
    return max(confirmed, key=lambda each: (each.id != own, each.area == area, each.period), default=None)


def _area(catalogue: Catalogue, area: str, listed: SourceRecord | None, model: SourceRecord | None, document: Document) -> str:
    if area:
        areas = catalogue.codes("areas")
        for each in areas:
            if area in (each.code, each.zh, each.en, *each.aliases):
                return each.code
        raise UnknownNameError(Text("area", "地区"), area, [text for each in areas for text in (each.code, each.zh, each.en)])
    if listed:
        return listed.area
    title = document.text[:_TITLE]
    named = [(title.find(each.zh), each.code) for each in catalogue.codes("areas") if each.zh in title]
    if named:
        return min(named)[1]
    if model:
        return model.area
    raise ProjectError(
        "The area of the document is not known. Name it with --area CODE.", "不知道文件所属地区。请用 --area 代码 写明。"
    )


def _period(document: Document, model: SourceRecord | None) -> str:
    """Return the year that the title or the first lines say, or that after the document it is like."""
    if year := _YEAR.search(document.text[:_TITLE]):
        return year[1]
    if model and _ID_YEAR.fullmatch(model.period):
        return str(int(model.period) + 1)
    raise ProjectError(
        "The period of the document is not known. Name it with --period 2026.",
        "不知道文件所属时期。请用 --period 2026 这样的写法写明。",
    )


def _id(model: SourceRecord | None, area: str, period: str, catalogue: Catalogue) -> str:
    """Return an id such as ningbo-2026, after that of the document it is like, or after the area's name."""
    if model and model.area == area and _ID_YEAR.search(model.id):
        return _ID_YEAR.sub(period, model.id, count=1)
    name = catalogue.lists.by_code("areas")[area].en
    return f"{re.sub('[^a-z0-9]+', '-', name.lower()).strip('-') or area}-{period}"
