"""What a bulletin holds, in no format: parts of paragraphs with figures, and a table and a chart for a section."""

from __future__ import annotations

from dataclasses import dataclass

from etl.bulletin.figures import FigureRequest, KnownFigure
from etl.bulletin.forms import Style
from etl.tables.provisional import PROVISIONAL


@dataclass(frozen=True, slots=True)
class PlacedFigure:
    """A figure in a sentence.

    Attributes:
        request: the figure requested.
        known: the figure in the warehouse; None if missing.
        text: as it stands in the sentence.
        last: where this period's figure is missing, that of the last period before it.
        before: words that depend on the figure and stand before it, such as its direction.
        after: the same after it.
    """

    request: FigureRequest
    known: KnownFigure | None
    text: str
    last: KnownFigure | None = None
    before: str = ""
    after: str = ""

    @property
    def mark(self) -> str:
        """The mark of a figure that is provisional; else nothing."""
        return PROVISIONAL if self.known is not None and self.known.is_provisional else ""

    @property
    def phrase(self) -> str:
        """The figure with its mark and the words that depend on it."""
        return f"{self.before}{self.text}{self.mark}{self.after}"

    @property
    def is_figure(self) -> bool:
        """Whether it is a number, and not a mark or a gap in place of one."""
        return self.known is not None and self.known.value is not None and bool(self.text)


Paragraph = tuple[str | PlacedFigure, ...]


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A row of the table of a section: the name of an indicator, its figure, that of the year before, and the change."""

    name: str
    figure: PlacedFigure
    year_before: PlacedFigure | None = None
    change: PlacedFigure | None = None


@dataclass(frozen=True, slots=True)
class SectionTable:
    """The table of a section, which repeats the figures of its text.

    Attributes:
        caption: its number and title, and that it repeats the text.
        header: the titles of its columns: two, or four with the year before.
        rows: in the order of the text.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[SectionRow, ...]

    def cells(self, row: SectionRow) -> tuple[PlacedFigure | None, ...]:
        """Return the cells of a row after its name; None is empty."""
        return (row.figure, row.year_before, row.change)[: len(self.header) - 1]


@dataclass(frozen=True, slots=True)
class ChartBar:
    """A bar: its name, its length in the base unit, and the figure as printed."""

    name: str
    value: float
    label: str


@dataclass(frozen=True, slots=True)
class SectionChart:
    """The chart of a section.

    Attributes:
        id: of the section.
        caption: its number, title and unit.
        bars: from the top down.
    """

    id: str
    caption: str
    bars: tuple[ChartBar, ...]

    @property
    def description(self) -> str:
        """The chart in words, for those who do not see it."""
        return f"{self.caption}: " + "; ".join(f"{bar.name} {bar.label}" for bar in self.bars)


@dataclass(frozen=True, slots=True)
class BulletinPart:
    """A chapter or section: its id, its heading, its paragraphs, its table and its chart.

    The id is a letter (`A`), with a digit for a section (`A1`), or `0` for the opening.
    """

    id: str
    heading: str
    paragraphs: tuple[Paragraph, ...]
    table: SectionTable | None = None
    chart: SectionChart | None = None

    @property
    def placed(self) -> tuple[PlacedFigure, ...]:
        """The figures of the paragraphs, in order."""
        return tuple(piece for paragraph in self.paragraphs for piece in paragraph if isinstance(piece, PlacedFigure))


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A bulletin: its language and its parts, the opening first."""

    style: Style
    parts: tuple[BulletinPart, ...]

    @property
    def placed(self) -> tuple[PlacedFigure, ...]:
        """All figures of the text, in order."""
        return tuple(placed for part in self.parts for placed in part.placed)

    @property
    def missing(self) -> tuple[PlacedFigure, ...]:
        """The places whose figure is missing."""
        return tuple(placed for placed in self.placed if placed.known is None)
