"""Markdown: headings by `#`, pipe tables, and no markup in the text.

A character of markup becomes an invisible one, so that offsets and lines stay those of the file.
"""

from __future__ import annotations

import re
from itertools import pairwise

from etl.documents.document import Document, Heading, Table
from etl.documents.forms.plain_text import Spans, TextLine, lines_above, read_text, table_of, text_lines
from etl.documents.passages import INVISIBLE

_MARKUP = re.compile(
    r"<!--.*?-->|!\[[^\]\n]*\]\([^)\n]*\)|\]\([^)\n]*\)|\[\^[^\]\n]+\]:?|\[(?=[^\]\n]*\]\()|<(?:https?://|/?[a-zA-Z])[^<>\n]*>"
    r"|\\(?=[!-/:-@\[-`{-~])|(?<!\\)(?:\*\*|__|~~|`+)|(?<![\w\\*])\*(?=[^\s*])|(?<=[^\s*\\])\*(?![\w*])"
    r"|^[ \t]*[-*+][ \t]+|^[ \t]*>[ \t]?",
    re.DOTALL | re.MULTILINE,
)
_HEADING = re.compile(r"^ {0,3}(#{1,6})(?=[ \t])", re.MULTILINE)
_DELIMITERS = re.compile(r"\s*\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?\|?\s*")
_BAR = re.compile(r"(?<!\\)\|")


def read_markdown(text: str, name: str) -> Document:
    """Return a Markdown text as a document."""
    lines = text_lines(text)
    bars = [len(_BAR.findall(line.text)) for line in lines]
    plain = _MARKUP.sub(lambda found: re.sub(r"[^\r\n]", INVISIBLE, found[0]), text)
    shown = [TextLine(plain[line.offset : line.offset + len(line.text)], line.offset) for line in lines]
    tables: list[Table] = []
    for number in range(1, len(lines)):
        if bars[number] and bars[number - 1] and _DELIMITERS.fullmatch(lines[number].text):
            end = next((each for each in range(number + 1, len(lines)) if not bars[each]), len(lines))
            chosen = [number - 1, *range(number + 1, end)]
            rows = [_cells(lines[each], shown[each]) for each in chosen]
            table = table_of([shown[each] for each in chosen], rows, lines_above(shown, number - 1), header_rows=1)
            tables += [table] if table else []
    tables += [
        each for each in read_text(plain, name).tables if not any(each.start < of.end and of.start < each.end for of in tables)
    ]
    tables.sort(key=lambda table: table.start)
    headings = tuple(Heading(found.start(1), len(found[1])) for found in _HEADING.finditer(plain))
    return Document(name, "markdown", plain, headings, tuple(tables))


def _cells(line: TextLine, shown: TextLine) -> Spans:
    """Return where the cells of a row of a pipe table stand; bars that are escaped are text."""
    bars = [found.start() for found in _BAR.finditer(line.text)]
    inner = line.text.strip()
    edges = ([] if inner.startswith("|") else [-1]) + bars + ([] if inner.endswith("|") else [len(line.text)])
    spans: Spans = []
    for start, end in pairwise(edges):
        cell = shown.text[start + 1 : end]
        bare = cell.strip(f" \t{INVISIBLE}")
        at = start + 1 + (cell.index(bare) if bare else 0)
        spans.append((line.offset + at, line.offset + at + len(bare)))
    return spans
