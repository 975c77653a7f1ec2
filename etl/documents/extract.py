"""The figures of a document: read from its text, written to a ledger, and compared with the ledger again.

A ledger holds what was printed and where, and no sentence of the document. Numbers that are no figures go to a second
file, each with its reason, so that every digit of the document is accounted for. An unclear number stands in both: in the
ledger, so that a person enters it or leaves it out, and in the second file with what makes it unclear.
"""

import hashlib
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from etl.documents import exclusions
from etl.documents.certainty import RATES, UNCLEAR, doubt
from etl.documents.citations import LEDGER_COLUMNS, LEFT_OUT_COLUMNS
from etl.documents.document import Document, plain
from etl.documents.languages import refuse_foreign
from etl.documents.number_lists import Token, after_falls, sharing_units
from etl.documents.passages import Passage, passages
from etl.documents.refusal import MOST_NUMBERS, TOO_MANY_NUMBERS
from etl.documents.scan import match_until, numbers
from etl.documents.table_figures import with_tables
from etl.errors import ProjectError
from etl.figures.measure_words import measure_word
from etl.figures.numerals import FOLDED
from etl.figures.phrases import fall_of, phrase
from etl.figures.words import PACKAGE_NOTATION, Notation
from etl.files import replace_csv
from etl.project import records
from schemas.texts import Text

_SPACE = re.compile(r"(?<![A-Za-z])\s+(?![A-Za-z])|\s+(?![A-Za-z0-9$£€])|(?<![A-Za-z0-9%])\s+")
"""Space that says nothing; between words and numbers in Latin letters it does."""
_NEARBY = 24
_SIGNS = " .%+-/<>¥$"
_NEVER_FOLDED = frozenset("\t\r\n，：")
_PLAIN = str.maketrans(
    {each: plain for each, plain in FOLDED.items() if each not in _NEVER_FOLDED and (plain.isalnum() or plain in _SIGNS)}
)
"""One character for one, so that offsets stay. Not commas and colons, which part sentences, and no tab, which parts cells."""


@dataclass(frozen=True, slots=True)
class Found:
    """A number in a document.

    Attributes:
        section: Section of the document, such as `A1`.
        ordinal: Rank within the section, from 1; numbers of the ledger and numbers left out are counted apart.
        offset: Characters of the document before the number, as printed.
        published: The number as printed, with its hedges and unit, without breaks of lines and spaces.
        unit: The unit as printed, without a multiplier, known or not; a list shares that of its last number.
        hedge: The hedges as printed, joined as in 超…以上; empty where there is none.
        reason: Why it is no figure, or `unclear` with what makes it so; empty for a figure.
        is_unit_known: Whether the unit, where there is one, is in the code lists.
    """

    section: str
    ordinal: int
    offset: int
    published: str
    unit: str
    hedge: str
    reason: str
    is_unit_known: bool = True

    @property
    def is_unclear(self) -> bool:
        """Whether a word beside the number may change it, so that a person must decide."""
        return self.reason.startswith(UNCLEAR)


def extract(document: Document | str, notation: Notation = PACKAGE_NOTATION) -> list[Found]:
    """List every figure of a document, and every number in it that is none, in the document's order.

    Args:
        document: The document, or its text as decoded, its line breaks untouched, as offsets count them too.
        notation: The units and hedges that a figure may have.

    Raises:
        ProjectError: It is in a language that is not read, or has more numbers than a document.
    """
    document = plain(document) if isinstance(document, str) else document
    refuse_foreign(document.text)
    ranks: Counter[tuple[str, bool]] = Counter()
    found: list[Found] = []
    for passage in passages(document):
        for token in after_falls(sharing_units(list(_tokens(passage, notation)), passage.text), passage.text):
            series = (passage.section, _is_listed(token.reason))
            ranks[series] += 1
            if len(found) == MOST_NUMBERS:
                raise ProjectError(TOO_MANY_NUMBERS)
            offset = passage.offsets[token.start]
            published = _SPACE.sub("", passage.text[token.start : token.end])
            place = (passage.section, ranks[series], offset)
            found.append(Found(*place, published, token.unit, token.hedge, str(token.reason), token.is_unit_known))
    return with_tables(found, document, _is_listed)


def _is_listed(reason: str) -> bool:
    """Whether a number stands in the ledger: a figure, or an unclear number, of which a person decides."""
    return not reason or reason.startswith(UNCLEAR)


