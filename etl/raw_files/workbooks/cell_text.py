"""Text of a cell, as a person sees it, or why that is unclear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from etl.raw_files.raised import in_superscript, lowered, raised
from etl.raw_files.workbooks.number_format import formatted_number, formatted_text
from etl.raw_files.workbooks.sheet import HiddenValueError, Look, Run, SheetCell
from etl.raw_files.workbooks.shown_value import day_as_shown, number_as_shown


@dataclass(frozen=True, slots=True)
class CellText:
    """The text of a cell.

    Attributes:
        text: what is read.
        rounded: what the cell shows, where it stores more digits.
        left_out: raised or lowered marks of footnotes that are no part of the text.
    """

    text: str
    rounded: str = ""
    left_out: str = ""


def text_of(cell: SheetCell, *, epoch_1904: bool, hides_noughts: bool = False) -> CellText:
    """Write the text of a cell.

    Raises:
        HiddenValueError: it is an error, or shows something else than it stores.
    """
    match cell.kind:
        case "error":
            raise HiddenValueError(f"the cell says {cell.value}: its formula failed", f"单元格为 {cell.value}：公式出错")
        case "text":
            return _text(cell)
    if cell.look:
        raise _of_another_look(cell.shown or str(cell.value), cell.look)
    if cell.kind == "truth":
        return CellText("TRUE" if cell.value else "FALSE")
    if hides_noughts and cell.kind == "number" and not cell.value:
        raise HiddenValueError(
            "the cell stores 0 and the sheet shows nothing in its place; show zero values, or leave the cell blank",
            "单元格存储 0，而工作表设为不显示零值；请显示零值，或清空该单元格",
        )
    if cell.kind == "date":
        return CellText(day_as_shown(str(cell.value), cell.shown))
    assert isinstance(cell.value, float)
    if cell.shown is None:
        number = formatted_number(cell.value, cell.format, epoch_1904=epoch_1904)
    else:
        number = number_as_shown(cell.value, cell.shown)
    return CellText(number.text, number.rounded)


def _text(cell: SheetCell) -> CellText:
    text = str(cell.value or "")
    if cell.shown is not None and "".join(cell.shown.split()) != "".join(text.split()):
        raise HiddenValueError(
            f"the cell shows {cell.shown!r} and stores {text!r}; write it anew",
            f"单元格显示“{cell.shown}”，存储“{text}”；请重新录入",
        )
    runs = cell.runs or (((text, cell.look),) if cell.look else ())
    text, left_out = printed_text(runs) if runs else (text, "")
    return CellText(formatted_text(text, cell.format) if cell.format else text, left_out=left_out)


def printed_text(runs: Sequence[Run]) -> tuple[str, str]:
    """Return the text of runs as it is printed, and the marks of footnotes that were left out.

    Raises:
        HiddenValueError: a run is struck out or hidden, or raised text may be more than a mark.
    """
    text = left_out = ""
    is_mixed = any(run.strip() and not look for run, look in runs)
    for look, same in groupby(runs, key=lambda run: run[1]):
        run = "".join(part for part, _ in same)
        if not look or not run.strip():
            text += run
            continue
        if look not in ("raised", "lowered") or (not is_mixed and any(map(str.isdigit, run))):
            raise _of_another_look(run, look)
        if not text.strip():  # the mark of a note stands before it
            text += in_superscript(run)
            continue
        added = (raised if look == "raised" else lowered)(text, run)
        if added == run:
            raise _of_another_look(run, look)
        text += added
        left_out += "" if added else run.strip()
    return text, left_out


def _of_another_look(text: str, look: Look) -> HiddenValueError:
    en, zh = {
        "raised": ("is raised", "为上标"),
        "lowered": ("is lowered", "为下标"),
        "struck": ("is struck out", "带删除线"),
        "hidden": ("is hidden", "为隐藏文字"),
        "pale": ("has the colour of its background", "与底色同色"),
        "repeated": ("is shown several times over", "在单元格内重复显示"),
        "tiny": ("is too small to be seen", "字号过小，无法看清"),
    }[look]
    return HiddenValueError(
        f"{text!r} {en} in the cell, so it is unclear whether it belongs to it; delete it, or write it like the rest",
        f"单元格内“{text}”{zh}，无法确定是否属于其内容；请删除，或改为普通格式",
    )
