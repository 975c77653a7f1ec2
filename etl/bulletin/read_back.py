"""Read a bulletin back, to prove that it prints the figures put in."""

from __future__ import annotations

import re

from etl.bulletin import as_markdown
from etl.bulletin.write import Bulletin
from etl.documents.extract import extract
from etl.figures.words import PACKAGE_NOTATION, Notation
from schemas.texts import Text


def find_misreadings(bulletin: Bulletin, notation: Notation = PACKAGE_NOTATION) -> list[Text]:
    """Describe where a Chinese bulletin does not read back as the figures put in.

    A sentence can change a figure: a word after it may read as its hedge, a number within a name as a figure.
    """
    text = re.sub(r"\\(?=.)", "", as_markdown.render_bulletin(bulletin))
    read = [(each.section, each.published) for each in extract(text, notation) if not each.reason]
    put_in = [(part.id, placed.text) for part in bulletin.parts for placed in part.placed if placed.is_figure]
    if read == put_in:
        return []
    return [
        *(
            Text(f"{section}: {figure} is put in, and not read back", f"{section}：“{figure}”已写入，但读不回来")
            for section, figure in _subtract(put_in, read)
        ),
        *(
            Text(f"{section}: {figure} is read, and was not put in", f"{section}：读得“{figure}”，但并未写入")
            for section, figure in _subtract(read, put_in)
        ),
    ] or [Text("the figures are read in another order", "数字读回的顺序不同")]


def _subtract(some: list[tuple[str, str]], others: list[tuple[str, str]]) -> list[tuple[str, str]]:
    left = list(others)
    return [each for each in some if each not in left or left.remove(each)]  # type: ignore[func-returns-value]
