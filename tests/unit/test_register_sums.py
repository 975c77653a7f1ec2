"""Compare sums that are merged as rows stream by with sums of all rows at once."""

from __future__ import annotations

from collections import Counter

import narwhals.stable.v1 as nw
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.catalogue import PACKAGE
from etl.registers import keys
from etl.registers.group_codes import MONTH, MOST_DENSE, GroupCodes, count_numbers
from etl.registers.parse import CODE, parse_cells
from etl.registers.scan import FILE, ROW
from etl.registers.streaming_sums import find_merges
from schemas.models import Column, Meaning
from schemas.registers import Money

NUMBERS = st.lists(st.integers(0, 9) | st.integers(MOST_DENSE - 2, MOST_DENSE + 2) | st.integers(2**60, 2**60 + 2))


@given(NUMBERS)
def test_numbers_small_and_large_are_counted_alike(numbers: list[int]) -> None:
    values, counts = count_numbers(np.array(numbers, dtype=np.int64))
    assert dict(zip(values.tolist(), counts.tolist(), strict=True)) == Counter(numbers)
    assert values.tolist() == sorted(set(numbers))


AMOUNTS = {
    "5": "5.00", "-5": "-5.00", "-0": "0.00", "007": "7.00", "1.5": "1.50", "-1.25": "-1.25",
    "1234567890123456": "1234567890123456.00", "-1234567890123456": "-1234567890123456.00",
    "+5": None, "00000000000000007": None, "12345678901234567": None, "1.555": None,
    " 5": None, "5 ": None, "５": None, "1e5": None, ".5": None, "5.": None, "--5": None, "": None, "1_000": None,
}  # fmt: skip


@given(st.lists(st.sampled_from(list(AMOUNTS)), max_size=6))
def test_an_amount_is_read_alike_whatever_amounts_stand_beside_it(texts: list[str]) -> None:
    column = Column("a", Money(), Meaning("金额", "amount"), optional=True)
    frame = parse_cells(pl.LazyFrame({"a": texts}, schema={"a": pl.String}), [column], {"a": pl.String()}, PACKAGE.lists)
    read = frame.select("a", "@unread a").collect()
    assert [None if value is None else str(value) for value in read["a"]] == [AMOUNTS[text] for text in texts]
    assert read["@unread a"].to_list() == [AMOUNTS[text] is None for text in texts]


CODES = {"area": ["330200", "330300"], "court": ["base"]}
ROWS = [(area, court, month) for area in (*CODES["area"], None) for court in ("base", None) for month in (12 * 1900, 24373, None)]


def test_a_number_tells_the_codes_and_the_month_it_was_made_of() -> None:
    groups = GroupCodes(CODES)
    schema = {CODE + name: pl.Enum(codes) for name, codes in CODES.items()} | {"when": pl.Int64()}
    numbers = pl.DataFrame(ROWS, schema=schema, orient="row").select(groups.number(pl.col("when")).alias("number"))
    assert numbers.n_unique() == len(ROWS)
    unpacked = numbers.select(groups.unpack(pl.col("number")))
    assert unpacked.columns == [*CODES, MONTH]
    assert unpacked.rows() == ROWS


@pytest.mark.parametrize("at_once", [1, 7, 1000])
def test_repeated_hashes_are_found_in_whatever_parts_rows_come(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "SORTED_AT_ONCE", at_once)
    texts = [f"{number % 60}" if number % 7 else None for number in range(100)]
    rows = pl.DataFrame(
        {FILE: [number // 40 for number in range(100)], ROW: [number % 40 for number in range(100)], "key": texts}
    )
    rows = rows.with_columns(pl.col(FILE, ROW).cast(pl.UInt32), keys.hash_key(("key",)))
    hashes = keys.KeyHashes()
    for start in (64, 0, 96, 32):
        hashes.take(rows.slice(start, 32))
    seen = Counter(text for text in texts if text is not None)
    expected = rows.filter(pl.col("key").is_in([text for text, number in seen.items() if number > 1]))
    assert expected.height > 20
    assert hashes.find_repeated().rows() == expected.select(FILE, ROW).sort(FILE, ROW).rows()


@pytest.mark.parametrize(
    ("measure", "is_merged"),
    [
        (nw.len(), True),
        (nw.col("a").sum(), True),
        (nw.col("a").count(), True),
        (nw.col("b").min(), True),
        (nw.col("b").max(), True),
        (nw.col("c").sum(), False),  # not a column of the register
        (nw.col("a").mean(), False),
        (nw.col("a").n_unique(), False),
        ((nw.col("a") > 1).sum(), False),
        (nw.col("a").sum() + 1, False),
    ],
)
def test_only_measures_that_are_known_to_merge_are_taken_in_parts(measure: nw.Expr, is_merged: bool) -> None:
    assert (find_merges({"m": measure}, ["a", "b"]) is not None) == is_merged
    assert (find_merges({"n": nw.len(), "m": measure}, ["a", "b"]) is not None) == is_merged
