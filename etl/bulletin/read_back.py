"""Read a bulletin back, to prove that it prints the figures put in."""

from __future__ import annotations

import re

from etl.bulletin import as_markdown
from etl.bulletin.write import Bulletin
from etl.documents.extract import extract
from etl.figures.words import PACKAGE_NOTATION, Notation


def find_misreadings(bulletin: Bulletin, notation: Notation = PACKAGE_NOTATION) -> list[str]:
    """Describe where a Chinese bulletin does not read back as the figures put in.

    A sentence can change a figure: a word after it may read as its hedge, a number within a name as a figure.
    """
    text = re.sub(r"\\(?=.)", "", as_markdown.render_bulletin(bulletin))
    read = [(each.section, each.published) for each in extract(text, notation) if not each.reason]
    put_in = [(part.id, placed.text) for part in bulletin.parts for placed in part.placed if placed.is_figure]
    if read == put_in:
        return []
    return [
        *(f"{section}: {figure} is put in, and not read back" for section, figure in _subtract(put_in, read)),
        *(f"{section}: {figure} is read, and was not put in" for section, figure in _subtract(read, put_in)),
    ] or ["the figures are read in another order"]


def _subtract(some: list[tuple[str, str]], others: list[tuple[str, str]]) -> list[tuple[str, str]]:
    left = list(others)
    return [each for each in some if each not in left or left.remove(each)]  # type: ignore[func-returns-value]
