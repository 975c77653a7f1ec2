"""A bulletin as Markdown."""

from __future__ import annotations

from etl.bulletin.content import Bulletin, BulletinPart, Paragraph, PlacedFigure
from etl.bulletin.write import OPENING
from etl.escape import escape_markdown

_RANKS = "一二三四五六七八九"


def heading(part: BulletinPart, language: str) -> str:
    """Format the heading of a part with its mark: A, （一） in Chinese and A1 in English."""
    if part.id == OPENING:
        return part.heading
    if len(part.id) == 1 or language == "en":
        return f"{part.id} {part.heading}"
    return f"（{_RANKS[int(part.id[1:]) - 1]}）{part.heading}"


def level(part: BulletinPart) -> int:
    """Return the level of a part's heading: 1 title, 2 chapter, 3 section."""
    return 1 if part.id == OPENING else 1 + len(part.id)


def render_bulletin(bulletin: Bulletin) -> str:
    """Render a bulletin as Markdown."""
    blocks = []
    for part in bulletin.parts:
        blocks.append(f"{'#' * level(part)} {escape_markdown(heading(part, bulletin.style.language))}")
        blocks += [_line(paragraph) for paragraph in part.paragraphs]
    return "\n\n".join(blocks) + "\n"


def _line(paragraph: Paragraph) -> str:
    return "".join(escape_markdown(piece) if isinstance(piece, str) else _figure_in_markdown(piece) for piece in paragraph)


def _figure_in_markdown(placed: PlacedFigure) -> str:
    if placed.known is None:
        return f"**{escape_markdown(placed.text)}**"
    return escape_markdown(placed.phrase)
