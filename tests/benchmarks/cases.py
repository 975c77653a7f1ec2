"""The register that all contenders check, and the rules they check it by.

Eight columns of `courts.cases`, all text in the file. Ten rules of rows, three of blanks, one of keys, two of groups; `more`
rules of rows on top of them show what a rule costs. A blank or unreadable cell breaks the one rule that is about it and no
other. Contenders run in environments of their own, so this module imports the standard library alone.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "build" / "benchmarks"
ADDRESS = "courts.cases"
COLUMNS = (
    *("case_number", "area", "court", "received_on", "closed_on"),
    *("outcome", "amount_yuan", "technical_investigator"),
)
NUMBER = "^（[0-9]{4}）[^0-9（）]+[0-9]*[^0-9（）]+[0-9]+号$"
YEAR_OF_NUMBER = "^（([0-9]{4})）"
FLAGS = ("是", "否", "true", "false", "1", "0")
YES = ("是", "true", "1")
MOST_INVESTIGATED_PCT = 12
MOST_MEAN_YUAN = 205_000
LARGEST_YUAN, LONGEST_DAYS = 10_000_000, 750

FILLED = {"number is filled": "case_number", "area is filled": "area", "received is filled": "received_on"}
IN_SETS = {
    "area is known": ("area", "areas"),
    "court is known": ("court", "courts"),
    "outcome is known": ("outcome", "outcomes"),
    "flag is known": ("technical_investigator", ""),
}
"""Rules of Soda and dbt by their names: columns that are filled, and those whose cells are of a code list or flags."""

FAULTS = {
    "end-before-start": 137,
    "impossible-date": 53,
    "unknown-code": 91,
    "negative-amount": 29,
    "duplicate-key": 211,
    "blank": 34,
    "malformed-number": 41,
    "wrong-year": 17,
}
"""What is put into each file, whatever its size."""

BROKEN = {
    "number is filled": 0,
    "area is filled": FAULTS["blank"] // 2,
    "received is filled": FAULTS["blank"] // 2,
    "number is well formed": FAULTS["malformed-number"],
    "area is known": 0,
    "court is known": FAULTS["unknown-code"],
    "outcome is known": 0,
    "received is a day": FAULTS["impossible-date"],
    "closed is a day": 0,
    "amount is not negative": FAULTS["negative-amount"],
    "flag is known": 0,
    "closed is not before received": FAULTS["end-before-start"],
    "number bears the year received": FAULTS["wrong-year"],
    "number is unique": FAULTS["duplicate-key"],
}
"""How many rows must be found to break each rule; a duplicate may be counted once or with the row that it repeats."""

GROUPS = ("few cases have an investigator", "amounts are moderate on the mean")
"""Rules of groups, of an area and a month, and of an area and an outcome: broken by some groups or by none, for all alike."""


def known(codes: str) -> list[str]:
    """Return the codes of a code list, without the total."""
    path = ROOT / "schemas" / "codes" / f"{codes}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return [row["code"] for row in csv.DictReader(lines) if row["code"] != "all"]


@dataclass(frozen=True)
class Task:
    """What a contender is asked to check.

    Attributes:
        file: a CSV file or a Parquet file.
        more: how many rules of rows there are beyond the ten: every other one about the amount, the rest about the days.
    """

    file: str
    more: int = 0

    @property
    def is_parquet(self) -> bool:
        """Whether the file is a Parquet file."""
        return self.file.endswith(".parquet")

    @property
    def amount_limits(self) -> dict[str, int]:
        """The limits of the further rules that no amount is above, by their names."""
        return {f"amount is below limit {n}": LARGEST_YUAN + n for n in range(0, self.more, 2)}

    @property
    def day_limits(self) -> dict[str, int]:
        """The limits of the further rules that no case lasts longer than, by their names."""
        return {f"days are below limit {n}": LONGEST_DAYS + n for n in range(1, self.more, 2)}


def wrong(found: dict[str, int], more: int, *, has_faults: bool = True) -> list[str]:
    """Return the rules of which a contender found another number of rows than there are; rules of groups are compared later."""
    task = Task("", more)
    expected = {**BROKEN, **dict.fromkeys([*task.amount_limits, *task.day_limits], 0)}
    if not has_faults:
        expected = dict.fromkeys(expected, 0)
    return [
        f"{rule}: {found.get(rule)} for {rows}"
        for rule, rows in expected.items()
        if found.get(rule) != rows and not (rule == "number is unique" and found.get(rule) == 2 * rows)
    ]
