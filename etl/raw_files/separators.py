"""Name the characters that separate cells in place of commas."""

from __future__ import annotations

from schemas.texts import Text

SEPARATORS = {
    "\t": Text("tabs", "制表符"),
    ";": Text("semicolons", "分号"),
    "|": Text("vertical bars", "竖线"),
    "，": Text("full-width commas", "全角逗号"),
}
RARE_SEPARATORS = {
    "；": Text("full-width semicolons", "全角分号"),
    "｜": Text("full-width vertical bars", "全角竖线"),
    "、": Text("ideographic commas", "顿号"),
    ":": Text("colons", "冒号"),
    "^": Text("circumflexes", "^ 号"),
    "~": Text("tildes", "波浪号"),
    "/": Text("slashes", "斜线"),
    "\x1f": Text("unit separators", "控制字符 U+001F"),
    "\u3000": Text("spaces", "空格"),
    " ": Text("spaces", "空格"),
}
"""Those that the title of a report may have too, so that only names of columns between them tell."""


def separated_otherwise(name: Text) -> Text:
    """Explain that cells are separated by another character, of this name."""
    en = f"the cells are separated by {name.en}, not by commas; save the file as CSV with commas"
    return Text(en, f"单元格以{name.zh}而非逗号分隔；请存为逗号分隔的 CSV")
