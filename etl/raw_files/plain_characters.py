"""Normalize full-width forms, rare spaces, minus signs and separators.

They are those of the figure grammar, so that labels and figures have one list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from etl.figures.numerals import SAME_CHARACTERS
from schemas.texts import Text

_PLAIN = str.maketrans(dict(SAME_CHARACTERS))
_FULL_WIDTH = "".join(character for character in SAME_CHARACTERS if character >= "\uff00")
_KINDS: dict[Text, re.Pattern[str]] = {
    Text("full-width characters", "全角字符"): re.compile(f"[{re.escape(_FULL_WIDTH)}]"),
    Text("spaces other than the plain one", "特殊空格"): re.compile(r"[^\S ]"),
    Text("a minus sign other than the hyphen", "特殊减号"): re.compile("[\u2212\ufe63]"),
    Text("thousands separators", "千位分隔符"): re.compile("[0-9０-９][,，][0-9０-９]{3}"),
}
MAYBE_UNUSUAL = re.compile("[^\\S \r\n]|[\u2212\ufe63,]|[\uff01-\uff5e]")


def plain(text: str) -> str:
    """Replace full-width forms, rare spaces and minus signs; strip spaces."""
    return text.translate(_PLAIN).strip()


def remarks_on_characters(cells: Iterable[tuple[str, int, int]]) -> list[tuple[int, int, Text]]:
    """Build one remark for each kind of character that is read as another.

    Args:
        cells: each with its text, its row and the position of its column.

    Returns:
        Row and position of the first cell of the kind, and a message on all of them.
    """
    found: dict[Text, list[tuple[str, int, int]]] = {}
    for cell in cells:
        for kind, pattern in _KINDS.items():
            if pattern.search(cell[0]):
                found.setdefault(kind, []).append(cell)
    remarks = []
    for kind, where in found.items():
        text, row, position = where[0]
        as_read = plain(text) if kind.en != "thousands separators" else re.sub("[,，]", "", plain(text))
        en = f"{kind.en} in {len(where)} {'cell' if len(where) == 1 else 'cells'}: {text!r} is read as {as_read!r}"
        remarks.append((row, position, Text(en, f"{len(where)} 个单元格含{kind.zh}：“{text}”读作“{as_read}”")))
    return remarks