def _tokens(passage: Passage, notation: Notation) -> Iterator[Token]:
    """The numbers of a passage; a short quoted name that holds some is one token."""
    text = passage.text.translate(_PLAIN)
    names = exclusions.quoted_names(text)
    listed: set[tuple[int, int]] = set()
    for match, why in numbers(text, notation):
        token = Token(match.start(), match.end(), reason=why) if why else _figure(match, notation)
        if token is None:
            continue
        rank = bisect_right(names, (token.start, len(text))) - 1
        name = names[rank] if rank >= 0 and token.start < names[rank][1] else None
        if name is None:
            yield token
        elif not exclusions.is_short_name(name):
            yield Token(token.start, token.end, reason=exclusions.Reason.NAME)
        elif name not in listed:
            listed.add(name)
            yield Token(*name, reason=exclusions.Reason.NAME)


def _figure(match: re.Match[str], notation: Notation) -> Token | None:
    """A figure, or a number with the reason why it is none; None for a numeral in the midst of a word."""
    text, end = match.string, exclusions.end_of_figure(match, notation)
    if end < match.end():
        match = match_until(match, end, notation)
    parts = {name: part or "" for name, part in match.groupdict().items() if match.end(name) <= end}
    said = phrase(match)
    unit = said.unit if said else parts.get("unit", "")
    start = _start(match, unit)
    if exclusions.is_end_of_word(text, match.start("before"), match["before"]):
        start, parts["before"] = match.end("before"), ""
    start += len(text[start:end]) - len(text[start:end].lstrip())
    end = len(text[:end].rstrip())
    hedges = (
        "…".join(filter(None, (parts.get(name) for name in ("before", "near", "inside", "odd", "after"))))
        .replace("半", "")
        .lower()
    )
    reason: str = ""
    if parts.get("numeral") and not parts.get("range"):
        if not unit:
            return None
        place = match.start("numeral")
        before, after = text[max(0, place - _NEARBY) : place], text[end : end + _NEARBY]
        if exclusions.is_part_of_word(before, parts["numeral"], unit):
            return None
        is_hedged = bool(hedges) or bool(parts.get("head"))
        reason = exclusions.reason_of_numeral(before, parts["numeral"], unit, after, is_hedged) or ""
    elif parts.get("spelled") and parts["spelled"].lower() in ("one", "zero") and not unit:
        return None
    elif parts.get("whole"):
        is_bare = not (unit or hedges or parts["sign"] or parts["decimals"] or parts["multiplier"])
        if is_bare:
            reason = exclusions.reason_of_bare(text, start, end, parts["whole"]) or ""
    elif parts.get("range") and not unit and not re.search("[0-9]", parts["range"]):
        return None
    reason = reason or doubt(match, start, end, said)
    is_known = bool(unit)
    if not unit and not reason and (parts.get("whole") or parts.get("spelled")) and "个" not in text[start:end]:
        word = measure_word(text, end)
        unit, end = word.strip(), end + len(word)
    return Token(start, end, unit, hedges, reason, is_known or not unit)


def _start(match: re.Match[str], unit: str) -> int:
    """Return where a figure begins: a fall is a sign, and so belongs to it; a rise goes without saying but for times."""
    direction = match["direction"]
    if fall := fall_of(direction):
        is_sign = not direction.isascii() or unit in RATES
        return match.start("direction") + fall.start() if is_sign else match.end("direction")
    is_rise = unit == "倍" and direction and not direction.isascii()
    return (
        match.start("direction") + len(direction) - len(re.sub("^[同环]比", "", direction)) if is_rise else match.end("direction")
    )


def write_ledger(found: Iterable[Found], path: Path) -> None:
    """Write the figures of a document as its ledger, in one step.

    Args:
        found: What `extract` gives; numbers that are no figures are passed over, unclear ones are not.
        path: The ledger's file; one that exists is replaced.
    """
    replace_csv(path, LEDGER_COLUMNS, ledger_rows(found))


def write_left_out(found: Iterable[Found], path: Path) -> None:
    """Write the numbers of a document that are no figures, in one step; rows that a person added are kept.

    Args:
        found: What `extract` gives; figures are passed over.
        path: The file; where it exists, its rows that name a figure of the ledger by ordinal follow the new ones.
    """
    committed = records(path, LEFT_OUT_COLUMNS) if path.exists() else []
    by_hand = [tuple(row.values()) for row in committed if row["ordinal"]]
    replace_csv(path, LEFT_OUT_COLUMNS, [*left_out_rows(found), *by_hand])


