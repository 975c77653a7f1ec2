"""Join the styles and scripts of the page, which stand inside it."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

_FOLDER = Path(__file__).parent / "page"
PAGE = _FOLDER / "report.html"
_LOOK = Path(__file__).parents[1] / "reporters" / "look.css"
_STYLES = ("colours", "layout", "figures", "charts", "tables", "phone", "print")
_SCRIPTS = (
    *("data", "numbers", "elements", "note", "axes", "lines", "multiples", "bars", "flows", "tiles"),
    *("zip", "downloads", "choices", "headlines", "stories", "tables", "domains", "areas", "cases", "measured"),
    *("loads", "search", "address", "main"),
)
"""The parts of the script, each after those whose values it reads at once."""


def style() -> str:
    """Join the styles of the page."""
    return "".join(_text(path) for path in (_LOOK, *(_FOLDER / f"{name}.css" for name in _STYLES)))


def script() -> str:
    """Join the parts of the script in one function, so that the page has no global names."""
    parts = "".join(_text(_FOLDER / f"{name}.js") for name in _SCRIPTS)
    return f'"use strict";\n(() => {{\n{parts}}})();\n'


def content_policy(script: str, style: str) -> str:
    """Return the policy by which the page runs its own script and style, and loads nothing."""
    own = f"script-src {_hash(script)}; style-src {_hash(style)}"
    return f"default-src 'none'; base-uri 'none'; form-action 'none'; {own}"


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """Hash an inline script or style for the content security policy."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
