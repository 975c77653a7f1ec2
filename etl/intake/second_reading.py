"""Read a document a second time, by other means, before it is entered: what both readings do not agree on is not written.

A reader that misreads makes a ledger of the same misreading, and the gate then holds the tables to it. So each figure is read
again without the grammar of figures and without the readers of forms: its digits from the text around it, its value by plain
arithmetic, its cell in the table that the file itself marks; and the accepted figures are written as a bulletin and read back.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from etl.catalogue import Catalogue
from etl.documents.document import Cell, Document, plain
from etl.documents.extract import extract
from etl.errors import ProjectError
from etl.figures.words import Notation
from etl.intake.contexts import Context
from etl.intake.decisions import Decision
from etl.intake.readings import Readings
from etl.intake.table_layer import FORMS, Rows
from etl.intake.targets import Names, Target, names_of
from etl.raw_files.in_child import read_in_child
from etl.raw_files.page import RefusedFileError
from schemas.models import Category, columns, figures
from schemas.texts import Text, joined, text_of

_MOST_TOLD = 10
_DIGIT = re.compile("[0-9]")
_PARTS = re.compile("(?P<sign>[-+])?(?P<number>[0-9]+(?:,[0-9]{3})*(?:\\.[0-9]+)?)(?P<times>[十百千万亿]*)(?P<unit>[^0-9]*)")
_TIMES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_INVISIBLE = re.compile("[\\s\u200b-\u200f\u2060\ufeff\u00ad]+")
_BESIDE = 24
_READ_BACK = Text("the bulletin written of it reads back as", "写成公报后再读取，得")
_DISAGREES = Text(
    "A second reading of the document disagrees, so that nothing is written.", "对文件的第二次读取结果不一致，未写入任何内容。"
)


def refuse_disagreement(
    catalogue: Catalogue, document: Document, found: Sequence[Context], decisions: Sequence[Decision]
) -> None:
    """Refuse to enter a document of which a second reading disagrees with the first.

    Args:
        catalogue: of the project.
        document: as read first.
        found: its figures.
        decisions: what is decided of them.

    Raises:
        ProjectError: the readings differ; it names section, ordinal and both readings.
    """
    notation, taken = catalogue.notation, list(_taken(decisions, catalogue))
    told = [
        *_of_text(document, found),
        *_of_values(taken, notation),
        *_read_back(taken, notation),
        *_of_tables(document, found),
    ]
    if told:
        rest = len(told) - _MOST_TOLD
        more = [Text(f"and {rest} more", f"另有 {rest} 处")] if rest > 0 else []
        raise ProjectError(joined((_DISAGREES, *told[:_MOST_TOLD], *more), "\n"))


def _told(section: str, ordinal: object, first: str, where: Text, second: str | Text) -> Text:
    read = Text(
        f"section {section}, figure {ordinal}: read as {first}, but {where.en} ",
        f"第 {section} 节第 {ordinal} 个数字：读作“{first}”，而{where.zh}",
    )
    return read + (second if isinstance(second, Text) else Text(second, f"“{second}”"))


def _of_text(document: Document, found: Sequence[Context]) -> Iterator[Text]:
    """Follow the digits of each figure in the text, from one that no digit precedes to one that none follows."""
    for each in found:
        token = each.found
        digits = _DIGIT.findall(unicodedata.normalize("NFKC", token.published))
        text = unicodedata.normalize("NFKC", document.text[token.offset : token.offset + len(token.published) + _BESIDE])
        before = unicodedata.normalize("NFKC", document.text[max(0, token.offset - 2) : token.offset])
        if digits and (run := _run(text, len(digits), before)) is not None and _DIGIT.findall(run) != digits:
            yield _told(token.section, token.ordinal, token.published, Text("the text there prints", "原文此处印有"), run)


def _run(text: str, number: int, before: str) -> str | None:
    """Return the so many first digits of a text, with those that stand right before and after them; None where it has none."""
    places = [match.start() for match in _DIGIT.finditer(text)]
    if not places:
        return None
    start, end = places[0], places[min(number, len(places)) - 1] + 1
    tail = re.match("(?:[0-9]|[.](?=[0-9])|,(?=[0-9]{3}(?![0-9])))*", text[end:])
    head = re.search("[0-9]*[.]?$|$", before) if start == 0 else None
    digits_before = head[0] if head and _DIGIT.search(head[0]) else ""
    return f"{digits_before}{text[start:end]}{tail[0] if tail else ''}"


def _taken(decisions: Sequence[Decision], catalogue: Catalogue) -> Iterator[tuple[Decision, Names]]:
    """Yield the figures that a column takes, each with the names of its column."""
    for each in decisions:
        table, _, name = each.cell or ("", "", "")
        model = catalogue.entry(table).model if table in catalogue.addresses else None
        column = next((one for one in figures(model) if one.name == name), None) if model else None
        if model and column:
            codes = tuple("all" for one in columns(model) if isinstance(one.dtype, Category))
            yield each, names_of(Target(table, name, codes), catalogue, column)


def _of_values(taken: Sequence[tuple[Decision, Names]], notation: Notation) -> Iterator[Text]:
    """Compute the value of each figure by plain arithmetic, where it is digits, 万 or 亿, and the unit of its column."""
    readings = Readings({each.printed for each, _ in taken}, [named for _, named in taken], notation)
    for each, named in taken:
        parts = _PARTS.fullmatch(unicodedata.normalize("NFKC", each.printed))
        value = readings.value(each.printed, named)
        if parts is None or value is None or parts["unit"] not in ("", named.unit):
            continue
        computed = Decimal(parts["number"].replace(",", ""))
        for times in parts["times"]:
            computed *= _TIMES[times]
        if abs(Decimal(str(abs(value))) - computed) > computed * Decimal("1e-9"):
            yield _told(
                *each.position, f"{each.printed} = {value:g}", Text("plain arithmetic gives", "直接计算得"), f"{computed:f}"
            )


def _read_back(taken: Sequence[tuple[Decision, Names]], notation: Notation) -> Iterator[Text]:
    """Write each accepted figure into a sentence of its column's name, and read the bulletin that they make."""
    text, places = "", list[tuple[int, Decision]]()
    for each, named in taken:
        if not each.printed.isdecimal():
            text += f"{re.sub('[0-9]', '', named.column)}为"
            places.append((len(text), each))
            text += f"{each.printed}。\n"
    read = {each.offset: each.published for each in extract(plain(text), notation) if not each.reason} if places else {}
    for offset, each in places:
        back = next((read[at] for at in range(offset, offset + len(each.printed)) if at in read), "")
        if back != each.printed:
            yield _told(*each.position, each.printed, _READ_BACK, back or Text("nothing", "空"))


