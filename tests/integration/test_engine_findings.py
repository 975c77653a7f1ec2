"""Compare findings, counts and months of an engine with those of polars."""

from __future__ import annotations

import gzip
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from on_engines import assert_same
from register_projects import COLUMNS, FOLDER, HEADER, csv_of, number, parquet, parquet_of, pledge, with_files, zstandard

from etl.catalogue import PACKAGE, REGISTERS
from etl.synthetic.faults import kinds_of_faults
from etl.synthetic.generate import generate, write_register
from etl.synthetic.profile import profile

FILE = "raw/finance/pledges_register.csv"


@pytest.mark.parametrize("address", REGISTERS)
def test_an_engine_finds_every_seeded_fault_of_every_register(tmp_path: Path, address: str) -> None:
    wanted = dict.fromkeys(kinds_of_faults(profile(address, PACKAGE)), 3)
    project = with_files(tmp_path, {})
    write_register(generate(address, rows=2000, seed=5, faults=wanted), project.raw(address).with_suffix(""), parts=3, form="csv")
    found = assert_same(project, address)
    assert len({finding.rule for finding in found["findings"]}) >= 6


DAYS = ["2031-2-3", "2032-02-29", "2031-02-29", "1899-12-31", "2101-01-01", "2031-01-01T00:00:00", "２０３１-01-01"]
AMOUNTS = ["1e3", "1.", ".5", "+1", "00.10", "9999999999999999.99", "10000000000000000", "NaN", "1,5", "１"]
SPACED = (pledge(1, area=" 330200 ", right="专利"), pledge(2, registered_on=" 2031-05-05", amount_yuan="1.005"))
HOSTILE = {
    "plain": csv_of(pledge(1), pledge(2), pledge(3, amount_yuan="-1")),
    "crlf": csv_of(pledge(1), pledge(2, area="9"), end="\r\n"),
    "a bom": b"\xef\xbb\xbf" + csv_of(pledge(1), pledge(2)),
    "quoted": csv_of(pledge(1, pledgor_name='"甲,乙"'), pledge(2, pledgor_name='"say ""yes"""'), pledge(3, pledgee_name='""')),
    "a line break in a cell": csv_of(pledge(1, pledgor_name='"甲\n乙"'), pledge(2, area="1"), pledge(3)),
    "blank lines": csv_of(pledge(1), [""], pledge(2, registered_on="2031-02-30"), [""]),
    "a row of commas": csv_of(pledge(1), [""] * 8, pledge(2)),
    "a short row": csv_of(pledge(1), pledge(2)[:5], pledge(3, right="x")),
    "a wide row": csv_of(pledge(1), [*pledge(2), "7", "8"], pledge(3, right="x")),
    "spaces and names": csv_of(*SPACED),
    "no last line end": csv_of(pledge(1), pledge(2)).rstrip(b"\n"),
    "the header again": csv_of(pledge(1), HEADER.split(","), pledge(2)),
    "a header in Chinese": csv_of(pledge(1), header="登记号,地区,权利类型,出质人,质权人,登记日期,解除日期,质押金额"),
    "other columns": csv_of(["x", *pledge(1)], header=f"more,{HEADER}"),
    "days": csv_of(*(pledge(each, registered_on=day) for each, day in enumerate(DAYS))),
    "amounts": csv_of(*(pledge(each, amount_yuan=amount) for each, amount in enumerate(AMOUNTS))),
    "nothing but a header": csv_of(),
    "not utf-8": csv_of(pledge(1)) + b"\xff\xfe\n",
}  # fmt: skip


def hostile_files() -> dict[str, bytes]:
    """Write the files of a register, each of another form."""
    files = {f"{FOLDER}/{each:02d}.csv": content for each, content in enumerate(HOSTILE.values())}
    files |= {f"{FOLDER}/z {name} 甲.csv": content for name, content in list(HOSTILE.items())[:3]}
    files[f"{FOLDER}/_first.csv"] = csv_of(pledge(77, right="x"))
    files[f"{FOLDER}/packed.csv.gz"] = gzip.compress(csv_of(pledge(91), pledge(92, right="x")))
    files[f"{FOLDER}/packed.csv.zst"] = zstandard(csv_of(pledge(93), pledge(94, right="x")))
    files[f"{FOLDER}/texts.parquet"] = parquet_of(pledge(95), pledge(96, registered_on="2031-02-30", pledgor_name="甲\n"))
    files[f"{FOLDER}/typed.parquet"] = typed()
    return files


@pytest.mark.engine
@pytest.mark.slow
def test_a_file_of_any_form_is_read_as_polars_reads_it(tmp_path: Path) -> None:
    found = assert_same(with_files(tmp_path, hostile_files()))
    assert len(found["findings"]) > 40


@pytest.mark.engine
def test_some_forms_of_files_are_read_as_polars_reads_them(tmp_path: Path) -> None:
    files = hostile_files()
    chosen = [*list(files)[:2], *(f"{FOLDER}/{name}" for name in ("packed.csv.gz", "packed.csv.zst", "typed.parquet"))]
    assert_same(with_files(tmp_path, {name: files[name] for name in chosen}))


def typed() -> bytes:
    """Write typed Parquet, with a day beyond the calendar and an amount below 0."""
    days = pl.Series([date(2031, 1, 5), date(1800, 1, 1), None], dtype=pl.Date)
    amounts = pl.Series([Decimal("1.5"), Decimal("-2.5"), None], dtype=pl.Decimal(10, 1))
    frame = pl.DataFrame([pledge(each) for each in (97, 98, 99)], schema=dict.fromkeys(COLUMNS, pl.String), orient="row")
    return parquet(frame.with_columns(registered_on=days, amount_yuan=amounts, released_on=pl.lit(None, pl.Date)))


@pytest.mark.parametrize("name", ["plain", "a line break in a cell", "a short row", "days", "not utf-8"])
def test_a_register_of_one_file_gives_the_same_findings(tmp_path: Path, name: str) -> None:
    assert_same(with_files(tmp_path, {FILE: HOSTILE[name]}))


@pytest.mark.engine
def test_of_many_broken_rows_the_first_and_the_waived_are_shown(tmp_path: Path) -> None:
    rows = [pledge(each, amount_yuan="-1", right="x" if each % 2 else "patent") for each in range(2500)]
    rows += [pledge(each) for each in range(0, 2500, 2)]
    waived = [("not-below-its-range", number(2300), "amount_yuan"), ("record-is-known-once", number(8), "")]
    found = assert_same(with_files(tmp_path, {FILE: csv_of(*rows)}), waived=waived)
    assert {finding.more for finding in found["findings"]} == {0, 249, 250, 1499}


def test_a_key_of_a_row_that_is_rejected_is_a_key_all_the_same(tmp_path: Path) -> None:
    rows = [pledge(1, right="x"), pledge(1), pledge(1, amount_yuan="-1"), pledge(2), ["", *pledge(3)[1:]], ["", *pledge(3)[1:]]]
    first, second = csv_of(*rows[:2]), csv_of(*rows[2:])
    found = assert_same(with_files(tmp_path, {f"{FOLDER}/a.csv": first, f"{FOLDER}/b.csv": second}))
    assert found["partition"][0] == 1
