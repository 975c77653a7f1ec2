"""Build small projects with registers, check them, and list findings and records."""

from __future__ import annotations

import gzip
import io
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path

import polars as pl
from conftest import write_project

from etl.catalogue import entries, register
from etl.findings import Finding
from etl.gate.check import Checked, check
from etl.project import Project
from etl.registers.check import CheckedRegister, check_register
from etl.warehouse.records import register_relations, rejected_rows

PLEDGES = "finance.pledges_register"
FOLDER = "raw/finance/pledges_register"
COLUMNS = ("pledge_number", "area", "right", "pledgor_name", "pledgee_name", "registered_on", "released_on", "amount_yuan")
HEADER = ",".join(COLUMNS)

Row = tuple[str | None, ...]


def number(serial: int, year: int = 2031) -> str:
    """Write the number of a pledge."""
    return f"Y{year}{serial:012d}"


def pledge(serial: int, **cells: str) -> list[str]:
    """Return the cells of a pledge that breaks no rule, with some replaced."""
    day = f"2031-{serial % 12 + 1:02d}-05"
    plain = dict(zip(COLUMNS, (number(serial), "330200", "patent", f"甲{serial}", "某银行", day, "", "1000.50"), strict=True))
    return list((plain | cells).values())


def csv_of(*rows: Sequence[str], header: str = HEADER, end: str = "\n") -> bytes:
    """Write a CSV file whose cells are written as they are."""
    return "".join(line + end for line in (header, *(",".join(row) for row in rows))).encode()


def parquet_of(*rows: Sequence[str], **columns: pl.Series) -> bytes:
    """Write a Parquet file of texts, but for the columns that are given."""
    frame = pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")
    frame = frame.with_columns(pl.when(pl.all() != "").then(pl.all()))
    return parquet(frame.with_columns(**columns))


def parquet(frame: pl.DataFrame) -> bytes:
    """Write a frame as a Parquet file."""
    written = io.BytesIO()
    frame.write_parquet(written)
    return written.getvalue()


def zstandard(content: bytes) -> bytes:
    """Compress a text by Zstandard, which polars writes and Python 3.11 does not."""
    written = io.BytesIO()
    lines = content.decode().removesuffix("\n").split("\n")
    pl.LazyFrame({"line": lines}).sink_csv(
        written, include_header=False, quote_style="never", compression="zstd", check_extension=False
    )
    return written.getvalue()


PACKED = {"csv": lambda content: content, "csv.gz": gzip.compress, "csv.zst": zstandard}
"""How the bytes of a CSV file become those of a file of each form."""


def with_files(root: Path, files: Mapping[str, bytes]) -> Project:
    """Create a project with these files, by their paths in the project."""
    project = write_project(root, {})
    for name, content in files.items():
        path = project.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return project


def checked(project: Project, address: str = PLEDGES, waived: Collection[tuple[str, str, str]] = ()) -> CheckedRegister:
    """Check a register alone, against no published figure."""
    found = check_register(project, register(address), {}, lambda table: (), waived)
    assert found is not None
    return found


def locate(findings: Sequence[Finding]) -> list[str]:
    """List place and rule of each finding, in the order of places."""
    return sorted(f"{each.place} {each.rule}" for each in findings)


def records(found: CheckedRegister) -> list[Row]:
    """List the kept records as they would be loaded, each cell as text."""
    relation = next(iter(register_relations(found.entry, found)))
    return [row for batch in relation.batches() for row in batch.select(pl.all().cast(pl.String)).rows()]


def rejected(found: CheckedRegister) -> list[tuple[str, int, str]]:
    """List the rejected rows: file, line, and the rules that they break."""
    return [row for batch in rejected_rows(found) for row in batch.select("raw_file", "raw_line", "rules").rows()]


def as_loaded(*rows: Sequence[str]) -> list[Row]:
    """Convert rows to what is loaded where every cell can stay as it is."""
    return [tuple(cell or None for cell in row) for row in rows]


# Cases, and what is published of them

TODAY = date(2032, 1, 1)
CASES = "raw/courts/cases.csv"
CASES_HEADER = "case_number,area,court,cause,received_on,closed_on,outcome,amount_yuan,technical_investigator"
CASELOAD = "area,period,court,received,closed,source,section\n"


def case(serial: int, received: str, closed: str = "", **cells: str) -> str:
    """Write a case on a line; one that is closed has an outcome."""
    plain = {"area": "330200", "court": "base", "cause": "patent", "amount": "1.5", "flag": "0"} | cells
    outcome = "judgment" if closed else ""
    of_case = (f"（{received[:4]}）浙02民初{serial}号", plain["area"], plain["court"], plain["cause"], received, closed, outcome)
    return ",".join((*of_case, plain["amount"], plain["flag"]))


def monthly_cases(year: int = 2031, each: int = 1, start: int = 0) -> list[str]:
    """Write so many cases in every month of a year."""
    return [case(start + month * each + nth, f"{year}-{month + 1:02d}-10") for month in range(12) for nth in range(each)]


def with_cases(root: Path, lines: list[str], tables: dict[str, str] | None = None) -> Project:
    """Create a project with these cases and tables."""
    files = {CASES: "\n".join([CASES_HEADER, *lines, ""]).encode()}
    return with_files(root, files | {f"raw/{name.replace('.', '/')}.csv": text.encode() for name, text in (tables or {}).items()})


def gate(project: Project, address: str = "courts.cases") -> Checked:
    """Check all tables, and one register."""
    return check(project, entries(), TODAY, whole=True, cite=False, registers=[register(address)])
