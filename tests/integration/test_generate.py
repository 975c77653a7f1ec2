"""Synthetic registers: the same for a seed, as large as asked, in agreement with what is published, faulty on demand."""

from __future__ import annotations

import csv
import gzip
import re
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from paths import ROOT

from etl.catalogue import PACKAGE, REGISTERS
from etl.cli import main
from etl.errors import ProjectError, UnknownNameError
from etl.findings import Finding
from etl.gate.check import parsed_tables
from etl.project import Project
from etl.registers.check import check_register
from etl.synthetic.faults import FAULTS, kinds_of_faults
from etl.synthetic.generate import SyntheticRegister, generate, locate_faults, write_register
from etl.synthetic.profile import profile
from schemas.code_lists import PACKAGE_LISTS
from schemas.registers import columns

OWN = Project(ROOT)
SMALL = {"rows": 3000, "seed": 11}


def whole(register: SyntheticRegister) -> pl.DataFrame:
    return register.part(0, register.rows.count)


def figure(table: str, column: str, **labels: str) -> dict[str, float]:
    """The figure of a row of the project's own raw tables, with its bounds."""
    frame = parsed_tables(OWN, [PACKAGE.entry(table)])[table].frame.filter(**labels).filter(pl.col(column).is_not_null())
    return frame.select(pl.col("^" + column + "(__.*)?$").name.replace("^" + column + "_*", "of_")).row(-1, named=True)


