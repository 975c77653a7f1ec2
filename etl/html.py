"""HTML pages from templates, in which every text is escaped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def render_template(path: Path, values: dict[str, Any], *, keep_trailing_newline: bool = False) -> str:
    """Return the page of a template, which may use the files beside it and `tables.html`."""
    environment = Environment(
        loader=FileSystemLoader([path.parent, Path(__file__).parent]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=keep_trailing_newline,
    )
    return environment.get_template(path.name).render(values)
