"""Show links to files of the repository, which the site does not hold, as their paths."""

from __future__ import annotations

import posixpath
import re

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?:|#|mailto:)([^)#\s]+)(#[^)\s]*)?\)")
_OTHER_LANGUAGE = re.compile(r"^\[(?:中文|English)\]\([^)]*\)\n+", re.MULTILINE)
_PAGES = {
    f"{name}{suffix}.md": f"{page}{suffix}.md"
    for name, page in (("CONTRIBUTING", "contributing"), ("SECURITY", "security"), ("CHANGELOG", "changes"))
    for suffix in ("", ".zh-CN")
}


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Replace each link out of docs/ by the page of the site, or by the path in the repository."""
    del config, files
    folder = posixpath.dirname(page.file.src_uri)
    at_the_top = page.file.src_uri in _PAGES.values()

    def shown(match: re.Match[str]) -> str:
        text, target, anchor = match[1], match[2], match[3] or ""
        path = posixpath.normpath(posixpath.join("" if at_the_top else f"docs/{folder}", target))
        if path.startswith("docs/"):
            return f"[{text}]({posixpath.relpath(path.removeprefix('docs/'), folder or '.')}{anchor})"
        if path in _PAGES:
            return f"[{text}]({posixpath.relpath(_PAGES[path], folder or '.')})"
        return f"`{path}`" if text.strip("`") == path else f"{text} (`{path}`)"

    # The site has its own choice of language.
    return _LINK.sub(shown, _OTHER_LANGUAGE.sub("", markdown))
