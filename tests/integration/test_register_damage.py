"""Read damaged register files: each kept row is what a strict reader reads, and no row is lost."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from damaged_registers import COLUMNS, damaged_register, read_strictly
from register_projects import (
    FOLDER,
    PACKED,
    PLEDGES,
    as_loaded,
    checked,
    csv_of,
    locate,
    parquet_of,
    pledge,
    records,
    rejected,
    with_files,
)

from etl.catalogue import PACKAGE
from etl.errors import ProjectError
from etl.registers.check import check_register
from etl.registers.engine import PolarsEngine
from etl.registers.failure_samples import WaivedKeys
from etl.registers.progress import Say
from etl.registers.raw_files import RawFile
from etl.registers.reader import RegisterReader
from etl.registers.scan import ROW, open_file
from etl.registers.scan_checks import ScanResult
from etl.registers.source_locations import line_numbers
from schemas.registers import columns

SAMPLE = 1_500


def read(path: Path) -> tuple[dict[int, list[str]], list[int]]:
    """Read a register as the check does: the rows by their lines, and the lines of those set aside."""
    model = columns(PACKAGE.register(PLEDGES).model)
    names = [column.name for column in model]
    file = open_file(RawFile(path, path.name), PLEDGES, model)
    for is_suspect in (False, True):
        file.look_closely(is_suspect=is_suspect)
        if file.scan is None:  # most of its lines are not UTF-8
            expected = read_strictly(path.read_bytes())
            return expected.rows, expected.set_aside
        frame = file.scan.frame(names).select(line_numbers(file.scan, pl.col(ROW)), *names)
        try:
            found = frame.collect(engine="streaming").rows()
            break
        except pl.exceptions.PolarsError:
            assert not is_suspect
    rows = {line: ["" if cell is None else cell for cell in cells] for line, *cells in found}
    return rows, [line for line, _ in file.scan.set_aside]


def differences(seed: int, path: Path) -> list[str]:
    """List what is read otherwise than a strict reader does."""
    content = damaged_register(seed)
    path.write_bytes(content)
    expected = read_strictly(content)
    rows, aside = read(path)
    differ = {line for line in {**rows, **expected.rows} if rows.get(line) != expected.rows.get(line)}
    found = [f"{seed}:{line} {rows.get(line)}, not {expected.rows.get(line)}" for line in sorted(differ)]
    return found or [f"{seed}: set aside {aside}, not {expected.set_aside}"] * (aside != expected.set_aside)


def test_a_damaged_register_is_read_as_a_strict_reader_reads_it(tmp_path: Path) -> None:
    assert [each for seed in range(SAMPLE) for each in differences(seed, tmp_path / "damaged.csv")] == []


# Rows

GOOD = [pledge(serial) for serial in range(4)]
FULL = ",".join(pledge(9))
ROWS: dict[str, tuple[dict[str, str], str]] = {
    "quotation mark in a bare cell": ({"pledgor_name": '5"'}, "3:34 row-is-readable"),
    "two quotation marks in a bare cell": ({"pledgor_name": 'a"b"'}, "3:34 row-is-readable"),
    "doubled quotation marks in a bare cell": ({"pledgor_name": 'a""b'}, "3:34 row-is-readable"),
    "space before a quotation mark": ({"pledgor_name": ' "甲"'}, "3:34 row-is-readable"),
    "space after a quotation mark": ({"pledgor_name": '"甲" '}, "3:36 row-is-readable"),
    "text after a quotation mark": ({"area": '"330200"0'}, "3:27 row-is-readable"),
    "quotation mark left open": ({"pledgor_name": '"甲'}, "3:33 row-is-readable"),
    "quotation mark left open in the last cell": ({"amount_yuan": '"5'}, "3:52 row-is-readable"),
    "quotation mark left open in the first cell": ({"pledge_number": '"5'}, "3:1 row-is-readable"),
    "backslash before a quotation mark": ({"pledgor_name": r'"a\"b"'}, "3:37 row-is-readable"),
    "lone carriage return": ({"pledgor_name": "甲\r乙"}, "3:34 row-is-readable"),
    "carriage return at the end of a cell": ({"pledgor_name": "甲\r"}, "3:34 row-is-readable"),
    "carriage return at the start of a cell": ({"pledgor_name": "\r甲"}, "3:33 row-is-readable"),
    "carriage return in quotation marks": ({"pledgor_name": '"甲\r乙"'}, "3:35 row-is-readable"),
    "carriage return at the end of a row": ({"amount_yuan": "5\r\r"}, "3:53 row-is-readable"),
    "NUL": ({"pledgor_name": "甲\0"}, "3:34 row-is-readable"),
    "lost character": ({"pledgor_name": "甲\ufffd"}, "3:34 row-is-readable"),
    "one cell more": ({"amount_yuan": "5,"}, "3:1 row-fits-header"),
    "comma in a bare cell": ({"amount_yuan": "1,000"}, "3:1 row-fits-header"),
    "a quoted cell more": ({"amount_yuan": '5,"x"'}, "3:1 row-fits-header"),
    "a cell of two lines more": ({"amount_yuan": '5,"x\ny"'}, "3:1 row-fits-header"),
}


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("form", PACKED)
def test_a_broken_row_is_set_aside_and_every_other_row_is_right(name: str, form: str, tmp_path: Path) -> None:
    cells, place = ROWS[name]
    content = csv_of(GOOD[0], pledge(5, **cells), *GOOD[1:])
    found = checked(with_files(tmp_path, {f"{FOLDER}.{form}": PACKED[form](content)}))
    assert locate(found.findings) == [f"{FOLDER}.{form}:{place}"]
    assert records(found) == as_loaded(*GOOD)
    assert (found.rows, found.rejected) == (5, 1)
    assert rejected(found) == [(f"{FOLDER}.{form}", 3, place.partition(" ")[2])]


@pytest.mark.parametrize("byte", [b"\xff", b"\xbc\xd7", b"caf\xe9", b"\xe7\x94", b"\xed\xa0\x80", b"\xc0\xaf"])
def test_a_row_that_is_not_utf_8_is_set_aside(byte: bytes, tmp_path: Path) -> None:
    content = csv_of(GOOD[0], pledge(5, pledgor_name="*"), *GOOD[1:]).replace(b"*", byte)
    found = checked(with_files(tmp_path, {f"{FOLDER}.csv": content}))
    assert [(each.place.line, each.rule) for each in found.findings] == [(3, "row-is-readable")]
    assert records(found) == as_loaded(*GOOD)


CELLS_OF_LINES = {
    "a full line within a middle cell": {"pledgor_name": f'"甲\n{FULL}\n乙"'},
    "full lines within a middle cell": {"pledgor_name": f'"甲\n{FULL}\n{FULL}\n乙"'},
    "a full line within the first cell": {"pledge_number": f'"甲\n{FULL}\n乙"'},
    "a full line within the last cell": {"amount_yuan": f'"甲\n{FULL}\n乙"'},
    "a full line as the end of a cell": {"pledgee_name": f'"甲\n{FULL}"'},
    "as many commas as the header has": {"pledgor_name": '"甲\n,,,,,,,\n乙"'},
    "the header within a cell": {"pledgor_name": f'"甲\n{",".join(COLUMNS)}\n乙"'},
    "blank lines": {"pledgor_name": '"甲\n\n\n乙"'},
    "a line feed only": {"pledgor_name": '"\n"'},
    "carriage returns and line feeds": {"pledgor_name": f'"甲\r\n{FULL}\r\n乙"'},
    "quotation marks at the ends of lines": {"pledgor_name": '"""甲""\n""乙"""'},
    "a quoted comma": {"pledgor_name": '"甲,\n,"",""\n,乙"'},
    "sixty lines": {"pledgor_name": '"' + "甲\n" * 60 + '"'},
}


@pytest.mark.parametrize("name", CELLS_OF_LINES)
def test_a_cell_of_several_lines_is_one_cell_and_never_torn(name: str, tmp_path: Path) -> None:
    path, row = tmp_path / "register.csv", pledge(5, **CELLS_OF_LINES[name])
    path.write_bytes(csv_of(GOOD[0], row, *GOOD[1:]))
    ((title, text),) = CELLS_OF_LINES[name].items()
    rows, aside = read(path)
    cells = dict(zip(COLUMNS, row, strict=True)) | {title: text[1:-1].replace('""', '"')}
    after = 4 + text.count("\n")
    assert rows == {2: GOOD[0], 3: [*cells.values()], **{after + at: each for at, each in enumerate(GOOD[1:])}}
    assert aside == []


def test_rows_that_a_quotation_mark_too_many_may_have_joined_are_set_aside(tmp_path: Path) -> None:
    rows = [pledge(0, amount_yuan='"5'), pledge(1), pledge(2, amount_yuan='5"'), pledge(3)]
    found = checked(with_files(tmp_path, {f"{FOLDER}.csv": csv_of(*rows)}))
    assert [(each.place.line, each.rule) for each in found.findings] == [(2, "row-is-readable"), (4, "row-is-readable")]
    assert records(found) == as_loaded(rows[1], rows[3])


# Headers and whole files

FILES = {
    "no header": (csv_of(*GOOD).partition(b"\n")[2], "1:1 column-is-present"),
    "a title before the header": ("质押登记\n".encode() + csv_of(*GOOD), "1:1 column-is-present"),
    "a title in a row of commas": (b"\xe8\xb4\xa8,,,,,,,\n" + csv_of(*GOOD), "1:1 column-is-present"),
    "sep= of Excel": (b"sep=,\n" + csv_of(*GOOD), "1:1 column-is-present"),
    "a blank line before the header": (b"\n" + csv_of(*GOOD), "1:1 column-is-present"),
    "header shorter than its rows": (csv_of(*GOOD, header=",".join(COLUMNS[:-1])), "1:1 column-is-present"),
    "lines that end in CR": (csv_of(*GOOD, end="\r"), "1:1 file-is-readable"),
    "semicolons": (csv_of(*GOOD).replace(b",", b";"), "1:1 file-is-readable"),
    "tabs": (csv_of(*GOOD).replace(b",", b"\t"), "1:1 file-is-readable"),
    "vertical bars": (csv_of(*GOOD).replace(b",", b"|"), "1:1 file-is-readable"),
    "UTF-16": (csv_of(*GOOD).decode().encode("utf-16"), "1:1 file-is-readable"),
    "UTF-16 without its mark": (csv_of(*GOOD).decode().encode("utf-16-be"), "1:1 file-is-readable"),
    "UTF-32": (csv_of(*GOOD).decode().encode("utf-32"), "1:1 file-is-readable"),
    "GB18030": (csv_of(*GOOD).decode().encode("gb18030"), "2:33 file-is-readable"),
    "quotation mark in the header": (csv_of(*GOOD).replace(b"area", b'ar"ea'), "1:17 file-is-readable"),
    "quotation mark left open in the header": (csv_of(*GOOD).replace(b"area", b'"area'), "1:15 file-is-readable"),
    "a workbook": (b"PK\x03\x04" + bytes(900), "1:1 file-is-readable"),
    "compressed, and not named so": (PACKED["csv.gz"](csv_of(*GOOD)), "1:1 file-is-readable"),
    "Parquet, and not named so": (parquet_of(*GOOD), "1:1 file-is-readable"),
    "NULs": (bytes(5000), "1:1 file-is-readable"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_without_a_header_is_refused_at_its_place(name: str, tmp_path: Path) -> None:
    content, place = FILES[name]
    found = checked(with_files(tmp_path, {f"{FOLDER}/1.csv": content, f"{FOLDER}/2.csv": csv_of(*GOOD)}))
    assert locate(found.findings) == [f"{FOLDER}/1.csv:{place}"]
    assert records(found) == as_loaded(*GOOD)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("quoted", [False, True])
def test_a_second_header_is_no_record(end: str, quoted: bool, tmp_path: Path) -> None:
    header = ",".join(f'"{name}"' if quoted else name for name in COLUMNS)
    content = csv_of(GOOD[0], header.split(","), *GOOD[1:], header=header, end=end)
    found = checked(with_files(tmp_path, {f"{FOLDER}.csv": content}))
    assert locate(found.findings) == [f"{FOLDER}.csv:3:1 row-fits-header"]
    assert records(found) == as_loaded(*GOOD)


def test_rows_that_are_all_longer_than_the_header_are_all_set_aside(tmp_path: Path) -> None:
    header = ",".join(name for name in COLUMNS if name != "released_on")
    found = checked(with_files(tmp_path, {f"{FOLDER}.csv": csv_of(*GOOD, header=header)}))
    assert locate(found.findings) == [f"{FOLDER}.csv:{line}:1 row-fits-header" for line in (2, 3, 4, 5)]
    assert "8 cells where the header has 7" in found.findings[0].message.en
    assert records(found) == []


def test_lines_left_out_of_a_large_file_leave_all_others_where_they_stand(tmp_path: Path) -> None:
    rows = [pledge(serial, pledgor_name='"甲\n乙"' if serial % 1000 == 7 else "甲") for serial in range(40_000)]
    lines = csv_of(*rows).split(b"\n")
    lines[20_000:20_000] = [b"", b'x"', b"short,row"]
    path = tmp_path / "register.csv"
    path.write_bytes(b"\n".join(lines))
    found, aside = read(path)
    expected = read_strictly(path.read_bytes())
    assert (found, aside) == (expected.rows, expected.set_aside)
    assert len(found) == len(rows)


# Parquet


@pytest.mark.parametrize("name", ["cut off", "start", "pages", "footer", "length of the footer", "half"])
def test_a_damaged_parquet_file_is_refused_by_its_name(name: str, tmp_path: Path) -> None:
    content = parquet_of(*(pledge(serial) for serial in range(3000)))
    size = len(content)
    damaged = {
        "cut off": content[:-50],
        "start": b"PAR1" + content[size // 2 :],
        "pages": content[:300] + bytes(500) + content[800:],
        "footer": content[: size - 200] + b"\xff" * 100 + content[size - 100 :],
        "length of the footer": content[:-8] + b"\xff\xff\xff\x7f" + content[-4:],
        "half": content[: size // 2],
    }[name]
    found = checked(with_files(tmp_path, {f"{FOLDER}/1.parquet": damaged, f"{FOLDER}/2.csv": csv_of(*GOOD)}))
    assert locate(found.findings) == [f"{FOLDER}/1.parquet:1:1 file-is-readable"]
    assert records(found) == as_loaded(*GOOD)


class WhileWritten(PolarsEngine):
    """Scans files that another program writes to meanwhile."""

    def __init__(self, path: Path, content: bytes) -> None:
        self.path, self.content = path, content

    def scan(self, reader: RegisterReader, waived: WaivedKeys, say: Say) -> ScanResult:
        """Scan all files once, after they are written to."""
        self.path.write_bytes(self.content)
        return super().scan(reader, waived, say)


@pytest.mark.parametrize("content", [b"", b"PAR1", parquet_of(*GOOD, pledge(7)), csv_of(*GOOD)])
def test_a_file_that_changes_while_it_is_read_is_named(content: bytes, tmp_path: Path) -> None:
    project = with_files(tmp_path, {f"{FOLDER}.parquet": parquet_of(*GOOD)})
    engine = WhileWritten(tmp_path / f"{FOLDER}.parquet", content)
    try:
        found = check_register(project, PACKAGE.register(PLEDGES), {}, lambda table: (), engine=engine)
    except ProjectError as error:
        assert f"{FOLDER}.parquet was changed while it was read" in str(error)
    else:
        assert found is not None
        assert [(each.place.file, each.rule) for each in found.findings] == [(f"{FOLDER}.parquet", "file-is-readable")]
        assert "was changed while it was read" in found.findings[0].message.en
