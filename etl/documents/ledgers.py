"""Documents and their ledgers: what `etl extract` writes, and whether what was written still holds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from etl.documents.document import Document
from etl.documents.extract import Found, extract, fingerprint, verify, write_ledger, write_left_out
from etl.documents.listing import remarks
from etl.errors import ProjectError, UnknownNameError
from etl.figures.words import PACKAGE_NOTATION
from etl.files import refuse_outside, writing
from etl.project import Project, SourceRecord
from schemas.texts import Text, same


def list_figures(project: Project, document: Document) -> Iterator[Text]:
    """Yield the figures of a document by section and rank, as a ledger has them, and the unclear numbers."""
    found = extract(document, project.catalogue.notation)
    yield from (_rank(each) + f" {each.published}" for each in found if not each.reason)
    yield from remarks(found, _rank)


def write_ledger_of(project: Project | None, document: Document, output: Path, source: str | None) -> Iterator[Text]:
    """Write the figures of a document to `output`, with what was left out beside it.

    Yields:
        The lines to print: what was written, and in a project the document's SHA-256 and length for `raw/sources.csv`.
    """
    if project and Path(os.path.abspath(output)).is_relative_to(project.root):  # noqa: PTH100
        refuse_outside(Path(os.path.abspath(output)), project.root)  # noqa: PTH100
    found = extract(document, project.catalogue.notation if project else PACKAGE_NOTATION)
    left_out = output.with_suffix(".left_out.csv")
    with writing(output):
        write_ledger(found, output)
        write_left_out(found, left_out)
    figures, unclear = sum(not each.reason for each in found), sum(each.is_unclear for each in found)
    yield Text(
        f"{output}: {figures} figures" + (f" and {unclear} unclear numbers" if unclear else ""),
        f"{output}：{figures} 个数字" + (f"，另有 {unclear} 个不明确" if unclear else ""),
    )
    others = len(found) - figures - unclear
    yield Text(
        f"{left_out}: {others} numbers that are no figures, with the reason", f"{left_out}：{others} 个并非统计数字，附理由"
    )
    yield from remarks(found, _rank)
    sha256, length = fingerprint(document.text)
    listed = project.sources.get(source or output.stem) if project else None
    if project and (listed is None or (listed.sha256, listed.length) != (sha256, str(length))):
        name = source or output.stem
        yield Text(
            f"raw/sources.csv: the line of {name} needs sha256 {sha256} and length {length}",
            f"raw/sources.csv：{name} 一行须填 sha256 {sha256}、length {length}",
        )


def _rank(found: Found) -> Text:
    return same(f"{found.section}:{found.ordinal}")


def verify_document(project: Project, document: Document, source: str | None) -> list[Text]:
    """Give the differences between a document and its committed ledger, in words; none where they agree.

    Raises:
        UnknownNameError: the source is not listed.
        ProjectError: no listed source has the document's fingerprint, and none was named.
    """
    listed = _listed(project, document.text, source)
    length = int(listed.length or 0)
    files = (project.ledger(listed.id), project.left_out(listed.id))
    return verify(document, *files, listed.sha256, length, project.catalogue.notation)


def _listed(project: Project, text: str, source: str | None) -> SourceRecord:
    if source is not None:
        if source not in project.sources:
            raise UnknownNameError(Text("source", "来源"), source, project.sources)
        return project.sources[source]
    sha256, _ = fingerprint(text)
    for listed in project.sources.values():
        if listed.sha256 == sha256:
            return listed
    raise ProjectError(
        "No source in raw/sources.csv has this document's SHA-256. Name the one it should be with --source ID.",
        "raw/sources.csv 中没有与该文件 SHA-256 相同的来源。请用 --source 标识 指明。",
    )
