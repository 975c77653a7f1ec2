"""The one way of all output: what nobody can see, or a terminal obeys, is escaped.

Messages and reports are for people, wherever they go: a log is shown in a terminal later. Data, such as CSV, are escaped
where they go to a terminal and exact where they go to a file or program.
"""

from __future__ import annotations

import codecs
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, TextIO, cast

import click


class VisibleText:
    """A text stream on which invisible characters are escaped; line breaks stay."""

    def __init__(self, exact: TextIO) -> None:
        self.exact = exact

    def write(self, text: str) -> int:
        """Write a text, escaped."""
        from etl.escape import visible_lines

        self.exact.write(visible_lines(text.replace("\n\t", "\n  ")))  # click lists choices behind tabs
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write texts, escaped."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.exact, name)


class _VisibleBytes:
    """A binary stream of UTF-8 that is escaped as `VisibleText` does."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def write(self, part: bytes) -> int:
        self._text.write(self._decoder.decode(part))
        return len(part)

    def flush(self) -> None:
        self._text.flush()


@contextmanager
def visible_output() -> Iterator[None]:
    """Escape what this process prints from here on."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (cast("TextIO", VisibleText(stream)) for stream in before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def data_output() -> BinaryIO:
    """Return the standard output for data in UTF-8: exact, unless it is a terminal."""
    sys.stdout.flush()
    return cast("BinaryIO", _VisibleBytes(sys.stdout)) if sys.stdout.isatty() else sys.stdout.buffer


def print_as(form: str, text: str) -> None:
    """Print a result in a form; CSV is data."""
    if form != "csv":
        click.echo(text, nl=False)
        return
    output = data_output()
    output.write(text.encode(errors="backslashreplace"))
    output.flush()
