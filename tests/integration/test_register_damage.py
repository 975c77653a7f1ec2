"""Read damaged register files: each kept row is what a strict reader reads, and no row is lost."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from damaged_registers import damaged_register, read_strictly
from register_projects import PLEDGES

from etl.catalogue import PACKAGE
from etl.registers.raw_files import RawFile
from etl.registers.scan import ROW, open_file
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
            return {}, read_strictly(path.read_bytes()).set_aside
        frame = file.scan.frame(names).select(line_numbers(file.scan, pl.col(ROW)), *names)
        try:
            found = frame.collect(engine="streaming").rows()
            break
        except pl.exceptions.ComputeError:
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
