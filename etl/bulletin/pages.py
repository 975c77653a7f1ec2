"""A bulletin as Markdown and as HTML."""

from __future__ import annotations

from collections.abc import Callable

from etl.bulletin.write import OPENING, TEMPLATES, Bulletin, Paragraph, Part, Placed
from etl.output.escape import markdown

LIST_MARK = "- "
_RANKS = "一二三四五六七八九"


def heading(part: Part, language: str) -> str:
    """Give the heading of a part with its mark: A, (一) in Chinese and A1 in English."""
    if part.id == OPENING:
        return part.heading
    if len(part.id) == 1 or language == "en":
        return f"{part.id} {part.heading}"
    return f"({_RANKS[int(part.id[1:]) - 1]}) {part.heading}"


def level(part: Part) -> int:
    """Give the level of a part's heading: 1 for the title, 2 for a chapter, 3 for a section."""
    return 1 if part.id == OPENING else 1 + len(part.id)


def as_markdown(bulletin: Bulletin) -> str:
    """Give a bulletin in Markdown."""
    blocks = []
    for part in bulletin.parts:
        blocks.append(f"{'#' * level(part)} {markdown(heading(part, bulletin.style.language))}")
        blocks += [_line(paragraph) for paragraph in part.paragraphs]
    return "\n\n".join(blocks) + "\n"


def _line(paragraph: Paragraph) -> str:
    return "".join(markdown(piece) if isinstance(piece, str) else _figure_in_markdown(piece) for piece in paragraph)


def _figure_in_markdown(placed: Placed) -> str:
    return f"**{markdown(placed.text)}**" if placed.known is None else markdown(placed.text)


def as_html(bulletin: Bulletin) -> str:
    """Give a bulletin as one HTML page that needs nothing else; a figure tells on hovering where it is from."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    parts = [
        {"level": level(part), "heading": heading(part, bulletin.style.language), "blocks": part.paragraphs}
        for part in bulletin.parts
    ]
    return environment.get_template("page.html").render(language=bulletin.style.language, parts=parts, is_text=is_text)


def is_text(piece: object) -> bool:
    """Whether a piece of a paragraph is text, and no figure."""
    return isinstance(piece, str)


FORMS: dict[str, Callable[[Bulletin], str]] = {"markdown": as_markdown, "html": as_html}
