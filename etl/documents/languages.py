"""The languages of documents: those that the grammar does not know are refused by name, and nothing is guessed."""

from __future__ import annotations

import re

from etl.errors import ProjectError
from schemas.texts import Text

_SCRIPTS = {
    Text("Japanese", "日文"): re.compile("[\u3041-\u309f\u30a1-\u30ff]"),
    Text("Korean", "韩文"): re.compile("[\uac00-\ud7af\u1100-\u11ff]"),
    Text("Russian or another language in Cyrillic", "俄文或其他西里尔字母文字"): re.compile("[\u0400-\u04ff]"),
    Text("Arabic", "阿拉伯文"): re.compile("[\u0600-\u06ff]"),
    Text("Thai", "泰文"): re.compile("[\u0e00-\u0e7f]"),
    Text("Hindi or another language in Devanagari", "印地文或其他天城文字"): re.compile("[\u0900-\u097f]"),
}
_FEW = 20
"""One character in so many may be of a foreign script, as names are."""


def refuse_foreign(text: str) -> None:
    """Refuse a document in a language that the grammar does not know.

    Raises:
        ProjectError: it is written in another script than Chinese or Latin.
    """
    if text.isascii():
        return
    letters = sum(map(str.isalpha, text))
    for name, script in _SCRIPTS.items():
        number = len(script.findall(text))
        if number * _FEW > letters:
            raise ProjectError(
                f"The document is in {name.en}. Figures are read in Chinese and English only; enter them by hand.",
                f"文件为{name.zh}。只能读取中文和英文的数字；请手工录入。",
            )
