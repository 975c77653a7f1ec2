"""A bulletin as an HTML page."""

from __future__ import annotations

from etl.bulletin.as_markdown import heading, level
from etl.bulletin.write import TEMPLATES, Bulletin
from etl.html import render_template


def render_bulletin(bulletin: Bulletin) -> str:
    """Render a bulletin as one self-contained HTML page.

    Hovering over a figure shows its origin.
    """
    language = bulletin.style.language
    parts = [{"level": level(part), "heading": heading(part, language), "blocks": part.paragraphs} for part in bulletin.parts]
    return render_template(TEMPLATES / "page.html", {"language": language, "parts": parts})
