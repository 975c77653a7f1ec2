"""Compare the rows of registers with those of the load in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from etl.catalogue import RegisterEntry
from etl.findings import Finding, Place, make_finding
from etl.project import Project
from etl.registers.raw_files import register_file
from schemas.builtin_register_rules import REGISTER_KEEPS_ITS_ROWS
from schemas.texts import Text


def lost_rows(
    project: Project, entries: Sequence[RegisterEntry], rows: Mapping[str, int], rows_before: Mapping[str, int]
) -> Iterator[Finding]:
    """Report each register that has lost more than half of its rows.

    Args:
        project: the project.
        entries: the registers.
        rows: how many rows each has that has a raw file.
        rows_before: how many each had in the load in force.
    """
    for address in (entry.address for entry in entries):
        now, before = rows.get(address, 0), rows_before.get(address, 0)
        if before and 2 * now < before:
            file = register_file(project, address)
            is_gone = address not in rows
            en = f"{'there is no raw file' if is_gone else f'{now:,} rows'} where the load in force has read {before:,} rows"
            zh = f"{'没有原始文件' if is_gone else f'{now:,} 行'}，而现行版本读取了 {before:,} 行"
            yield make_finding(REGISTER_KEEPS_ITS_ROWS, address, Place(file), Text(en, zh))
