"""Tables of a document as grids of figures, with what their rows and columns are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from etl.documents.document import Cell, Table
from etl.proofreading.figures import Print, PrintedFigure

YEAR = re.compile("(?:19|20)[0-9]{2}")
_RATE = re.compile(
    "%|％|‰|率|同比|环比|增长|增幅|增速|增减|占比|比重|份额|百分点|排名|位次|序号|人均|平均|均值"
    "|年份|growth|change|share|rate|rank|average|per ",
    re.I,
)
_TOTAL = re.compile("(?:合计|总计|总数|总和|(?:grand )?total|sum|all)(?:[（(].*[)）])?", re.I)
_SUBTOTAL = re.compile("(?:小计|subtotal|sub-total)(?:[（(].*[)）])?", re.I)
_AREA_TOTAL = re.compile("(?:全市|全省|全国|全区|全县)(?:合计|总计|总)?")
_OF_WHICH = re.compile("(?:其中|#|of which|including)", re.I)
_UNITS = re.compile("[（(][^（()）]*[)）]|单位[:：].*|[\\s：:]")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of figures.

    Attributes:
        place: its rank in the table.
        header: what stands above it, outermost first, without units.
        printed: the same as printed.
        unit: of its figures; empty where none is known.
    """

    place: int
    header: tuple[str, ...]
    printed: str
    unit: str

    @property
    def title(self) -> str:
        """The innermost header."""
        return self.header[-1] if self.header else ""

    @property
    def group(self) -> tuple[str, ...]:
        """What stands above the innermost header, that it shares with its neighbours."""
        return self.header[:-1]

    @property
    def is_additive(self) -> bool:
        """Whether its figures can be added: no shares, changes, ranks and averages."""
        return self.unit not in ("%", "个百分点", "‰", "倍") and not _RATE.search(self.printed)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of figures, by the places of their columns."""

    place: int
    stub: str
    figures: Mapping[int, PrintedFigure]

    @property
    def is_total(self) -> bool:
        """Whether it is the total of others by its name."""
        return _TOTAL.fullmatch(self.stub) is not None

    @property
    def is_subtotal(self) -> bool:
        """Whether it is the total of some by its name."""
        return _SUBTOTAL.search(self.stub) is not None

    @property
    def is_of_area(self) -> bool:
        """Whether it is of the whole area."""
        return _AREA_TOTAL.fullmatch(self.stub) is not None

    @property
    def is_of_which(self) -> bool:
        """Whether it is a part of the row above it."""
        return _OF_WHICH.match(self.stub) is not None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of figures."""

    rank: int
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Row]


def is_total_title(title: str) -> bool:
    """Whether a header names a total of its neighbours."""
    return _TOTAL.fullmatch(title) is not None or _SUBTOTAL.fullmatch(title) is not None


def is_of_which_title(title: str) -> bool:
    """Whether a header names a part of its neighbour."""
    return _OF_WHICH.match(title) is not None


def prints_of(table: Table) -> list[tuple[Cell, Print]]:
    """Return the cells of a table that print a number, with the unit in which they are read."""
    return [
        (cell, Print(cell.text, cell.offset, _unit(cell)))
        for cell in table.cells
        if len(cell.text) <= 24 and re.search("[0-9一二三四五六七八九十]", cell.text)
    ]


def _unit(cell: Cell) -> str:
    if "%" in cell.text or "％" in cell.text:
        return "%"
    printed = re.search("[\u4e00-\u9fff]+$", cell.text)
    if printed:
        return printed[0].lstrip("余多")
    if cell.unit:
        return cell.unit
    return "%" if re.search("[（(][^（()）]*[%％][)）]", " ".join(cell.header)) else ""


def grid(rank: int, table: Table, read: Sequence[tuple[Cell, PrintedFigure | None]]) -> Grid:
    """Return a table as a grid of the figures that could be read."""
    columns: dict[int, Column] = {}
    rows: dict[int, dict[int, PrintedFigure]] = {}
    stubs: dict[int, str] = {}
    for cell, figure in read:
        if figure is None:
            continue
        if cell.column not in columns:
            header = tuple(filter(None, (_UNITS.sub("", each) for each in cell.header)))
            columns[cell.column] = Column(cell.column, header, " ".join((*cell.header, cell.unit)), _base(figure))
        rows.setdefault(cell.row, {})[cell.column] = figure
        stubs[cell.row] = (
            re.sub("\\s", "", " ".join(cell.stub)) if not re.search("[A-Za-z]", "".join(cell.stub)) else " ".join(cell.stub)
        )
    return Grid(
        rank,
        table.caption,
        [columns[place] for place in sorted(columns)],
        [Row(place, stubs[place], rows[place]) for place in sorted(rows)],
    )


def _base(figure: PrintedFigure) -> str:
    return figure.unit
