"""Read right and wrong rows of CSV: each is reported at its place, or kept."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from register_projects import (
    COLUMNS,
    FOLDER,
    HEADER,
    PACKED,
    Row,
    as_loaded,
    checked,
    csv_of,
    locate,
    number,
    pledge,
    records,
    rejected,
    with_files,
)

from etl.registers.check import MOST_FINDINGS

FILE = f"{FOLDER}.csv"


def test_a_row_that_does_not_fit_is_set_aside_and_every_other_is_right(tmp_path: Path) -> None:
    rows = [pledge(serial) for serial in range(6)]
    short, long, one_cell = rows[1][:-1], [*rows[3], "x"], ["x"]
    for form, pack in PACKED.items():
        content = pack(csv_of(short, rows[0], long, rows[2], one_cell, rows[4], rows[5][:-2]))
        found = checked(with_files(tmp_path / form, {f"{FOLDER}.{form}": content}))
        assert locate(found.findings) == [f"{FOLDER}.{form}:{line}:1 row-fits-header" for line in (2, 4, 6, 8)]
        assert (found.rows, found.rejected) == (7, 4)
        assert records(found) == as_loaded(rows[0], rows[2], rows[4])
        assert rejected(found) == [(f"{FOLDER}.{form}", line, "row-fits-header") for line in (2, 4, 6, 8)]


def test_blank_lines_are_no_rows_and_a_row_of_commas_is_one(tmp_path: Path) -> None:
    rows = [pledge(1), pledge(2)]
    for end in ("\n", "\r\n"):
        lines = [HEADER, "", ",".join(rows[0]), "", "", ",".join(rows[1]), ",,,,,,,", ""]
        found = checked(with_files(tmp_path / str(len(end)), {FILE: (end.join(lines) + end).encode()}))
        required = [1, 2, 3, 4, 5, 6, 8]
        assert locate(found.findings) == sorted(f"{FILE}:7:{at} cell-is-filled" for at in required)
        assert (found.rows, found.rejected) == (3, 1)
        assert records(found) == as_loaded(*rows)


def test_line_breaks_within_cells_are_counted(tmp_path: Path) -> None:
    broken = pledge(1, pledgor_name='"甲\n\n,乙\n丙\n丁\n戊"', released_on="never")
    found = checked(with_files(tmp_path, {FILE: csv_of(broken, pledge(2, area="?"), header=f'"{COLUMNS[0]}"{HEADER[13:]}')}))
    expected = [f"{FILE}:2:33 name-is-one-line", f"{FILE}:7:19 day-is-a-date", f"{FILE}:8:19 code-is-known"]
    assert locate(found.findings) == expected


def test_more_breaches_than_are_listed_are_counted(tmp_path: Path) -> None:
    number_of = MOST_FINDINGS + 7
    rows = [pledge(serial, area="?") for serial in range(number_of)] + [["x"]] * number_of + [pledge(0, area="?")] * number_of
    found = checked(with_files(tmp_path, {FILE: csv_of(*rows)}))
    counted = {
        rule: sum(1 + each.more for each in found.findings if each.rule == rule)
        for rule in ("code-is-known", "row-fits-header", "record-is-known-once")
    }
    assert counted == {"code-is-known": 2 * number_of, "row-fits-header": number_of, "record-is-known-once": number_of}
    assert sum(1 for each in found.findings if each.more) == 3
    assert (found.rows, found.rejected, len(rejected(found))) == (3 * number_of,) * 3


# Any CSV file at all

PLAIN, QUOTED = ["甲", "a b", "5'", "x"], ['"甲,乙"', '"say ""so"""', '"plain"', '"5,"']
BROKEN = ['"甲\n乙"', '"\n,\n"', '"""\n\n\n\n\n"']
BLANK = dict.fromkeys(("", '""'), "cell-is-filled")
CELLS: dict[str, dict[str, str]] = {
    "area": {"330200": "", "宁波市": "", " 330200": "", '"330200"': "", "?": "code-is-known", **BLANK},
    "pledgor_name": {**dict.fromkeys((*PLAIN, *QUOTED), ""), **dict.fromkeys(BROKEN, "name-is-one-line"), **BLANK},
    "registered_on": {"2031-02-28": "", '"2031-02-28"': "", "2031-02-29": "day-is-a-date", **BLANK},
    "released_on": {"": "", '""': "", "2031-12-31": "", "2031-2-1": "day-is-a-date", " ": "day-is-a-date"},
    "amount_yuan": {"1": "", "1.50": "", '"20"': "", "1e3": "amount-is-a-decimal", "-1": "not-below-its-range", **BLANK},
}