def fingerprint(text: str) -> tuple[str, int]:
    """The SHA-256 of a text in UTF-8, and its length in characters."""
    return hashlib.sha256(text.encode()).hexdigest(), len(text)


def verify(
    document: Document | str,
    ledger_path: Path,
    left_out_path: Path,
    sha256: str,
    length: int,
    notation: Notation = PACKAGE_NOTATION,
) -> list[Text]:
    """List in words how a document differs from its committed ledger; empty where they agree.

    Args:
        document: The document, or its text as decoded, its line breaks untouched.
        ledger_path: The committed ledger.
        left_out_path: The committed numbers left out. Rows with an ordinal are a person's: each must name a figure of
            the ledger, as published there; all others must be what `extract` finds.
        sha256: The document's recorded fingerprint; empty where none is recorded.
        length: The document's recorded length in characters.
        notation: The units and hedges that a figure may have.

    Raises:
        ProjectError: Where a committed file is missing or is not such a table.
    """
    differences = []
    document = plain(document) if isinstance(document, str) else document
    read_hash, characters = fingerprint(document.text)
    if (sha256, length) != (read_hash, characters):
        differences.append(
            Text(
                f"the document is another one: recorded {length} characters with SHA-256 {sha256 or '(none)'},"
                f" read {characters} with {read_hash}",
                f"不是同一文件：登记为 {length} 字，SHA-256 {sha256 or '（无）'}；读到 {characters} 字，{read_hash}",
            )
        )
    found = extract(document, notation)
    ledger, rows = records(ledger_path, LEDGER_COLUMNS), records(left_out_path, LEFT_OUT_COLUMNS)
    by_machine = [tuple(row.values()) for row in rows if not row["ordinal"]]
    differences += _compared(Text("figure", "数字"), [tuple(row.values()) for row in ledger], ledger_rows(found))
    differences += _compared(Text("left out", "未录入"), by_machine, left_out_rows(found))
    return differences + _by_hand([row for row in rows if row["ordinal"]], ledger)


def _by_hand(rows: Iterable[Mapping[str, str]], ledger: Iterable[Mapping[str, str]]) -> list[Text]:
    """What is wrong with the figures that a person left out, in words."""
    published = {(row["section"], row["ordinal"]): row["published"] for row in ledger}
    differences = []
    for row in rows:
        place, figure = (row["section"], row["ordinal"]), row["published"]
        en = f"left out by hand: {figure} as figure {place[1]} of section {place[0]}"
        zh = f"人工列为未录入：{place[0]} 节第 {place[1]} 个数字 {figure}"
        if place not in published:
            differences.append(Text(f"{en}, which the ledger does not have", f"{zh}，台账中没有"))
        elif published[place] != figure:
            differences.append(Text(f"{en}, which is {published[place]} in the ledger", f"{zh}，台账中为 {published[place]}"))
        if not row["reason"]:
            differences.append(Text(f"{en}, without a reason", f"{zh}，未说明理由"))
    return differences


def ledger_rows(found: Iterable[Found]) -> list[tuple[str, ...]]:
    """The rows of a ledger, as text; a unit that no code list has ends in a question mark."""
    return [
        (
            each.section,
            str(each.ordinal),
            str(each.offset),
            each.published,
            each.unit + "?" * (not each.is_unit_known),
            each.hedge,
        )
        for each in found
        if _is_listed(each.reason)
    ]


def left_out_rows(found: Iterable[Found]) -> list[tuple[str, ...]]:
    """The machine's rows of the numbers left out, as text; the ordinal is kept for a person's rows."""
    return [(each.section, "", str(each.offset), each.published, each.reason) for each in found if each.reason]


def _compared(kind: Text, committed: list[tuple[str, ...]], read: list[tuple[str, ...]]) -> list[Text]:
    """The rows that are only in the file, and those only in the document, in words."""
    gone, new = Counter(committed) - Counter(read), Counter(read) - Counter(committed)
    only_in = [(row, Text("the file", "台账")) for row in gone.elements()]
    only_in += [(row, Text("the document", "文件")) for row in new.elements()]
    if not only_in and committed != read:
        return [Text(f"{kind.en}: the rows of the file are in another order", f"{kind.zh}：台账各行次序不同")]
    return [
        Text(f"{kind.en} only in {where.en}: {','.join(row)}", f"{kind.zh}仅见于{where.zh}：{','.join(row)}")
        for row, where in only_in
    ]
