"""Write a bulletin to a file or standard output; fill a Word document that is there anew."""

from __future__ import annotations

import sys
from pathlib import Path

from etl.bulletin.content import Bulletin
from etl.errors import ProjectError
from etl.files import replace_bytes, writing
from etl.formats import format_named, formats_of, writer
from etl.reporters.targets import write_text

TEXT, WORD = "markdown", "docx"


def form_of(output: Path | None, form: str | None) -> str:
    """Return the format that is asked for, or else the one that files of this ending have."""
    ending = output.suffix.lower() if output else ""
    return form or next((name for name in formats_of("bulletin") if ending and ending in format_named(name).endings), TEXT)


def deliver(bulletin: Bulletin, form: str, output: Path | None) -> list[str]:
    """Write a bulletin; return what changed in a Word document that was there, a line each.

    Raises:
        ProjectError: the document that is there holds no bulletin, a document in bytes has no file to go to, or it cannot be
            written.
    """
    write, changes = writer(form, "bulletin"), list[str]()
    if form == WORD and output and output.is_file():
        from etl.bulletin.refill_docx import fill_in

        written, changes = fill_in(output.read_bytes(), bulletin)
    else:
        written = write(bulletin)
    if isinstance(written, str):
        _write_text(written, output)
    elif output:
        with writing(output):
            replace_bytes(output, written)
    else:
        raise ProjectError(
            f"A bulletin as {form} goes to a file. Name it with -o FILE.{form}.",
            f"{form} 格式的公报须写入文件。请用 -o 文件.{form} 命名。",
        )
    return changes


def _write_text(text: str, output: Path | None) -> None:
    if output:
        write_text(output, text)
    else:
        sys.stdout.write(text)
