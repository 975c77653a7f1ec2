"""The page on where the time goes: the same numbers in both languages, and the parts that the benchmark measures."""

from __future__ import annotations

import re
from collections import Counter

from conftest import ROOT

PAGES = ("docs/speed.md", "docs/speed.zh-CN.md")


def text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def test_both_pages_have_the_same_tables_and_numbers() -> None:
    in_tables, numbers = [], []
    for page in PAGES:
        rows = [line.split("|")[2:-1] for line in text(page).splitlines() if line.startswith("|")]
        in_tables.append([[cell.strip() for cell in row if re.search(r"\d", cell)] for row in rows])
        numbers.append(Counter(re.findall(r"\d+(?:[.,]\d+)*", text(page))))
    assert in_tables[0] == in_tables[1]
    differing = (numbers[0] - numbers[1]) + (numbers[1] - numbers[0])
    assert not {number for number in differing if float(number.replace(",", "")) > 10}  # smaller ones may be words in English


def test_every_part_of_the_table_is_one_that_is_measured() -> None:
    measured = (ROOT / "tests" / "benchmarks" / "parts.py").read_text(encoding="utf-8")
    table = text(PAGES[0]).split("| part |")[1].split("\n\n")[0]
    parts = [line.split("|")[1].strip() for line in table.splitlines()[2:]]
    assert len(parts) > 10
    for part in parts:
        assert part.startswith("`") or re.sub(r"^\d+ ", "", part) in measured, part
    assert all((ROOT / script).is_file() for page in PAGES for script in re.findall(r"tests/benchmarks/\w+\.py", text(page)))
