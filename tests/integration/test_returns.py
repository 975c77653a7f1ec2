"""Forms go out, returns come in: every figure as it was filled in, or refused by sheet and cell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from commands import etl
from returns import (
    CLOSED,
    PATENTS,
    PLEDGED,
    RECEIVED,
    cells_of,
    files_of,
    filled_form,
    line_of,
    place_of,
    refused,
    rows_of,
    take,
)

from etl.project import Project, records
from etl.returns.form_layout import ABOUT
from etl.returns.judge import judge_form
from etl.returns.read_form import read_form

SHARE = "patents.industries.share_of_high_value_inventions_pct 330200:strategic_emerging"


@pytest.fixture
def project(with_form: Project) -> Project:
    return with_form


def test_a_form_has_a_protected_line_for_each_figure_with_last_years_print_beside_an_empty_cell(project: Project) -> None:
    form = project.root / "form.xlsx"
    book = openpyxl.load_workbook(form)
    assert book.sheetnames[:2] == [ABOUT, "patents"]
    sheet, row = line_of(book, form, RECEIVED)
    shown = [cell.value for cell in sheet[row]]
    assert shown[3:9] == ["cases received", "件", "a number of whole things (收案)", "5981件", "2025", None]
    assert "An area's courts receive" in shown[9] or "·" in shown[9]
    assert sheet.protection.sheet
    assert [cell.protection.locked for cell in sheet[row]] == [True] * 8 + [False, True, True]
    rules = {str(each.sqref): each.formula1 for each in sheet.data_validations.dataValidation}
    assert rules[f"I{row}"] == f"IF(ISNUMBER(--I{row}),AND(--I{row}>=0,--I{row}=INT(--I{row})),TRUE)"
    assert sheet[f"I{row}"].number_format == "@"  # so that 7.60 stays 7.60


def test_a_form_in_chinese_and_a_file_for_each_domain(project: Project) -> None:
    ran = etl(project, "form", "--period", "2026", "--split", "--lang", "zh", "-o", str(project.root / "forms"))
    assert ran.exit_code == 0, ran.output
    assert {path.stem for path in (project.root / "forms").iterdir()} == set(project.catalogue.domains)
    book = openpyxl.load_workbook(project.root / "forms" / "courts.xlsx")
    assert book.sheetnames == [ABOUT, "courts"]
    shown = [cell.value for cell in book["courts"][4]]
    assert shown[1:9] == [
        "法院知识产权案件收结情况",
        "全市法院",
        "收案",
        "件",
        "个数，填整数（cases received）",
        "5981件",
        "2025",
        None,
    ]
    again = etl(project, "form", "--period", "2026", "--split", "-o", str(project.root / "forms"))
    assert again.exit_code == 2
    assert "is there already, and may be filled in" in again.output


def test_every_cell_of_a_return_is_in_its_table_with_its_place_in_the_ledger(project: Project) -> None:
    form = project.root / "form.xlsx"
    places = cells_of(form)
    units = units_of(form)
    texts = {key: f"{number / 4}" if units[key] in "%分" else f"{number}" for number, key in enumerate(places, start=8)}
    ran = take(project, filled_form(form, texts), "--despite-findings")
    refusals = [line for line in ran.output.splitlines() if line.startswith("filled.xlsx: ")]
    # What is in doubt for being far from last year's is given with its unit.
    doubtful = {key for key, (sheet, cell) in places.items() if any(f" {sheet}!{cell}: " in line for line in refusals)}
    kinds = {key: f"{texts[key]}{units[key]}" if key in doubtful else texts[key] for key in texts}
    ran = take(project, filled_form(form, kinds), "--despite-findings")
    assert ran.exit_code == 0, ran.output
    published = {key: f"{text}{units[key]}" for key, text in texts.items()}
    ledger = {(row["section"], row["ordinal"]): row for row in records(project.ledger("return-2026-1"), LEDGER)}
    taken = records(project.taken("return-2026-1"), TAKEN)
    assert len(taken) == len(ledger) == len(places)
    for link in taken:
        area, period, *codes, source = link["row_key"].split(":")
        key = f"{link['table']}.{link['column']} {':'.join((area, *codes))}"
        sheet, cell = places.pop(key)
        assert (link["section"], f"I{link['ordinal']}", period, source) == (sheet, cell, "2026", "return-2026-1")
        assert ledger[link["section"], link["ordinal"]]["published"] == published[key]
        (row,) = (each for each in rows_of(project, link["table"], source) if [*each.values()][2 : 2 + len(codes)] == codes)
        assert row[link["column"]] == published[key]
        assert (row["area"], row["period"], row["section"]) == (area, "2026", sheet)
    assert not places


LEDGER = ("section", "ordinal", "offset", "published", "unit", "hedge")
TAKEN = ("section", "ordinal", "table", "row_key", "column")


def units_of(form: Path) -> dict[str, str]:
    book = openpyxl.load_workbook(form)
    return {key: str(book[sheet][f"E{cell[1:]}"].value) for key, (sheet, cell) in cells_of(form).items()}


def test_a_return_says_what_changed_and_the_gate_stays_open(project: Project) -> None:
    file = filled_form(project.root / "form.xlsx", {RECEIVED: 6200, CLOSED: "6100件", PATENTS: "78,213", PLEDGED: "800.0"})
    before = files_of(project.root)
    dry = take(project, file, "--dry-run")
    assert dry.exit_code == 0, dry.output
    assert files_of(project.root) == before
    ran = take(project, file)
    assert ran.exit_code == 0, ran.output
    told = ran.output
    assert f"  {place_of(file, RECEIVED)}: Intellectual-property cases at the courts of an area" in told
    assert "cases received: 6200件  [2025: 5981件, +3.7%]" in told
    assert "78213件  [2025: 7.64万件, +2.4%]" in told
    assert "800.0亿元  [2025: 786亿元, +1.8%]" in told
    (listed,) = [each for each in Project(project.root).sources.values() if each.kind == "return"]
    assert (listed.id, listed.area, listed.period, listed.published_on) == ("return-2026-1", "330200", "2026", "2027-01-10")
    checked = etl(project, "check", "--lang", "en")
    assert checked.exit_code == 0, checked.output
    assert "error" not in checked.output.splitlines()[-1]
    again = take(project, file)
    assert again.exit_code == 2
    assert "was taken already, as return-2026-1" in again.output


def test_a_raw_cell_that_differs_from_the_return_is_a_finding(project: Project) -> None:
    assert take(project, filled_form(project.root / "form.xlsx", {RECEIVED: 6200})).exit_code == 0
    path = project.raw("courts.caseload")
    path.write_text(path.read_text().replace("6200件", "6300件"))
    ran = etl(project, "check", "--lang", "en", "--domain", "courts")
    assert ran.exit_code == 1
    assert "error[figure-is-cited] received: 6300件, but return-2026-1 courts:" in ran.output


@pytest.mark.parametrize(
    ("key", "value", "published"),
    [
        (RECEIVED, "6200", "6200件"),
        (RECEIVED, 6200, "6200件"),
        (RECEIVED, "６，２００", "6200件"),
        (RECEIVED, " 6200 件 ", "6200件"),
        (RECEIVED, "超6200", "超6200件"),
        (RECEIVED, "6200余", "6200余件"),
        (RECEIVED, "6200以上", "6200件以上"),
        (RECEIVED, "0.62万", "0.62万件"),
        (PLEDGED, 800, "800亿元"),
        (PLEDGED, "8万亿", "8万亿元"),
        (RECEIVED, "about 6200", "about 6200件"),
        (PLEDGED, "8000000万元", "8000000万元"),
        (SHARE, "51.70", "51.70%"),
        (SHARE, "五成", "五成"),
    ],
)
def test_a_figure_is_read_in_the_unit_of_its_line_or_in_its_own(project: Project, key: str, value: Any, published: str) -> None:
    file = filled_form(project.root / "form.xlsx", {key: value})
    figures, refusals, _ = judge_form(project, read_form(file.read_bytes(), file))
    assert ([each.published for each in figures], refusals) == ([published], [])


def test_a_share_that_excel_stores_as_a_fraction_is_the_percentage_that_it_shows(project: Project) -> None:
    form = project.root / "form.xlsx"

    def as_percent(book: openpyxl.Workbook) -> None:
        sheet, row = line_of(book, form, SHARE)
        sheet.cell(row, 9).value, sheet.cell(row, 9).number_format = 0.517, "0.0%"

    assert take(project, filled_form(form, {}, as_percent)).exit_code == 0
    assert [row["published"] for row in records(project.ledger("return-2026-1"), LEDGER)] == ["51.7%"]


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        (RECEIVED, "=3100+3100", "a formula: type the value itself"),
        (RECEIVED, "6200元", "6200元: the unit 元 does not fit here; give the figure in 件"),
        (RECEIVED, "6200.5", "6200.5件: a number of whole things cannot have a fraction"),
        (RECEIVED, "6200?", "is no figure that can be read for certain"),
        (RECEIVED, "6200 (est.)", "is no figure that can be read for certain"),
        (RECEIVED, "-6200", "-6200件: out of the range of its kind (count)"),
        (RECEIVED, "62000000", "62000000件 is 10,366 times the 5981件 of 2025; is it in 件?"),
        (PLEDGED, 80000000000, "80000000000亿元 is 101,781,170 times the 786亿元 of 2025; is it in 亿元?"),
        (SHARE, 0.517, "0.517% is one 96th of the 49.4% of 2025; is it in %?"),
        (PLEDGED, "¥800.00", "¥800.00 is one 98,250,000th of the 786亿元 of 2025; is it in 亿元?"),
        (SHARE, "151", "151%: out of the range of its kind (share)"),
    ],
)
def test_a_cell_that_does_not_fit_is_refused_by_sheet_and_cell(project: Project, key: str, value: Any, told: str) -> None:
    form = project.root / "form.xlsx"
    output = refused(project, filled_form(form, {PATENTS: 78213, key: value}))
    (line,) = output.splitlines()[:-1]
    assert line.startswith(f"filled.xlsx: {place_of(form, key)}: ")
    assert told in line
    assert output.splitlines()[-1].endswith("is refused. Nothing was written.")


def test_a_figure_that_breaks_a_rule_is_refused_by_its_cell_or_taken_despite_it(project: Project) -> None:
    form = project.root / "form.xlsx"
    file = filled_form(form, {RECEIVED: 6200, "courts.caseload.received_growth_pct 330200:all": "9.9"})
    output = refused(project, file)
    growth = place_of(form, "courts.caseload.received_growth_pct 330200:all")
    assert f"filled.xlsx: {place_of(form, RECEIVED)}: 6200件 ÷ 5981件 = 9.9% ÷ 100 + 1 does not hold" in output
    assert f"[with {growth}]" in output
    ran = take(project, file, "--despite-findings")
    assert ran.exit_code == 0, ran.output
    assert "error[received-growth" in ran.output or "error[growth" in ran.output


def test_a_row_without_a_figure_that_it_must_have_is_refused(project: Project) -> None:
    form = project.root / "form.xlsx"
    output = refused(project, filled_form(form, {CLOSED: 6100}))
    assert f"filled.xlsx: {place_of(form, RECEIVED)}: cases received is blank" in output


def test_a_second_return_is_appended_and_a_correction_is_a_revision(project: Project) -> None:
    form = project.root / "form.xlsx"
    assert take(project, filled_form(form, {RECEIVED: 6200})).exit_code == 0
    second = filled_form(form, {RECEIVED: "6200件", CLOSED: 6100, PATENTS: 78213}, name="second.xlsx")
    assert take(project, second).exit_code == 0
    third = filled_form(form, {RECEIVED: 6210, CLOSED: 6100}, name="third.xlsx")
    output = refused(project, third)
    assert f"third.xlsx: {place_of(form, RECEIVED)}: 6200件 (return-2026-2) was printed before" in output
    ran = take(project, third, "--revise")
    assert ran.exit_code == 0, ran.output
    assert "6210件  [2025: 5981件, +3.8%]  ← 6200件 (return-2026-2)" in ran.output
    rows = [row for number in (1, 2, 3) for row in rows_of(project, "courts.caseload", f"return-2026-{number}")]
    assert [(row["received"], row.get("closed"), row.get("revision")) for row in rows] == [
        ("6200件", None, None),
        ("6200件", "6100件", None),
        ("6210件", "6100件", "revised"),
    ]
    assert etl(project, "check", "--lang", "en", "--domain", "courts").exit_code == 0
