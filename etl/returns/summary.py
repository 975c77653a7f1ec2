"""Describe what a return brought: each figure, beside what was printed last, and by how much it changed."""

from __future__ import annotations

from collections.abc import Iterator

from etl.column_titles import ColumnTitles, column_titles, untitled
from etl.findings import line
from etl.returns.deliver import ReturnRefusedError, Taken
from etl.returns.judge import TakenFigure
from schemas.texts import Language

LARGE, VERY_LARGE = 3, 8
"""Factors between two years from which a change is marked with one and two exclamation marks."""

_IN_POINTS = frozenset({"share", "rate", "score"})


def summarize(taken: Taken, language: Language, *, is_written: bool) -> Iterator[str]:
    """Yield the lines that say what was taken."""
    zh, source = language == "zh", taken.source
    rows, tables = len(taken.rows), len({address for address, *_ in taken.rows})
    number = sum(each.is_figure for each in taken.figures)
    yield (
        f"{source.id}：{source.title}，{number} 个数字，{rows} 行，{tables} 张表"
        if zh
        else f"{source.id}: {source.title}: {number} figures of {rows} rows in {tables} tables"
    )
    yield from (f"  {_line(each, taken, language)}" for each in taken.figures)
    yield from (f"  {remark.in_language(language)}" for remark in taken.remarks)
    yield from (f"  {line(finding, language, _titles(taken))}" for finding in taken.findings)
    written = ("已写入" if zh else "written") if is_written else ("将写入" if zh else "would be written")
    yield f"{written}{'：' if zh else ': '}{', '.join(sorted('raw/' + _under_raw(taken, n) for n in range(len(taken.files))))}"


def _titles(taken: Taken) -> ColumnTitles:
    catalogues = (each.indicator.entry.catalogue for each in taken.figures)
    return next(map(column_titles, catalogues), untitled)


def _under_raw(taken: Taken, number: int) -> str:
    return taken.files[number].as_posix().rpartition("/raw/")[2]


def _line(each: TakenFigure, taken: Taken, language: Language) -> str:
    colon = "：" if language == "zh" else ": "
    text = f"{each.place}{colon}{each.indicator.name(language, taken.area)}{colon}{each.entered}"
    last = each.indicator.last
    if last is not None:
        text += f"  [{last.period}{colon}{last.published}{_change(each)}]"
    if each.place in taken.revised:
        text += f"  ← {taken.revised[each.place]}"
    return text


def _change(each: TakenFigure) -> str:
    """Write the change against the last print, marked where it is large."""
    value, last = each.reading.value, each.indicator.last
    if value is None or last is None or last.reading.value != last.reading.value:
        return ""
    before = last.reading.value
    if each.indicator.column.dtype.kind in _IN_POINTS:
        return f", {value - before:+.4g}"
    if before <= 0 or value <= 0:
        return ""
    factor = max(value / before, before / value)
    marks = " !!" if factor >= VERY_LARGE else " !" if factor >= LARGE else ""
    return f", {value / before - 1:+.1%}{marks}"


def explain_refusal(refused: ReturnRefusedError, language: Language) -> Iterator[str]:
    """Yield the lines that say why a return was refused, by sheet and cell."""
    colon = "：" if language == "zh" else ": "
    for each in refused.refusals:
        yield f"{refused.file.name}{colon}{each.place}{colon}{each.message.in_language(language)}"
    yield from (line(finding, language, refused.titles) for finding in refused.findings)
