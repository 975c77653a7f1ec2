"""The year as docs/tutorials/year.md walks through it: every command runs in this order, and the warehouse is what it says."""

from __future__ import annotations

import base64
import gzip
import json
import re
import shlex
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import chdir
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from documents import blocks
from made_documents import blocks_of_markdown, docx
from paths import ROOT
from returns import filled_form, lines_of_last_year

from etl.cli import main
from etl.project import Project
from etl.warehouse.query import query

PAGE, IN_CHINESE = "docs/tutorials/year.md", "docs/tutorials/year.zh-CN.md"
TOTALS = {
    "services.protection_centre.fields 330200": "6个",
    "trade_secrets.alliances.alliances 330200": "7个",
    "trade_secrets.standard_adopters.enterprises 330200": "1781家",
}
"""What is a total so far grows by what was added in the year."""
MISSING = {"**【待填：有效注册商标，件】**": "506.8万件", "**【待填：新增知识产权师，人】**": "121人"}
CHANGED = {"5981件": "6021件", "786亿元": "796亿元"}
PROVISIONAL = "SELECT count(*) FILTER (is_provisional), count(*) FROM report.bulletin WHERE period = '2026' AND is_latest"


def commands(page: str) -> list[str]:
    return [line for block in blocks(page) if block.info == "sh elsewhere" for line in block.body.splitlines()]


def fill_in_the_form() -> None:
    """Fill in what was printed last year, with a growth of nothing."""
    form = Path("form.xlsx")
    last = lines_of_last_year(form, "2025")
    filled_form(form, {key: "0%" if "growth" in key else TOTALS.get(key, text) for key, text in last.items()})


def replaced(text: str, by: Mapping[str, str]) -> str:
    for old, new in by.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


def print_the_bulletin() -> None:
    """Print the draft as a document of Word: the gaps filled in, the marks gone, and two figures changed."""
    head, _, rest = Path("draft.md").read_text(encoding="utf-8").replace("\\*", "").partition("\n\n## ")
    title = head.partition("\n")[0]
    text = replaced(f"{title}\n\n## {rest}", MISSING | CHANGED)
    Path("bulletin.docx").write_bytes(docx(blocks_of_markdown(text)))
    other = text.replace("宁波市", "绍兴市").replace("宁波", "绍兴")
    Path("shaoxing.docx").write_bytes(docx(blocks_of_markdown(other)))


BEFORE: dict[str, Callable[[], None]] = {
    "etl take filled.xlsx": fill_in_the_form,
    "etl fill bulletin.docx --review proposals.csv": print_the_bulletin,
}
SHUT = "etl fill bulletin.docx --apply proposals.csv"
KEYS = "\r" * 12
"""Enter for each section."""


AGAIN = ("etl report",)
"""What takes long, and is run only the first time."""


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Result]]:
    """Return a function that runs the commands of the page up to one, and returns what that printed."""
    root = tmp_path_factory.mktemp("year")
    shutil.copytree(ROOT / "raw", root / "raw")
    left, done = commands(PAGE), list[str]()

    def up_to(wanted: str) -> Result:
        while True:
            command = left.pop(0)
            if command in AGAIN and command in done:
                continue
            done.append(command)
            BEFORE.get(command, lambda: None)()
            keys = KEYS if "--review" in command else ""
            words = [*shlex.split(command)[1:], *(["--by", "A. Person"] if "--review" in command else [])]
            ran = CliRunner().invoke(main, words, input=keys, env={"LANG": "en_US.UTF-8"}, catch_exceptions=False)
            assert ran.exit_code == (1 if command == SHUT else 0), (command, ran.output)
            if command == wanted:
                return ran

    with chdir(root):
        yield up_to


def figures_of_2026(sql: str) -> list[tuple[object, ...]]:
    return query(Project(Path()).warehouse, sql).rows()


def test_in_december_the_figures_of_forms_run_and_are_marked_in_report_and_draft(walk: Callable[[str], Result]) -> None:
    told = walk("etl take filled.xlsx").output
    assert "123 figures of 60 rows in 53 tables" in told
    walk("etl bulletin --year 2026 --lang zh -o draft.md")
    assert figures_of_2026(PROVISIONAL) == [(123, 123)]
    report = Path("warehouse/report.html").read_text(encoding="utf-8")
    assert "标 * 的数字为部门填报的初步数" in report
    assert ">5981件*</span>" in report
    packed = re.search(r'<script[^>]*id="data"[^>]*>([^<]+)<', report)
    assert packed
    data = json.loads(gzip.decompress(base64.b64decode(packed[1])))
    assert len(data["provisional"]) == 123
    assert "5981件\\*" in Path("draft.md").read_text(encoding="utf-8")


def test_in_march_the_printed_text_is_aligned_and_the_two_changed_figures_are_named(walk: Callable[[str], Result]) -> None:
    assert "0 to confirm" in walk("etl fill bulletin.docx --review proposals.csv").stderr
    told = walk(SHUT)
    (shown,) = [block.body for block in blocks(PAGE) if block.info == "text"]
    assert shown in told.stderr
    named = [line for line in told.stdout.splitlines() if "error[" in line]
    assert [line.partition(" printed ")[0].partition("error[sources-agree] ")[2] for line in named] == [
        "received: ningbo-2026 prints 6021件, but return-2026-1",
        "amount_yuan: ningbo-2026 prints 796亿元, but return-2026-1",
    ]
    assert "the gate is open" in walk(f"{SHUT} --revise").stdout


def test_then_the_text_takes_the_place_of_the_forms_and_is_exported(walk: Callable[[str], Result]) -> None:
    walk("etl export --to xlsx -o figures.xlsx")
    assert figures_of_2026(PROVISIONAL) == [(0, 125)]
    changed = "SELECT published FROM report.bulletin WHERE period = '2026' AND is_latest AND published IN ('6021件', '796亿元')"
    assert sorted(figures_of_2026(changed)) == [("6021件",), ("796亿元",)]
    assert "法院" in openpyxl.load_workbook("figures.xlsx", read_only=True).sheetnames


@pytest.mark.slow
def test_another_city_enters_its_first_bulletin(walk: Callable[[str], Result]) -> None:
    walk("etl run --project shaoxing")
    found = query(Project(Path("shaoxing")).warehouse, "SELECT count(*) FROM report.bulletin WHERE source = 'shaoxing-2026'")
    assert found.item() == 126


def test_the_page_in_chinese_has_the_same_commands() -> None:
    assert commands(IN_CHINESE) == commands(PAGE)
