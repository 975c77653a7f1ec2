"""Compare the monthly mart with what plain Python counts, record by record."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from statistics import fmean, median
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from register_projects import checked, with_files

from etl.catalogue import PACKAGE, REGISTERS
from etl.errors import ProjectError
from etl.registers.parse import YES, code_names
from etl.synthetic.faults import kinds_of_faults
from etl.synthetic.generate import generate, write_register
from etl.synthetic.profile import profile
from etl.warehouse.register_tables import register_relations
from schemas.code_lists import PACKAGE_LISTS
from schemas.flows import Flow
from schemas.registers import Code, Day, Flag, Money, columns, flow

Record = dict[str, object]
AREAS, YEARS, FAULTS_OF_EACH = ["330200", "330300"], (2030, 2031), 2


def records(address: str, rows: list[Mapping[str, str | None]]) -> Iterator[Record]:
    """Convert records of texts into values."""
    declared = {column.name: column for column in columns(PACKAGE.register(address).model)}
    for row in rows:
        record: Record = {}
        for name, text in row.items():
            match declared[name].dtype:
                case _ if text is None:
                    record[name] = None
                case Day():
                    record[name] = date.fromisoformat(text)
                case Money():
                    record[name] = float(text)
                case Flag():
                    record[name] = text in YES
                case Code():
                    record[name] = code_names(declared[name], PACKAGE_LISTS)[text]
                case _:
                    record[name] = text
        yield record


def month_of(day: object) -> int:
    assert isinstance(day, date)
    return 12 * day.year + day.month - 1


def expected_months(found: list[Record], counted: Flow) -> dict[tuple[object, ...], Record]:
    """Compute the monthly mart of records, by area, codes and month."""
    every = [month_of(each[counted.opens]) for each in found]
    if not counted.is_foreseen:
        every += [month_of(each[counted.closes]) for each in found if each[counted.closes]]
    groups: dict[tuple[object, ...], list[Record]] = {}
    for each in found:
        groups.setdefault(tuple(each[name] for name in counted.keys), []).append(each)
    return {
        (*key, f"{month // 12}-{month % 12 + 1:02d}"): month_row(group, counted, month)
        for key, group in groups.items()
        for month in range(min(month_of(each[counted.opens]) for each in group), max(every) + 1)
    }


def month_row(group: list[Record], counted: Flow, month: int) -> Record:
    """Compute the measures of a group in a month."""
    since, until = counted.measured
    came = [each for each in group if month_of(each[counted.opens]) == month]
    went = [each for each in group if each[counted.closes] and month_of(each[counted.closes]) == month]
    lasted = [
        (each[until] - each[since]).days  # type: ignore[operator]
        for each in group
        if each[since] and each[until] and month_of(each[until]) == month
    ]
    row: Record = {
        counted.opened.column: len(came),
        counted.closed.column: len(went),
        f"{counted.open.column}_at_start": len(there(group, counted, month - 1)),
        f"{counted.open.column}_at_end": len(there(group, counted, month)),
        "median_days": median(lasted) if lasted else None,
        "mean_days": fmean(lasted) if lasted else None,
        "clearance_rate_pct": 100 * len(went) / len(came) if came else None,
    }
    if counted.flag:
        row[counted.flag] = sum(each[counted.flag] is True for each in came)
    if counted.amount:
        row[counted.amount] = sum(each[counted.amount] for each in came)  # type: ignore[misc]
        row[f"{counted.amount}_at_end"] = sum(each[counted.amount] for each in there(group, counted, month))  # type: ignore[misc]
    return row


def there(group: list[Record], counted: Flow, month: int) -> list[Record]:
    """Select the records that have come by the end of a month, and not gone."""
    return [
        each
        for each in group
        if month_of(each[counted.opens]) <= month and not (each[counted.closes] and month_of(each[counted.closes]) <= month)
    ]


def is_same(one: object, other: object) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(float(one), float(other), rel_tol=1e-12)  # type: ignore[arg-type]


@pytest.mark.parametrize("address", REGISTERS)
@settings(max_examples=5, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.integers(40, 90), st.integers(0, 2**32), st.booleans(), st.sampled_from(["csv", "parquet"]))
def test_the_months_of_the_kept_records_are_as_plain_python_counts_them(
    address: str, rows: int, seed: int, is_faulty: bool, form: str
) -> None:
    kinds = [kind for kind in kinds_of_faults(profile(address, PACKAGE)) if kind != "duplicate-key"]
    faults = dict.fromkeys(kinds, FAULTS_OF_EACH) if is_faulty else {}
    try:
        made = generate(address, rows=rows, seed=seed, faults=faults, areas=AREAS, years=YEARS)
    except ProjectError:  # Too few rows for the faults.
        return
    texts = made.part(0, rows).with_row_index("@row").filter(~pl.col("@row").is_in(made.faults["row"].to_list()))
    kept = list(records(address, texts.drop("@row").rows(named=True)))
    with TemporaryDirectory() as folder:
        project = with_files(Path(folder), {})
        write_register(made, project.raw(address).with_suffix(f".{form}"))
        _, months = register_relations(PACKAGE.register(address), checked(project, address))
    counted = flow(PACKAGE.register(address).model)
    expected = expected_months(kept, counted)
    assert {tuple(row[name] for name in (*counted.keys, "month")) for row in months.rows.rows(named=True)} == set(expected)
    for row in months.rows.rows(named=True):
        for name, value in expected[tuple(row[name] for name in (*counted.keys, "month"))].items():
            if name in row:
                assert is_same(row[name], value), (row, name, value)