@st.composite
def lines_of_file(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    """Draw a header and rows: right, wrong, short and long ones, blank lines and commas."""
    header = draw(st.permutations(COLUMNS))
    rows = []
    for serial in range(draw(st.integers(0, 12))):
        kind = draw(st.sampled_from(["right", "right", "cells", "cells", "short", "long", "blank", "commas"]))
        cells = dict(zip(COLUMNS, pledge(serial), strict=True))
        if kind in ("cells", "short", "long"):
            cells |= {name: draw(st.sampled_from(list(menu))) for name, menu in CELLS.items()}
            cells["pledge_number"] = number(draw(st.integers(0, serial)))
        row = [cells[name] for name in header]
        if kind == "short":
            row = row[: draw(st.integers(1, len(row) - 1))]
        if kind == "long":
            row += draw(st.lists(st.sampled_from([*PLAIN, *QUOTED, *BROKEN]), min_size=1, max_size=2))
        rows.append({"blank": [""], "commas": [""] * len(header)}.get(kind, row))
    return list(header), rows


def expected_of(header: list[str], rows: list[list[str]], file: str) -> tuple[list[str], list[Row]]:
    """Compute the expected findings and kept rows, cell by cell, in plain Python."""
    findings, kept, seen, line = [], [], set[str](), 2
    menus = {name: CELLS.get(name, {"": "cell-is-filled"}) for name in COLUMNS}
    for row in rows:
        (texts,) = (
            csv.reader([",".join(row)]) if "\n" not in ",".join(row) else csv.reader(io.StringIO(",".join(row), newline=""))
        )
        broken, column, at = [], 1, line
        for name, cell in zip(header, row, strict=False):
            rule = menus[name].get(cell, "")
            broken += [f"{file}:{at}:{column} {rule}"] if rule else []
            if name == "pledge_number" and cell and cell in seen:
                broken.append(f"{file}:{at}:{column} record-is-known-once")
            column = len(cell) - cell.rfind("\n") + (1 if "\n" in cell else column)
            at += cell.count("\n")
        if row != [""] and len(row) != len(header):
            findings.append(f"{file}:{line}:1 row-fits-header")
        elif row != [""]:
            cells = dict(zip(header, texts, strict=True))
            seen.add(cells["pledge_number"])
            findings += broken
            cells["area"] = {"宁波市": "330200"}.get(cells["area"].strip(), cells["area"].strip())
            cells["amount_yuan"] = f"{float(cells['amount_yuan'] or 0):.2f}" if not broken else ""
            kept += [] if broken else [tuple(cells[name] or None for name in COLUMNS)]
        line += 1 + ",".join(row).count("\n")
    return sorted(findings), kept


@settings(max_examples=25, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(lines_of_file(), st.sampled_from(["\n", "\r\n"]), st.booleans(), st.booleans(), st.sampled_from(list(PACKED)))
def test_any_file_is_read_as_it_is_written(
    file: tuple[list[str], list[list[str]]], end: str, has_mark: bool, is_ended: bool, form: str
) -> None:
    header, rows = file
    content = csv_of(*rows, header=",".join(header), end=end)
    content = b"\xef\xbb\xbf" * has_mark + (content if is_ended else content.removesuffix(end.encode()))
    name = f"{FOLDER}.{form}"
    with TemporaryDirectory() as folder:
        found = checked(with_files(Path(folder), {name: PACKED[form](content)}))
        findings, kept = expected_of(header, rows, name)
        assert locate(found.findings) == findings
        assert records(found) == kept
        assert found.rows - found.rejected == len(kept)
        assert len(rejected(found)) == found.rejected
