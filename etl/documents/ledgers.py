"""Documents and their ledgers: what `etl extract` writes, and whether what was written still holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from etl.documents.extract import Found, extract, fingerprint, verify, write_ledger, write_left_out
from etl.errors import ProjectError, UnknownNameError
from etl.project import Project, SourceRecord


def extract_document(project: Project, document: Path, output: Path | None, source: str | None) -> Iterator[str]:
    """List the figures of a document, or write them to `output` with what was left out beside it.

    Yields:
        The lines to print: the figures where there is no `output`; else what was written, and the document's SHA-256 and
        length for `raw/sources.csv`.
    """
    text = read_document(document)
    found = extract(text, project.catalogue.notation)
    if output is None:
        yield from (f"{each.section}:{each.ordinal} {each.published}" for each in found if not each.reason)
        yield from _remarks(found)
        return
    left_out = output.with_suffix(".left_out.csv")
    write_ledger(found, output)
    write_left_out(found, left_out)
    figures, unclear = sum(not each.reason for each in found), sum(each.is_unclear for each in found)
    yield f"{output}: {figures} figures" + (f" and {unclear} unclear numbers" if unclear else "")
    yield f"{left_out}: {len(found) - figures - unclear} numbers that are no figures, with the reason"
    yield from _remarks(found)
    sha256, length = fingerprint(text)
    listed = project.sources.get(source or output.stem)
    if listed is None or (listed.sha256, listed.length) != (sha256, str(length)):
        yield f"raw/sources.csv: the line of {source or output.stem} needs sha256 {sha256} and length {length}"


def _remarks(found: list[Found]) -> Iterator[str]:
    """Say how many numbers are unclear or have an unknown unit, and which."""
    unknown = [each for each in found if not each.is_unit_known and not each.reason]
    if unknown:
        units = ", ".join(dict.fromkeys(each.unit for each in unknown))
        yield f"{len(unknown)} in a unit that schemas/codes/units.csv does not list: {units}"
    unclear = [each for each in found if each.is_unclear]
    if unclear:
        yield f"{len(unclear)} unclear: enter each as it is printed, or leave it out"
        yield from (
            f"  {each.section}:{each.ordinal} {each.published} ({each.reason.removeprefix('unclear: ')})" for each in unclear
        )


def verify_document(project: Project, document: Path, source: str | None) -> list[str]:
    """Give the differences between a document and its committed ledger, in words; none where they agree.

    Raises:
        UnknownNameError: the source is not listed.
        ProjectError: no listed source has the document's fingerprint, and none was named.
    """
    text = read_document(document)
    listed = _listed(project, text, source)
    length = int(listed.length or 0)
    files = (project.ledger(listed.id), project.left_out(listed.id))
    return verify(text, *files, listed.sha256, length, project.catalogue.notation)


def _listed(project: Project, text: str, source: str | None) -> SourceRecord:
    if source is not None:
        if source not in project.sources:
            raise UnknownNameError("source", source, project.sources)
        return project.sources[source]
    sha256, _ = fingerprint(text)
    for listed in project.sources.values():
        if listed.sha256 == sha256:
            return listed
    raise ProjectError("No source in raw/sources.csv has this document's SHA-256. Name the one it should be with --source ID.")


def read_document(document: Path) -> str:
    """Read the text of a document.

    Raises:
        ProjectError: it cannot be read, or is not UTF-8.
    """
    try:
        return document.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ProjectError(f"{document} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise ProjectError(f"{document} is not UTF-8 (byte {error.start}). Save it as UTF-8.") from None
