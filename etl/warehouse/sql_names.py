"""Quote names and texts for SQL; nothing else does."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from etl.errors import ProjectError

# Controls, formats (a right-to-left override among them), surrogates, private and unassigned characters, line ends.
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def quoted(name: str) -> str:
    """Quote a name as a SQL identifier.

    Raises:
        ProjectError: it is empty, begins or ends with a space, or has an invisible character.
    """
    unseen = next((character for character in name if unicodedata.category(character) in _INVISIBLE), None)
    if unseen is not None:
        raise ProjectError(
            f"The name {name!a} contains the invisible character U+{ord(unseen):04X}; remove it.",
            f"名称 {name!a} 含不可见字符 U+{ord(unseen):04X}；请删除。",
        )
    if not name or name != name.strip():
        raise ProjectError(
            f"The name {name!r} is empty or begins or ends with a space.", f"名称“{name}”为空，或首尾有空格；请更正。"
        )
    return '"' + name.replace('"', '""') + '"'


def refuse_lookalikes(names: Iterable[str]) -> list[str]:
    """Check that a reader, and DuckDB, can tell the names apart; return them.

    Raises:
        ProjectError: two of them differ in case, width or composition only.
    """
    seen: dict[str, str] = {}
    for name in names:
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
        if folded in seen:
            raise ProjectError(
                f"The names {seen[folded]!r} and {name!r} read alike; rename one of them.",
                f"名称“{seen[folded]}”与“{name}”难以区分；请更改其中之一。",
            )
        seen[folded] = name
    return list(seen.values())


def literal(text: str) -> str:
    """Quote a text as a SQL literal."""
    return "'" + text.replace("'", "''") + "'"
