"""Printed figures without a project: read, verify and extract them."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from etl.calculator.figures import implied_unit
from etl.calculator.verdicts import Verified
from etl.calculator.verdicts import verify as verify_formulas
from etl.catalogue import PACKAGE, Catalogue
from etl.documents.extract import extract as extract_figures
from etl.documents.forms.plain_text import read_text
from etl.documents.listing import COLUMNS, NUMBERS, Listing
from etl.documents.read import read_document
from etl.errors import UnknownNameError
from etl.figures.phrases import kind_of, unit_of
from etl.figures.reading import FigureReading, read_printed
from schemas.kinds import Figure
from schemas.texts import Text

KINDS: tuple[str, ...] = tuple(kind.kind for kind in Figure.__subclasses__())


def read_figure(text: str, kind: str = "", unit: str = "", *, catalogue: Catalogue = PACKAGE) -> FigureReading:
    """Read one printed figure, such as `7.64万件` or `超过30%`.

    Args:
        text: as printed.
        kind: of `schemas.kinds`, such as `count` or `rate`; empty for that of the unit.
        unit: in which a bare number is read; empty for the unit that is printed.
        catalogue: whose units and hedges are known.

    Returns:
        `value`, `low` and `high` in the base unit (an open bound is None), the `unit`, the `hedge` as printed, and the `problem`:
        None, or why the text cannot be read, with no value and no bounds.

    Raises:
        UnknownNameError: there is no such kind.
    """
    if kind and kind not in KINDS:
        raise UnknownNameError(Text("kind", "类型"), kind, KINDS)
    notation = catalogue.notation
    of_text = implied_unit(text, notation)
    key = (text, unit or unit_of(text, notation) or of_text.unit, kind or kind_of(text, notation) or of_text.kind)
    return read_printed([key], notation)[key]


def verify(*formulas: str, catalogue: Catalogue = PACKAGE) -> list[Verified]:
    """Check whether printed figures can be true together: `7.64万件 / 13.27万件 = 57.6%`.

    Args:
        formulas: as typed; see `etl verify --help`.
        catalogue: whose units and hedges are known.

    Returns:
        For each formula its `verdict`: `agrees`, `agrees_if_cut_off`, `contradicts`, `cannot_be_said` or `cannot_be_read`, with
        both sides and the figures as they were read.
    """
    return verify_formulas(formulas, catalogue.notation)


def extract(document: str | Path | None = None, *, text: str | None = None, catalogue: Catalogue = PACKAGE) -> pl.DataFrame:
    """List every number of a document; no sentence of it is kept.

    Args:
        document: path of a document, `-` for standard input: plain text, Markdown, HTML, DOCX, PDF with text or a workbook.
        text: a plain text itself, in place of a file.
        catalogue: whose units and hedges are known.

    Returns:
        One row a number, in the order of the document: section, ordinal (within the section), offset (in characters of the
        document's text), published, unit (in a table that of its header, if the cell prints none), hedge, the reason why it is no
        figure, or `unclear` with what makes it so (empty for a figure), whether the unit is known, and its place: line, column,
        page, table, row, cell (null where a form has none).

    Raises:
        ProjectError: the document cannot be read.
        TypeError: neither a document nor a text is given, or both.
    """
    if (document is None) == (text is None):
        raise TypeError("Give a document or a text, one of them.")
    read = read_document(document) if document is not None else read_text(text or "", "-")
    rows = Listing(read, extract_figures(read, catalogue.notation)).rows()
    schema = {name: pl.Int64 if name in NUMBERS else pl.String for name in COLUMNS} | {"is_unit_known": pl.Boolean}
    return pl.DataFrame(list(rows), schema=schema)
