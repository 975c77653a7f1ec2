"""Find the units, hedges and marks of a project that would change how the figures of others are read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Literal, get_args

from schemas.hand_edited import Fault, HandEditedList, cited, one_of, shown, shown_zh
from schemas.texts import Text

HedgePosition = Literal["before", "inside", "after"]
Bound = Literal["at_least", "at_most", "up_to_next_step", "unknown"]
MarkPosition = Literal["alone", "before", "after"]
UnitKind = Literal["count", "amount", "share", "rate", "mean", "duration", "score", "multiple", "measure"]

_FACTOR = re.compile("[1-9][0-9]{0,14}")
_POWERS = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}
_MULTIPLIED = re.compile("([十百千万亿]+)(.+)")
_NUMERALS = re.compile("[〇零一二三四五六七八九十百千万亿两]")
_SIGNS = frozenset("-+–—−▲.,")
"""What stands before or within the digits of a number, and so is no hedge before it."""

_HINT = Text("is no whole number above zero", "应为大于零的整数")
_DIGIT = Text("has a digit, which belongs to the number", "含数字，数字应属于数值本身")
_NUMERAL = Text("has a numeral, which belongs to the number", "含数词，数词应属于数值本身")
_SIGN = Text("has a sign that belongs to the number", "含属于数值本身的符号")


def unsound_units(own: HandEditedList, rows: Sequence[Mapping[str, str]]) -> Iterator[Fault]:
    """Yield the faults of a project's list of units, beside the rows of the package's."""
    yield from own.blank("unit", "dimension", "base", "en", "zh")
    yield from own.unknown("kind", get_args(UnitKind), one_of(get_args(UnitKind)))
    for name in ("times", "over"):
        yield from own.wrong(name, _FACTOR.fullmatch, _HINT, may_be_blank=False)
    yield from own.wrong("unit", _is_without_digits, _DIGIT)
    yield from own.wrong(
        "unit",
        lambda text: _NUMERALS.sub("", text),
        Text("is a numeral, which belongs to the number", "是数词，数词应属于数值本身"),
    )
    yield from own.wrong("dimension", str.isprintable, Text("has characters that are not seen", "含不可见字符；请删除"))
    yield from _same_when_read(own, rows)
    yield from _other_bases(own, rows)
    yield from _multiplied(own, rows)


def unsound_hedges(own: HandEditedList) -> Iterator[Fault]:
    """Yield the faults of a project's list of hedges."""
    yield from own.blank("hedge", "en")
    yield from own.unknown("position", get_args(HedgePosition), one_of(get_args(HedgePosition)))
    yield from own.unknown("bound", get_args(Bound), one_of(get_args(Bound)))
    yield from own.wrong("hedge", _is_without_digits, _DIGIT)
    yield from own.wrong("hedge", lambda text: not _NUMERALS.search(text), _NUMERAL)
    for number, row in enumerate(own.records()):
        if row["position"] != "after" and {*unicodedata.normalize("NFKC", row["hedge"])} & _SIGNS:
            yield number, "hedge", cited("hedge", row["hedge"], _SIGN)


def unsound_marks(
    own: HandEditedList, rows: Sequence[Mapping[str, str]], statuses: Collection[str], conf_statuses: Collection[str]
) -> Iterator[Fault]:
    """Yield the faults of a project's list of marks, beside the rows of the package's.

    Args:
        own: the project's list.
        rows: the package's list.
        statuses: SDMX's codes of OBS_STATUS.
        conf_statuses: SDMX's codes of CONF_STATUS.
    """
    yield from own.blank("mark")
    yield from own.unknown("position", get_args(MarkPosition), one_of(get_args(MarkPosition)))
    yield from own.unknown("status", statuses, one_of(sorted(statuses)))
    yield from own.unknown("conf_status", conf_statuses, one_of(sorted(conf_statuses)))
    is_package = {(row["mark"], row["position"]) for row in rows}
    for number, row in enumerate(own.records()):
        text = _plain(row["mark"])
        if not _is_without_digits(text) or _NUMERALS.search(text):
            yield number, "mark", cited("mark", row["mark"], Text("has a digit, which belongs to a number", _DIGIT.zh))
        elif row["position"] != "alone" and {*text} & _SIGNS:
            yield number, "mark", cited("mark", row["mark"], _SIGN)
        elif (text, row["position"]) in is_package:
            same = Text(f"is read as {text} of the package; delete it", f"与自带的“{text}”读法相同；请删除")
            yield number, "mark", cited("mark", row["mark"], same)


def _is_without_digits(text: str) -> bool:
    return not any(character.isdecimal() for character in text)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _same_when_read(own: HandEditedList, rows: Sequence[Mapping[str, str]]) -> Iterator[Fault]:
    """Yield the units that are read as another one, such as a full-width `％`."""
    known = {_plain(row["unit"]): row["unit"] for row in rows}
    for number, row in enumerate(own.records()):
        other = known.setdefault(_plain(row["unit"]), row["unit"])
        if other != row["unit"]:
            yield (
                number,
                "unit",
                cited("unit", row["unit"], Text(f"is read as {other}; delete it", f"与“{other}”读法相同；请删除")),
            )


def _other_bases(own: HandEditedList, rows: Sequence[Mapping[str, str]]) -> Iterator[Fault]:
    """Yield the units whose dimension has another base, and bases that are a multiple of themselves."""
    bases: dict[str, Mapping[str, str]] = {}
    for row in rows:
        bases.setdefault(row["dimension"], row)
    for number, row in enumerate(own.records()):
        first = bases.setdefault(row["dimension"], row)
        for name in ("base", "kind"):
            if row[name] != first[name]:
                en = f"{name} {shown(row[name])} differs from that of {first['unit']}, {first[name]}"
                zh = f"{name} {shown_zh(row[name])} 与 {first['unit']} 的 {first[name]} 不同；同一 dimension 的单位 {name} 须相同"
                yield number, name, Text(f"{en}; units of one dimension have one {name}", zh)
        if row["unit"] == row["base"] and _factor(row) not in (0, 1):
            en = f"{row['unit']} is the base of its dimension, so times and over are 1"
            yield number, "times", Text(en, f"{row['unit']} 是其 dimension 的基本单位，times 与 over 应为 1")


def _multiplied(own: HandEditedList, rows: Sequence[Mapping[str, str]]) -> Iterator[Fault]:
    """Yield the units that are read as another one after a multiplier: 千件 is 件 after 千."""
    listed = own.records()
    every = {row["unit"]: row for row in (*rows, *listed)}
    mine = {row["unit"]: number for number, row in enumerate(listed)}
    for unit, row in every.items():
        match = _MULTIPLIED.fullmatch(unit)
        other = every.get(match[2]) if match else None
        if match is None or other is None or not ({unit, other["unit"]} & {*mine}):
            continue
        power = sum(_POWERS[character] for character in match[1])
        if row["dimension"] != other["dimension"] or _factor(row) != 10**power * _factor(other):
            number = mine[unit] if unit in mine else mine[other["unit"]]
            en = f"{unit} is {other['unit']} after {match[1]}, which belongs to the number, and means another"
            zh = f"{unit} 即 {other['unit']} 之前加 {match[1]}，{match[1]} 应属于数值本身，而两者含义不同；请改用其他写法"
            yield number, "unit", Text(en, zh)


def _factor(row: Mapping[str, str]) -> Fraction:
    is_right = _FACTOR.fullmatch(row["times"]) and _FACTOR.fullmatch(row["over"])
    return Fraction(int(row["times"]), int(row["over"])) if is_right else Fraction(0)
