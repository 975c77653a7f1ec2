"""Areas of a new project: the city, its districts and parents, with aliases."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from etl.errors import ProjectError
from schemas.code_lists import PACKAGE_LISTS, Code
from schemas.project_code_lists import AREAS

COUNTRY = "100000"
_CODE = re.compile(r"[1-9][0-9]{5}")
_SUFFIXES = ("自治区", "特别行政区", "省", "市", "区", "县", "州", "旗")
_SHORTEST = 2
"""A name of one character, such as 东 of 东区, stands for nothing in particular."""


@dataclass(frozen=True, slots=True)
class GivenArea:
    """An area as the user gave it: GB/T 2260 code, Chinese and English name."""

    code: str
    zh: str = ""
    en: str = ""


def parse_area(text: str) -> GivenArea:
    """Parse `CODE=中文名=English name`; the English name may be left out.

    Raises:
        ProjectError: the text has another form.
    """
    code, _, names = text.partition("=")
    zh, _, en = names.partition("=")
    if not _CODE.fullmatch(code) or not zh.strip():
        raise ProjectError(
            f"{text!r} is not CODE=NAME, such as 330602=越城区 or 330602=越城区=Yuecheng District.",
            f"“{text}”应为 代码=名称，如 330602=越城区 或 330602=越城区=Yuecheng District。",
        )
    return GivenArea(code, zh.strip(), en.strip())


def areas_of(area: GivenArea, districts: Sequence[GivenArea] = (), province: str = "") -> list[Code]:
    """List a project's areas: the country, the province, the area, its districts.

    What the package knows of them need not be given: names, and the districts.

    Args:
        area: the city, or whatever area the project is of.
        districts: what lies in it.
        province: `中文名=English name` of the province it lies in.

    Raises:
        ProjectError: a code is invalid, stands twice, or has no name.
    """
    if not _CODE.fullmatch(area.code):
        raise ProjectError(
            f"{area.code!r} is no code of GB/T 2260: six digits, such as 330600.",
            f"“{area.code}”不是 GB/T 2260 代码，应为六位数字，如 330600。",
        )
    known = {each.code: each for each in PACKAGE_LISTS.codes(AREAS)}
    inside = list(districts) or [GivenArea(each.code) for each in known.values() if each.parent == area.code]
    above = _above(area.code, province, known)
    every = [*above, area, *inside]
    twice = [code for code, number in Counter(each.code for each in every).items() if number > 1]
    if twice:
        raise ProjectError(f"The area {twice[0]} is given twice.", f"地区 {twice[0]} 重复；请删去其一。")
    found = {each.code: _area(each, known) for each in every}
    return _with_aliases([replace(each, parent=_parent(each.code, area.code, found)) for each in found.values()])


def _above(area: str, province: str, known: Mapping[str, Code]) -> list[GivenArea]:
    """List the areas above: the country, and the province if known or given."""
    code = f"{area[:2]}0000"
    if area in (COUNTRY, code):
        return [] if area == COUNTRY else [GivenArea(COUNTRY)]
    return [GivenArea(COUNTRY), *([parse_area(f"{code}={province}")] if province else [GivenArea(code)] if code in known else [])]


def _area(given: GivenArea, known: Mapping[str, Code]) -> Code:
    there = known.get(given.code)
    zh = given.zh or (there.zh if there else "")
    if not zh:
        raise ProjectError(
            f"The area {given.code} has no name; give it with --name, as in --name 成都市 --name-en Chengdu.",
            f"地区 {given.code} 没有名称；请用 --name 写明，如 --name 成都市 --name-en Chengdu。",
        )
    if there is None or there.zh != zh:
        return Code(given.code, zh, given.en or zh, (), "")
    return replace(there, en=given.en or there.en, parent="")


def _parent(code: str, area: str, listed: Container[str]) -> str:
    """Find the parent: the nearest listed area by code, or the project's area."""
    if code == COUNTRY:
        return ""
    around = (f"{code[:4]}00", f"{code[:2]}0000")
    nearest = next((each for each in around if each != code and each in listed), "")
    return nearest or (COUNTRY if code in (area, around[1]) else area)


def _with_aliases(areas: list[Code]) -> list[Code]:
    """Add unique aliases: the name without suffix, and with its parents' names."""
    by_code = {each.code: each for each in areas}
    names = {each.code: list(dict.fromkeys((*each.aliases, *_names(each, by_code)))) for each in areas}
    taken = Counter(name for each in names.values() for name in each)
    own = {name for each in areas for name in (each.code, each.zh, each.en)}
    return [replace(a, aliases=tuple(n for n in names[a.code] if taken[n] == 1 and n not in own)) for a in areas]


def _names(area: Code, by_code: dict[str, Code]) -> Iterable[str]:
    short = next((area.zh.removesuffix(suffix) for suffix in _SUFFIXES if area.zh.endswith(suffix)), "")
    if len(short) >= _SHORTEST:
        yield short
    full, parent = area.zh, by_code.get(area.parent)
    while parent and parent.code != COUNTRY:
        full = parent.zh + full
        yield full
        parent = by_code.get(parent.parent)
