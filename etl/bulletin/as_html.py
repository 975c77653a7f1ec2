"""A bulletin as an HTML page."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from etl.bulletin.as_markdown import heading, level
from etl.bulletin.chart import draw_svg
from etl.bulletin.content import Bulletin, BulletinPart
from etl.bulletin.write import TEMPLATES
from etl.html import render_template
from schemas.texts import Language


def render_bulletin(bulletin: Bulletin) -> str:
    """Render a bulletin as one self-contained HTML page.

    Hovering over a figure shows its origin.
    """
    language = bulletin.style.language
    parts = [_part(each, language) for each in bulletin.parts]
    return render_template(TEMPLATES / "page.html", {"language": language, "parts": parts})


def _part(part: BulletinPart, language: Language) -> dict[str, Any]:
    return {
        "level": level(part),
        "heading": heading(part, language),
        "blocks": part.paragraphs,
        "table": part.table,
        "chart": part.chart,
        "drawing": Markup(draw_svg(part.chart)) if part.chart else "",
    }