@pytest.mark.parametrize("address", REGISTERS)
def test_the_same_seed_gives_the_same_rows_and_another_seed_gives_others(address: str) -> None:
    one, again, other = (whole(generate(address, rows=500, seed=seed)) for seed in (1, 1, 2))
    assert one.equals(again)
    assert not one.equals(other)


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(REGISTERS), st.integers(1, 400), st.integers(0, 2**40), st.integers(1, 30))
def test_parts_of_any_size_put_together_are_the_whole(address: str, rows: int, seed: int, parts: int) -> None:
    size = -(-rows // parts)  # a part costs much the same however many rows it has
    register = generate(address, rows=rows, seed=seed)
    pieces = [register.part(start, min(start + size, rows)) for start in range(0, rows, size)]
    assert pl.concat(pieces).equals(whole(register))
    assert register.scan(rows_at_once=size).collect(engine="streaming").equals(whole(register))


@pytest.mark.parametrize("address", REGISTERS)
def test_rows_are_as_many_as_asked_with_a_number_each_and_days_in_order(address: str) -> None:
    register = generate(address, **SMALL, project=OWN)
    rows, made_of = whole(register), register.profile
    assert rows.height == SMALL["rows"]
    assert tuple(rows.columns) == made_of.columns
    number, start, end = made_of.number, *made_of.span
    assert rows[number.column].n_unique() == rows.height
    assert rows.filter(pl.col(end) < pl.col(start)).is_empty()
    assert rows.select(number.column, "area", made_of.flow.opens).null_count().row(0) == (0, 0, 0)
    assert number.day or address == "trademarks.registrations"
    if number.day:
        assert (rows[number.column].str.slice(number.year_at, 4) == rows[number.day].str.slice(0, 4)).all()
    assert register.broken_rules() == []
    declared = {column.name: column.meaning.codes for column in columns(made_of.model)}
    for column in made_of.codes:
        assert set(rows[column].drop_nulls()) <= {code.code for code in PACKAGE_LISTS.codes(declared[column])} - {"all"}


def test_cases_agree_with_the_published_caseload_in_a_register_of_any_size() -> None:
    received, closed = (figure("courts.caseload", name, period="2025", court="all") for name in ("received", "closed"))
    investigated = figure("courts.technical_investigators", "cases", period="2025")
    for rows in (None, 20_000):
        cases = whole(generate("courts.cases", rows=rows, seed=3, project=OWN)).filter(area="330200")
        in_2025 = cases.filter(pl.col("received_on").str.starts_with("2025"))
        assert received["of_low"] <= in_2025.height <= received["of_high"]
        assert closed["of_low"] <= cases["closed_on"].str.starts_with("2025").sum() <= closed["of_high"]
        assert in_2025.filter(technical_investigator="是").height == investigated["of_"]


def test_grants_agree_with_the_published_totals_and_their_types() -> None:
    grants = whole(generate("patents.grants_register", seed=3, project=OWN)).filter(area="330200")
    half = grants.filter(pl.col("granted_on").is_between(pl.lit("2024-01-01"), pl.lit("2024-06-30")))
    for kind in ("invention", "utility_model", "design"):
        printed = figure("patents.grants", "granted", period="2024-H1", patent_type=kind)
        assert printed["of_low"] <= half.filter(patent_type=kind).height <= printed["of_high"]
    printed = figure("patents.grants", "granted", period="2021", patent_type="all")
    assert printed["of_low"] <= grants["granted_on"].str.starts_with("2021").sum() <= printed["of_high"]


def test_patent_numbers_have_the_check_digit_of_their_digits() -> None:
    for number in whole(generate("patents.grants_register", **SMALL))["patent_number"].head(50):
        digits, check = number.removeprefix("ZL").split(".")
        weighted = sum(int(digit) * weight for digit, weight in zip(digits, [*range(2, 10), 2, 3, 4, 5], strict=True))
        assert check == "0123456789X"[weighted % 11]


def test_marks_alive_at_the_end_of_each_period_agree_with_the_published_stock() -> None:
    register = generate("trademarks.registrations", rows=600_000, seed=3, project=OWN)
    marks = whole(register).filter(area="330200")
    for period in ("2021", "2025"):
        printed = figure("trademarks.stock", "valid", area="330200", period=period)
        at_end = pl.lit(f"{period}-12-31")
        alive = (pl.col("registered_on") <= at_end) & (pl.col("cancelled_on").is_null() | (pl.col("cancelled_on") > at_end))
        assert printed["of_low"] <= marks.filter(alive).height <= printed["of_high"]
    assert {target.area for target, _ in register.left_out} == {"330000"}


def test_disputes_closed_beyond_those_received_were_carried_over() -> None:
    disputes = whole(generate("administration.disputes", seed=3, project=OWN)).filter(area="330200", channel="offline")
    closed = disputes.filter(pl.col("closed_on").str.starts_with("2025"))
    received = figure("administration.adjudications", "received", period="2025", channel="offline")["of_"]
    assert disputes["received_on"].str.starts_with("2025").sum() == received
    assert closed.height == figure("administration.adjudications", "closed", period="2025", channel="offline")["of_"]
    assert closed["received_on"].str.starts_with("2024").sum() >= closed.height - received > 0


def test_pledges_agree_with_the_published_amounts_balance_and_enterprises() -> None:
    pledges = whole(generate("finance.pledges_register", rows=30_000, seed=3, project=OWN)).filter(area="330200")
    pledges = pledges.with_columns(pl.col("amount_yuan").cast(pl.Int64))
    assert pledges["amount_yuan"].min() >= 0
    of_year = pledges.filter(pl.col("registered_on").str.starts_with("2025"))
    for rows, right in ((of_year, "all"), (of_year.filter(right="copyright"), "copyright")):
        printed = figure("finance.pledges", "amount_yuan", period="2025", right=right)
        assert printed["of_low"] <= rows["amount_yuan"].sum() <= printed["of_high"]
    balance = figure("finance.pledges", "loan_balance_yuan", period="2025", right="all")
    assert balance["of_low"] <= pledges.filter(pl.col("released_on").is_null())["amount_yuan"].sum() <= balance["of_high"]
    enterprises = figure("finance.pledges", "enterprises", period="2025", right="all")
    assert enterprises["of_low"] < of_year["pledgor_name"].n_unique() < enterprises["of_high"]


def test_a_register_too_small_for_an_area_has_no_row_of_it() -> None:
    register = generate("courts.cases", rows=1000, seed=3, project=OWN)
    assert register.agreed == ()
    assert all(reason.en.startswith("the register has fewer than its") for _, reason in register.left_out)
    assert whole(register).filter(area="330200").is_empty()
    with pytest.raises(ProjectError, match="no room for 1000 rows"):
        generate("courts.cases", rows=1000, project=OWN, areas=["330200"])


@pytest.mark.parametrize("address", [each for each in REGISTERS if each != "trademarks.registrations"])
def test_a_synthetic_register_keeps_all_rules_and_agrees(address: str, tmp_path: Path) -> None:
    complete = generate(address, rows=None if address != "patents.grants_register" else 5000, seed=3, project=OWN)
    assert found_in(tmp_path, complete) == []


@pytest.mark.parametrize("address", REGISTERS)
def test_a_check_finds_each_fault_in_its_line_and_nothing_else(address: str, tmp_path: Path) -> None:
    kinds = kinds_of_faults(profile(address, PACKAGE))
    faulty = generate(address, rows=8000, seed=4, project=OWN, faults=dict.fromkeys(kinds, 5))
    findings = [each for each in found_in(tmp_path, faulty) if each.rule != "flow-adds-up"]
    seeded = locate_faults(faulty, [Path("cases.csv")])["line"].to_list()
    assert sorted(each.place.line for each in findings) == sorted(seeded)


def found_in(folder: Path, made: SyntheticRegister) -> list[Finding]:
    """What the check of a register finds, beside the project's own figures."""
    entry_of_register = PACKAGE.register(made.profile.address)
    write_register(made, folder / "raw" / entry_of_register.domain / f"{entry_of_register.table}.csv")
    checked = check_register(Project(folder), entry_of_register, parsed_tables(OWN, PACKAGE.entries()), lambda table: ())
    assert checked is not None
    assert checked.rows == made.rows.count
    return checked.findings


@pytest.mark.parametrize("address", REGISTERS)
def test_faults_are_in_the_rows_that_are_listed_and_in_no_other(address: str) -> None:
    made_of = profile(address, PACKAGE)
    wanted = {kind: 3 + number for number, kind in enumerate(FAULTS) if kind in kinds_of_faults(made_of)}
    clean, faulty = generate(address, **SMALL), generate(address, **SMALL, faults=wanted)
    assert dict(faulty.faults["kind"].value_counts().iter_rows()) == wanted
    assert faulty.faults["row"].is_unique().all()
    before, after = whole(clean), whole(faulty)
    changed = {(row, column) for column in made_of.columns for row in before[column].ne_missing(after[column]).arg_true()}
    assert changed == set(faulty.faults.select("row", "column").iter_rows())


def test_each_fault_is_what_its_kind_says() -> None:
    register = generate("courts.cases", **SMALL, faults=dict.fromkeys(FAULTS, 4))
    rows = whole(register)
    faulty = {kind: rows[faults["row"]] for (kind,), faults in register.faults.partition_by("kind", as_dict=True).items()}
    year = pl.col("case_number").str.extract("([0-9]{4})")
    assert (faulty["end-before-start"]["closed_on"] < faulty["end-before-start"]["received_on"]).all()
    assert faulty["impossible-date"]["received_on"].str.ends_with("-02-30").all()
    assert not set(faulty["unknown-code"]["court"]) & {code.code for code in PACKAGE_LISTS.codes("courts")}
    assert (faulty["negative-amount"]["amount_yuan"].cast(pl.Int64) < 0).all()
    assert faulty["blank"].select(pl.any_horizontal(pl.col("area", "received_on").is_null())).to_series().all()
    assert (~faulty["malformed-number"]["case_number"].str.ends_with("号")).all()
    assert faulty["wrong-year"].select(year != pl.col("received_on").str.slice(0, 4)).to_series().all()
    assert rows.filter(pl.col("case_number").is_duplicated()).height == 8
    assert faulty["duplicate-key"]["case_number"].is_in(rows.filter(pl.col("case_number").is_duplicated())["case_number"]).all()


def test_faults_spare_the_rows_that_published_figures_count() -> None:
    register = generate("courts.cases", rows=20_000, seed=5, project=OWN, faults={"impossible-date": 500})
    cases = whole(register).filter(area="330200")
    received = figure("courts.caseload", "received", period="2025", court="all")["of_"]
    assert cases.filter(pl.col("received_on").str.to_date(strict=False).dt.year() == 2025).height == received


def test_every_form_reads_back_the_same(tmp_path: Path) -> None:
    register = generate("courts.cases", **SMALL, faults={"blank": 2, "duplicate-key": 2})
    text = dict.fromkeys(register.profile.columns, pl.String)
    for name in ("cases.csv", "cases.csv.gz", "cases.csv.zst"):
        assert write_register(register, tmp_path / name) == [tmp_path / name]
        assert pl.read_csv(tmp_path / name, schema=text).equals(whole(register)), name
    write_register(register, tmp_path / "cases.parquet")
    assert pl.read_parquet(tmp_path / "cases.parquet").equals(whole(register))
    assert gzip.decompress((tmp_path / "cases.csv.gz").read_bytes()) == (tmp_path / "cases.csv").read_bytes()
    parts = write_register(register, tmp_path / "cases", parts=3, form="parquet")
    assert sorted((tmp_path / "cases").iterdir()) == parts
    assert pl.concat([pl.read_parquet(part) for part in parts]).equals(whole(register))


def test_faults_are_reported_with_the_file_and_the_line(tmp_path: Path) -> None:
    register = generate("courts.cases", **SMALL, faults={"unknown-code": 5})
    listed = locate_faults(register, write_register(register, tmp_path / "cases", parts=4, form="csv"))
    for fault in listed.iter_rows(named=True):
        lines = list(csv.DictReader(Path(fault["file"]).read_text(encoding="utf-8").splitlines()))
        assert lines[fault["row"] - 1][fault["column"]].startswith("unknown")
        assert fault["line"] == fault["row"] + 1


def test_the_command_writes_the_register_and_the_list_of_its_faults(tmp_path: Path) -> None:
    asked = [
        "generate",
        "courts.cases",
        "--project",
        str(ROOT),
        "--rows",
        "9000",
        "--seed",
        "5",
        "--faults",
        "blank=2,wrong-year=1",
    ]
    output, faults = tmp_path / "cases.csv", tmp_path / "faults.csv"
    ran = CliRunner().invoke(main, [*asked, "-o", str(output), "--faults-to", str(faults)])
    assert ran.exit_code == 0, ran.output
    assert "9000 rows, 3 faults" in ran.output
    assert re.search("agrees with [0-9]+ published figures", ran.output)
    assert pl.read_csv(faults)["kind"].sort().to_list() == ["blank", "blank", "wrong-year"]
    assert pl.scan_csv(output, infer_schema=False).select(pl.len()).collect().item() == 9000


def test_what_cannot_be_made_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match=r"Did you mean 'courts\.cases'"):
        generate("courts.case", rows=5)
    with pytest.raises(UnknownNameError, match="area '33020'"):
        generate("courts.cases", rows=5, areas=["33020"])
    with pytest.raises(UnknownNameError, match="duplicate-key"):
        generate("courts.cases", rows=50, faults={"duplicate": 1})
    with pytest.raises(ProjectError, match="no column for the fault wrong-year"):
        generate("trademarks.registrations", rows=50, faults={"wrong-year": 1})
    with pytest.raises(ProjectError, match="make more rows"):
        generate("courts.cases", rows=10, faults={"blank": 50})
    with pytest.raises(ProjectError, match="--rows"):
        generate("courts.cases")
    with pytest.raises(ProjectError, match="its form"):
        write_register(generate("courts.cases", rows=5), tmp_path / "cases.xlsx")
    assert CliRunner().invoke(main, ["generate", "courts.cases", "--faults", "blank", "-o", "x.csv"]).exit_code == 2
    assert CliRunner().invoke(main, ["generate", "courts.cases", "--years", "2020/2019", "-o", "x.csv"]).exit_code == 2
