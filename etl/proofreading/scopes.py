"""What each paragraph of a document is about, by its heading or first words: a district, firm or office, other years, plans."""

from __future__ import annotations

import re
from collections.abc import Iterable

from etl.proofreading.sentences import MARKS, Sentence

_SUFFIXES = "自治区|自治州|开发区|高新区|新区|园区|街道|公司|集团|法院|检察院|大学|学院|委员会|省|市|区|县|镇|乡|州|旗|局|厅"
_ENTITY = re.compile(f"(?![全我本各该])[\u4e00-\u9fff]{{2,8}}?(?:{_SUFFIXES})")
_LEVELS = (
    re.compile("第[一二三四五六七八九十]+[章部编]"),
    re.compile("[一二三四五六七八九十]+、|第[一二三四五六七八九十]+节"),
    re.compile("（[一二三四五六七八九十]+）"),
    re.compile("[0-9]+[.、．]"),
    re.compile("（[0-9]+）"),
)
_OTHER_TIME = re.compile("(?:19|20)[0-9]{2}|五年|十[一二三四]五|目标|任务|计划|安排|打算|展望|下一步|今后|规划|建议|回顾|案例")
"""What is planned, and what was done in other years or in single cases, is not what the document states of its year."""
_LONGEST_HEADING = 30


def scopes(sentences: Iterable[Sentence]) -> dict[int, str]:
    """Return the scope of each passage by its rank; empty for that of the document."""
    found: dict[int, str] = {}
    of_levels: dict[int, str] = {}
    title = ""
    for sentence in sentences:
        if sentence.rank in found:
            continue
        text = sentence.text
        title = title or text
        level = next((rank for rank, mark in enumerate(_LEVELS, 1) if mark.match(text)), 0)
        bare = _LEVELS[level - 1].sub("", text, count=1) if level else text
        is_heading = len(text) <= _LONGEST_HEADING and not re.search(f"[。；，{MARKS}]", text) and text != title
        named = _ENTITY.match(bare)
        entity = named[0] if named and named[0] not in title else ""
        if is_heading and (other := _OTHER_TIME.search(bare)):
            entity = entity or other[0]
        if is_heading and (level or entity):
            of_levels = {rank: name for rank, name in of_levels.items() if rank < level}
            of_levels[level] = entity
        found[sentence.rank] = entity or next(
            (of_levels[rank] for rank in sorted(of_levels, reverse=True) if of_levels[rank]), ""
        )
    return found
