"""Messages of contradictions, in both languages: the words of the document, the formula, and what would agree."""

from __future__ import annotations

import re
from fractions import Fraction

from etl.calculator.bounds import UNKNOWN, Bounds
from etl.calculator.decimals import bounds_text, decimal_text, decimals_of, whole_within
from etl.documents.document import Place
from etl.proofreading.figures import PrintedFigure
from etl.proofreading.relations import Judged
from schemas import document_rules
from schemas.constraints import Cell, Constraint
from schemas.texts import Text

MOST_PARTS = 8
"""So many parts of a sum are written out."""
_SUM = re.compile(r"[^ ()]+(?: \+ [^ ()]+)+")
_QUOTES = Text("“{}”", "“{}”")


def message_of(judged: Judged, place: Place) -> Text:
    """Write what is wrong with a relation, or that it holds only if digits were cut off."""
    relation, constraint = judged.relation, judged.constraint
    assert constraint is not None
    formula = _formula(constraint, relation.figures)
    where, words = _where(place), relation.words
    if judged.verdict == "agrees_if_cut_off":
        en, zh = f"{formula} agrees only if digits were cut off, not rounded", f"{formula}：仅在截尾（非四舍五入）时相符"
    elif constraint.relation == "whole":
        en, zh = _of_whole(judged, formula)
    else:
        en, zh = f"{formula} does not hold", f"{formula} 不成立"
        if expected := _expected(judged):
            en, zh = (
                f"{en}: {expected} expected, not {relation.suspect.published}",
                f"{zh}：应为 {expected}，而非 {relation.suspect.published}",
            )
        en, zh = f"{en}. {relation.rule.reason}", f"{zh}。{relation.rule.zh}。"
    return Text(f"{where.en}{_QUOTES.en.format(words)}: {en}", f"{where.zh}{_QUOTES.zh.format(words)}：{zh}")


def _where(place: Place) -> Text:
    """Name the page, and the row and column of a table."""
    en = [f"page {place.page}"] if place.page else []
    zh = [f"第{place.page}页"] if place.page else []
    if place.table:
        en += [f"table {place.table}", f"row {place.row}", f"column {place.cell}"] if place.row else [f"table {place.table}"]
        zh += [f"表{place.table}", f"第{place.row}行", f"第{place.cell}列"] if place.row else [f"表{place.table}"]
    return Text(f"{', '.join(en)}: " if en else "", f"{''.join(zh)}：" if zh else "")


def _formula(constraint: Constraint, figures: tuple[PrintedFigure, ...]) -> str:
    texts = {cell.name: each.fall + each.published for each in figures for cell in (each.cell, each.result)}

    def show(cell: Cell) -> str:
        return texts.get(cell.name, "?")

    return _SUM.sub(lambda found: _shortened(found[0].split(" + ")), constraint.formula(show))


def _shortened(parts: list[str]) -> str:
    """Write a long sum by its first and last parts."""
    return " + ".join(parts if len(parts) <= MOST_PARTS else [*parts[: MOST_PARTS - 2], "…", parts[-1]])


def _of_whole(judged: Judged, formula: str) -> tuple[str, str]:
    """Explain that no whole number gives a share or growth, and name the nearest one."""
    *_, count, ratio = judged.relation.figures
    number, share = _middle(count), _middle(ratio)
    if judged.relation.rule is document_rules.WHOLE_CASES and number and share and formula.startswith(count.published):
        whole = max(1, round(number / share * 100))
        nearest = f"{decimal_text(number, 0, None)}/{whole} = {decimal_text(number / whole * 100, _decimals(ratio), None)}%"
        return (
            f"{count.published} cannot be {ratio.published} of a whole number: {nearest}",
            f"{count.published} 不可能是任何整数的 {ratio.published}：{nearest}",
        )
    return f"{formula} gives no whole number", f"{formula} 不可能得出整数"


def _decimals(figure: PrintedFigure) -> int:
    found = re.search(r"\.([0-9]+)", figure.published)
    return len(found[1]) if found else 0


def _middle(figure: PrintedFigure) -> Fraction | None:
    bounds = figure.bounds[0]
    return None if bounds.low is None or bounds.high is None else (bounds.low + bounds.high) / 2


def _expected(judged: Judged) -> str:
    """Write the values of the suspect that would agree, in the unit in which it is printed."""
    suspect, values = judged.relation.suspect, judged.expected
    if values is None or values == UNKNOWN:
        return ""
    if suspect.is_exact and suspect.suffix not in ("%",):
        values = whole_within(values)
    if values.low is not None and values.high is not None and values.low > values.high:
        return ""
    scaled: Bounds = values.times(1 / suspect.per_suffix)
    if scaled.low is not None and scaled.low == scaled.high:
        return decimal_text(scaled.low, _decimals(suspect) + 2, None) + suspect.suffix
    return bounds_text(scaled, suspect.suffix, decimals_of(scaled), is_outward=False)
