"""The one way of all output: what nobody can see, or a terminal obeys, is escaped.

Messages and reports are for people, wherever they go: a log is shown in a terminal later. Data, such as CSV, are escaped
where they go to a terminal and exact where they go to a file or program.
"""

from __future__ import annotations

import codecs
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, TextIO, cast

import click

_SEVERITY = re.compile(
    r"^(?P<place> {2,}|[^\s\"'{\[<|:*#>-][^\n]*?: )(?P<severity>error|warning|information)(?=\[[\w.-]+\])", re.MULTILINE
)
_COLOURS = {"error": "31", "warning": "33", "information": "36"}
_DOCUMENTS = ("{", "[", "<")
"""How JSON and XML begin, of which nothing is coloured."""


class VisibleText:
    """A text stream on which invisible characters are escaped; line breaks stay.

    The severity of a finding is coloured once the line is escaped, so that no escape sequence is a cell's.
    """

    def __init__(self, exact: TextIO) -> None:
        self.exact = exact
        self._is_coloured = wants_colour(exact)

    def write(self, text: str) -> int:
        """Write a text, escaped."""
        from etl.escape import visible_lines

        shown = visible_lines(text.replace("\n\t", "\n  "))  # click lists choices behind tabs
        self.exact.write(coloured(shown) if self._is_coloured else shown)
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write texts, escaped."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.exact, name)


def wants_colour(stream: TextIO) -> bool:
    """Whether a stream takes colours: a terminal, unless NO_COLOR is set; or any, if FORCE_COLOR is."""
    if os.environ.get("NO_COLOR"):
        return False
    forced = os.environ.get("FORCE_COLOR", "")
    return forced not in ("", "0") or (not forced and stream.isatty() and os.environ.get("TERM") != "dumb")


def coloured(text: str) -> str:
    """Colour the severities of findings in a text that is escaped."""
    if text.startswith(_DOCUMENTS):
        return text
    return _SEVERITY.sub(lambda found: f"{found['place']}\x1b[1;{_COLOURS[found['severity']]}m{found['severity']}\x1b[0m", text)


def terminal_width() -> int | None:
    """Return the columns of the terminal that the standard output is; None where it is none."""
    if not sys.stdout.isatty():
        return None
    import shutil

    return shutil.get_terminal_size().columns


no_pager_option = click.option("--no-pager", is_flag=True, help="Print a long result on a terminal at once, not page by page.")


def show(text: str, *, is_paged: bool) -> None:
    """Print a text; on a terminal one that is longer than the screen goes through the pager."""
    if is_paged and sys.stdout.isatty():
        import shutil

        if text.count("\n") + 1 >= shutil.get_terminal_size().lines:
            from etl.escape import visible_lines

            click.echo_via_pager(visible_lines(text))
            return
    click.echo(text)


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
