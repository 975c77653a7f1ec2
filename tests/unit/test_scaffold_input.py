"""Files that no one would hand in on purpose are refused in words, or give code that can be read: never a traceback.

`ETL_SPOILT=400` spoils four hundred; without it, as in CI, some.
"""

from __future__ import annotations

import ast
import csv
import io
import os
import random
import re
from pathlib import Path

import pytest
from handed_in_tables import CASELOAD, SEIZURES

from etl.catalogue import PACKAGE
from etl.errors import ProjectError
from etl.scaffold.codegen import model_text
from etl.scaffold.example_rows import examples
from etl.scaffold.input_table import read_input_table
from etl.scaffold.layout import layout
from etl.scaffold.names import WORDS, Dictionary
from etl.scaffold.search import search
from etl.scaffold.titles import Stated, Title, parse_title

CELLS = (
    "", "—", "合计", "其中：涉外", "年份", "2024年", "2025", "2023年1-6月", "件", "（件）", "12", "0", "-5.2", "+7%", "1,234",
    "1,23", "超七成", "近1.2万", "宁波市", "海曙区", "法院", "占比（%）", "同比增长（%）", "注：", "x" * 300, "class",
    "2025年上半年", "1" + "0" * 22, "0.0", "100.1%", "'=1+1", "\t", "\u3000", "名称\n换行", '"', "\\", "年份（年）",
)  # fmt: skip


def spoilt(seed: int) -> str:
    """A table with cells changed, rows lost or doubled and columns gone, or cells thrown together."""
    chance = random.Random(seed)
    rows = list(csv.reader(io.StringIO(chance.choice([CASELOAD, SEIZURES]))))
    if seed % 3 == 0:
        rows = [[chance.choice(CELLS) for _ in range(chance.randint(1, 6))] for _ in range(chance.randint(1, 9))]
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(rows))
        match chance.choice(["cell", "cell", "cell", "lost", "doubled", "column"]):
            case "cell" if rows[at]:
                rows[at][chance.randrange(len(rows[at]))] = chance.choice(CELLS)
            case "lost" if len(rows) > 1:
                del rows[at]
            case "doubled":
                rows.insert(at, list(rows[at]))
            case "column":
                rows = [row[1:] for row in rows]
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


@pytest.mark.parametrize("seed", range(int(os.environ.get("ETL_SPOILT", "10"))))
def test_a_spoilt_file_is_refused_or_gives_code_that_can_be_read(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text(spoilt(seed), encoding="utf-8")
    try:
        found = layout(read_input_table(path, PACKAGE), "made", Stated(area="330200", period="2024"))
    except ProjectError as refused:
        assert len(str(refused)) > 20
        return
    rules = search(found).rules
    shown = examples(found, rules)
    assert {row[-1] for row in shown.given[1:]} >= {rule.rule_id for rule in rules if rule not in shown.without}
    ast.parse(model_text("made.made", found, rules))


def test_every_word_is_listed_once_with_a_name_that_a_column_can_have() -> None:
    with WORDS.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, strict=True))
    assert len({row["zh"] for row in rows}) == len(rows)
    for row in rows:
        assert bool(row["name"]) == bool(row["en"]), row
        assert re.fullmatch("(?:[a-z][a-z0-9_]*)?", row["name"]), row


def title(*levels: str) -> Title:
    return parse_title(levels, PACKAGE.lists)


def test_titles_lose_their_unit_and_say_whether_they_are_a_part() -> None:
    assert title("受理（件）") == title("受理/件")
    assert title("其中：涉外案件（件）").is_part
    assert (title("案值(万元)").zh, title("案值(万元)").unit) == ("案值", "万元")
    assert title("有效发明专利", "拥有量（件）").zh == "有效发明专利拥有量"


def test_a_title_with_an_unknown_word_gets_a_placeholder_and_no_spelling() -> None:
    translate = Dictionary(PACKAGE).translate
    assert translate("破获团伙", 3).name == "column_3"
    assert not translate("破获团伙", 3).is_known
    assert translate("涉外案件", 3).name == "foreign_related_cases"