def _of_tables(document: Document, found: Sequence[Context]) -> Iterator[Text]:
    """Look for each figure of a table in the rows that the file itself marks, beside what names its row."""
    if document.form not in FORMS or not document.tables:
        return
    try:
        content = Path(document.name).read_bytes()
        layer = read_in_child({"reader": "etl.intake.table_layer", "form": f".{document.form}"}, content)
    except (OSError, RefusedFileError) as error:
        what = Text(f"The tables of {document.name} cannot be read a second time: ", f"{document.name} 的表格无法第二次读取：")
        raise ProjectError(what + text_of(error)) from None
    tables: list[Rows] = layer["tables"]
    bare = [[[_bare(cell) for cell in row] for row in table] for table in tables]
    rows = [row for table in bare for row in table]
    below = {id(row): _merged_below(table, number) for table in bare for number, row in enumerate(table)}
    cells = {cell.offset: cell for table in document.tables for cell in table.cells}
    for each in found:
        cell = _cell_at(cells, each.found.offset)
        if cell is None:
            continue
        named = _named_so(rows, [_bare(name) for name in cell.stub if name])
        beside = [text for row in named for text in (*row, *below[id(row)])]
        if not any(_agrees(_bare(cell.text), text) for text in beside):
            is_there = 0 < len(named) < len(rows)
            second = "、".join(named[0]) if is_there else Text("no such figure", "没有这个数字")
            where = Text("the table of the file has", "文件的表格中" + ("为" if is_there else ""))
            yield _told(each.found.section, each.found.ordinal, cell.text, where, second)


def _cell_at(cells: Mapping[int, Cell], offset: int) -> Cell | None:
    return next((cell for start, cell in cells.items() if start <= offset < start + max(1, len(cell.text))), None)


def _bare(text: str) -> str:
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))


def _named_so(rows: Sequence[list[str]], names: Sequence[str]) -> list[list[str]]:
    """Return the rows that have most of the names of a row; those of one are in the row that it stands in."""
    most = max((sum(name in row for name in names) for row in rows), default=0)
    return [row for row in rows if sum(name in row for name in names) == most]


def _merged_below(rows: Sequence[Sequence[str]], number: int) -> list[str]:
    """Return the texts of the rows below one that its first cell may be merged over: they begin with none, or are shorter."""
    texts: list[str] = []
    for row in rows[number + 1 :]:
        if row and row[0] and len(row) >= len(rows[number]):
            break
        texts += row
    return texts


def _agrees(text: str, other: str) -> bool:
    """Whether a cell is as it was read; a stored number is that which is shown, to the digits that are."""
    if text == other:
        return True
    shown = re.match("[-+]?[0-9,]*[.]?[0-9]+", text)
    try:
        stored = Decimal(other)
    except ArithmeticError:
        return False
    if shown is None or not stored.is_finite():
        return False
    number = Decimal(shown[0].replace(",", ""))
    unit = Decimal(1).scaleb(int(number.as_tuple().exponent))
    return abs(number - stored * (100 if "%" in text else 1)) <= unit / 2
