"""What is proposed of a table holds by more than chance: nothing of unrelated figures, and what the next year keeps too."""

from __future__ import annotations

import ast
import csv
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from handed_in_tables import write_industries
from paths import ROOT

from etl.catalogue import PACKAGE, Entry
from etl.errors import ProjectError
from etl.project import Project
from etl.scaffold.codegen import model_text
from etl.scaffold.dry_run import DryRun
from etl.scaffold.input_table import InputTable, read_input_table
from etl.scaffold.layout import TableLayout, layout
from etl.scaffold.period_parsing import canonical_period
from etl.scaffold.propose import propose
from etl.scaffold.search import search
from etl.scaffold.titles import Stated, TitledColumn, parse_title, values_by_title
from schemas.models import Category, columns

STEMS = "甲乙丙丁戊己庚辛壬癸"


def table(header: Sequence[str], rows: Sequence[Sequence[str | None]], *above: str) -> InputTable:
    titled = enumerate(zip(header, zip(*rows, strict=True), strict=True), start=1)
    columns = tuple(TitledColumn(at, parse_title([title], PACKAGE.lists), cells) for at, (title, cells) in titled)
    return InputTable(above, columns, tuple(range(2, len(rows) + 2)), (), PACKAGE)


def laid_out(header: Sequence[str], rows: Sequence[Sequence[str | None]], area: str = "330200", **names: str) -> TableLayout:
    return layout(table(header, rows), "made", Stated(area=area, names=names))


def rules_of(found: TableLayout) -> set[str]:
    return {rule.name for rule in search(found).rules}


def broken(before: TableLayout, after: TableLayout) -> list[str]:
    """The rules proposed of a table that some row of a longer one breaks."""
    rules = search(before).rules
    dry_run = DryRun.of(after, after.rows("made"))
    return [rule.zh for rule in rules if dry_run.verdicts(rule.constraint).broken.any()]


def unrelated(seed: int) -> TableLayout:
    """A table of figures that have nothing to do with each other, small and large."""
    chance = random.Random(seed)
    kinds = [chance.choice(["count"] * 4 + ["money", "share", "rate", "mean"]) for _ in range(chance.randint(4, 9))]
    titles = {
        "count": "{}（件）",
        "money": "金额{}（万元）",
        "share": "占比{}（%）",
        "rate": "{}同比（%）",
        "mean": "平均{}（件）",
    }
    sizes = [chance.choice([2, 3, 5, 10, 100, 3000]) for _ in kinds]

    def figure(kind: str, size: int) -> str:
        spread = chance.lognormvariate(0, 0.5)
        match kind:
            case "count":
                return str(int(spread * size))
            case "money" | "mean":
                return f"{spread * size + 0.1:.1f}"
            case "share":
                return f"{chance.uniform(1, 99):.1f}"
            case _:
                return f"{chance.uniform(-40, 60):+.1f}"

    header = ["年份", *(titles[kind].format(stem) for kind, stem in zip(kinds, STEMS, strict=False))]
    years = range(2010, 2010 + chance.randint(1, 8))
    return laid_out(header, [[f"{year}年", *map(figure, kinds, sizes)] for year in years])


@pytest.mark.parametrize("seed", range(24))
def test_nothing_is_proposed_of_figures_that_have_nothing_to_do_with_each_other(seed: int) -> None:
    assert rules_of(unrelated(seed)) == set()


def handed_in_anew(entry: Entry, rows: list[dict[str, str]]) -> TableLayout:
    """Raw rows as an office would hand them in, with Chinese titles and names; of one key the first that fills a cell."""
    declared = [column for column in columns(entry.model) if column.name not in ("source", "section", "revision")]
    named_so = {
        column.name: {code.code: code.zh for code in PACKAGE.codes(column.meaning.codes)} | {"all": "合计"}
        for column in declared
        if isinstance(column.dtype, Category)
    }
    merged: dict[tuple[str, ...], dict[str, str]] = {}
    for row in rows:
        first = merged.setdefault(tuple(row[column.name] for column in declared if not column.is_figure), dict(row))
        for column in declared:
            first[column.name] = first[column.name] or row[column.name]
    filled = [column for column in declared if any(row[column.name] for row in merged.values())]
    header = [
        f"{c.meaning.zh}（{c.meaning.unit}）" if c.is_figure else {"area": "地区"}.get(c.name, c.meaning.zh) for c in filled
    ]
    cells = [[named_so.get(c.name, {}).get(row[c.name], row[c.name]) or None for c in filled] for row in merged.values()]
    names = {c.meaning.zh: c.name for c in filled if c.is_figure}
    return layout(table(header, cells), "made", Stated(names=names))


def test_no_rule_proposed_of_the_years_so_far_is_broken_by_the_next_in_the_real_history() -> None:
    tried = proposed = 0
    for entry in PACKAGE.entries():
        path = ROOT.joinpath("raw", *entry.address.split(".")).with_suffix(".csv")
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        periods = sorted({row["period"] for row in rows})
        for last in range(1, len(periods)):
            before = handed_in_anew(entry, [row for row in rows if row["period"] in periods[:last]])
            after = handed_in_anew(entry, [row for row in rows if row["period"] in periods[: last + 1]])
            assert broken(before, after) == [], (entry.address, periods[last])
            tried += 1
            proposed += len(search(before).rules)
    assert tried >= 30
    assert proposed >= 4


def test_a_sum_without_overlap_so_far_is_noted_but_not_proposed_where_parts_may_overlap() -> None:
    kinds = {"民事": (120, 131, 150, 163), "刑事": (240, 251, 233, 270), "合计": (360, 382, 383, 433)}
    for unit, is_proposed in (("件", True), ("家", False)):
        rows = [[f"{2020 + at}年", kind, str(each[at])] for at in range(4) for kind, each in kinds.items()]
        found = search(laid_out(["年份", "案件种类", f"惠及（{unit}）"], rows, 惠及="reached"))
        assert any(rule.name.startswith("reached_sum_over") for rule in found.rules) == is_proposed
        assert any("several entries" in remark.en for remark in found.remarks) != is_proposed


def test_one_row_that_breaks_a_relation_of_all_others_is_reported() -> None:
    chance = random.Random(7)
    rows = []
    for at in range(10):
        civil, criminal = chance.randint(300, 900), chance.randint(50, 200)
        total = civil + criminal + (9 if at == 6 else 0)
        rows.append([f"{2010 + at}年", str(civil), str(criminal), str(total)])
    found = search(laid_out(["年份", "民事（件）", "刑事（件）", "合计（件）"], rows))
    assert found.rules == ()
    (remark,) = found.remarks
    assert "330200, 2016" in remark.en and "slip" in remark.en
    assert "笔误" in remark.zh


def test_columns_that_are_the_same_in_every_row_are_in_no_sum() -> None:
    rows = [
        [f"{2015 + at}年", a, b, b, str(int(a) + int(b))]
        for at, (a, b) in enumerate([("811", "240"), ("902", "377"), ("655", "512")])
    ]
    assert rules_of(laid_out(["年份", "民事（件）", "刑事（件）", "行政（件）", "合计（件）"], rows)) == set()


def test_a_stock_follows_from_the_one_before_and_what_has_come_and_gone() -> None:
    stock, rows = 5120, []
    for at, (new, gone) in enumerate([(611, 120), (702, 95), (655, 143), (590, 88), (801, 160)]):
        stock += new - gone
        rows.append([f"{2019 + at}年", str(stock), str(new), str(gone)])
    found = search(laid_out(["年份", "有效商标（件）", "新注册（件）", "注销（件）"], rows))
    assert [rule.zh for rule in found.rules] == ["有效商标等于上期数加新注册减注销"]


def test_a_density_is_the_stock_over_the_people() -> None:
    rows = [
        [f"{2020 + at}年", str(stock), str(people), f"{stock / people / 10_000 * 10_000:.2f}"]
        for at, (stock, people) in enumerate([(38289, 954.4), (43210, 961.8), (50119, 969.7), (58020, 977.7)])
    ]
    found = search(laid_out(["年份", "发明专利（件）", "常住人口（万人）", "每万人发明专利（件）"], rows))
    density = 'rules.equal(rules.term("inventions") / rules.term("resident_population") * 10_000, "inventions_per_10k_people")'
    assert [rule.expression.text for rule in found.rules] == [density]


def read(path: Path, text: str, **beside: Any) -> TableLayout:
    path.write_text(text, encoding="utf-8")
    return layout(read_input_table(path, PACKAGE), "made", Stated(**beside))


@pytest.mark.parametrize("change", ["同比增长（%）", "环比（%）"])
def test_a_change_beside_two_periods_is_that_of_the_later(change: str, tmp_path: Path) -> None:
    text = f"指标,单位,2024年上半年,2025年上半年,{change}\n授权,件,34439,36001,4.5\n其中：发明,件,6713,7102,5.8\n"
    found = read(tmp_path / "in.csv", text, area="宁波")
    assert found.periods == ("2024-H1", "2025-H1")
    assert [(each.name, each.cells) for each in found.figures] == [
        ("granted", ("34439", "36001")),
        ("granted_growth_pct", (None, "4.5")),
        ("inventions", ("6713", "7102")),
        ("inventions_growth_pct", (None, "5.8")),
    ]
    assert rules_of(found) == {"inventions_are_among_granted"}


def test_a_total_of_areas_is_the_area_around_them(tmp_path: Path) -> None:
    above = "表1 2025年各区授权情况,,\n区县,授权（件）,占全市比重（%）\n"
    rows = '海曙区,"5,120",27.2\n江北区,"3,310",17.6\n鄞州区,"10,400",55.2\n全市,"18,830",100.0\n'
    found = read(tmp_path / "in.csv", above + rows)
    assert found.areas == ("330203", "330205", "330212", "330200")
    assert rules_of(found) == {"granted_are_among_those_of_the_area_around", "share_of_city_pct_is_of_the_area_around"}


def test_no_sum_is_proposed_over_a_list_that_has_more_codes_than_the_table(tmp_path: Path) -> None:
    parts = {"发明": (505, 611, 702, 815), "实用新型": (4525, 4810, 5107, 5600), "外观设计": (4852, 4402, 4711, 4020)}
    for left_out in ("", "外观设计"):
        kinds = {name: each for name, each in parts.items() if name != left_out}
        kinds["合计"] = tuple(map(sum, zip(*kinds.values(), strict=True)))  # type: ignore[assignment]
        rows = [[f"{2020 + at}年", kind, str(each[at])] for at in range(4) for kind, each in kinds.items()]
        found = laid_out(["年份", "专利类型", "授权（件）"], rows)
        assert found.categories[0].codes == "patent_types"
        assert ("granted_sum_over_patent_type" in rules_of(found)) == (not left_out)


def test_a_title_with_quotation_marks_and_line_ends_stays_a_text(tmp_path: Path) -> None:
    title = 'x")\nimport os  # \\'
    found = read(tmp_path / "in.csv", "地区,年份,收案（件）\n宁波市,2024,12\n宁波市,2025,13\n", title=title)
    tree = ast.parse(model_text("made.made", found, ()))
    (model,) = tree.body
    assert isinstance(model, ast.ClassDef)
    (zh,) = model.keywords
    assert isinstance(zh.value, ast.Constant) and zh.value.value == title


@pytest.mark.parametrize(
    ("written", "period"),
    [
        ("2025年", "2025"), ("2025年度", "2025"), ("2024年上半年", "2024-H1"), ("2024年1-6月", "2024-H1"),
        ("2024年第三季度", "2024-Q3"), ("2023年2月", "2023-02"), ("2023.2", "2023-02"), ("2024年1—9月", "2024-01/2024-09"),
        ("2025年底", "2025"), ("2024-H1", "2024-H1"), ("2023年13月", None), ("3212", None), ("合计", None),
    ],
)  # fmt: skip
def test_periods_are_read_as_offices_write_them(written: str, period: str | None) -> None:
    assert canonical_period(written) == period


def test_stated_names_and_units_go_before_guesses(tmp_path: Path) -> None:
    text = "年份,类别,破获团伙,罚款\n2024,主犯,7,12\n2024,从犯,9,11\n"
    names = values_by_title(["破获团伙=gangs_broken", "主犯=ringleaders"], "NAME", PACKAGE.lists)
    units = values_by_title(["罚款=万元"], "UNIT", PACKAGE.lists)
    found = read(tmp_path / "in.csv", text, area="330200", names=names, units=units)
    assert [(each.name, each.unit) for each in found.figures] == [("gangs_broken", "个"), ("fines_yuan", "万元")]
    assert [code.code for code in found.categories[0].added] == ["ringleaders", "code_2"]
    with pytest.raises(ValueError, match="TITLE=NAME"):
        values_by_title(["gangs_broken"], "NAME", PACKAGE.lists)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("courts.Caseload", "is no address"),
        ("courts.caseload", "in the catalogue already"),
        ("courts.count", "is a word of models"),
        ("courts.mart", "named as something else"),
        ("core.more", "named as something else"),
        ("rules.more", "is no domain of the catalogue"),
        ("courts.cases_monthly", "named as something else"),
    ],
)
def test_a_name_that_means_something_else_is_refused(tmp_path: Path, address: str, message: str) -> None:
    with pytest.raises(ProjectError, match=message):
        propose(Project(ROOT), address, write_industries(tmp_path), Stated())


def test_a_header_of_merged_cells_and_a_merged_year_are_read_in_each_of_their_rows(tmp_path: Path) -> None:
    found = read_input_table(write_industries(tmp_path), PACKAGE)
    assert (found.columns[2].zh, found.columns[2].title.unit) == ("有效发明专利拥有量", "件")
    assert list(found.columns[0].cells) == [f"{year}年" for year in (2021, 2022, 2023, 2024) for _ in range(5)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("地区,年份,案值\n宁波市,2025,12\n", "The unit of 案值 is not stated"),
        ("地区,年份,收案（件）\n火星,2025,12\n", "is no area"),
        ("地区,年份,收案（件）\n宁波市,去年,12\n", "is no period"),
        ("地区,年份,收案（件）\n宁波市,2025,12\n宁波市,2025,13\n", "have one key"),
        ("地区,年份,收案（件）\n宁波市,2024,12\n温州市,2024,11\n宁波市,2025,十好几件\n", "is no figure in 件"),
        ("收案（件）,结案（件）\n12,11\n", "No column tells the period"),
        ("地区,年份\n宁波市,不详\n", "shows no table"),
        ("地区,年份,收案（坪）\n宁波市,2025,12\n", "'坪' is the unit"),
        ('地区,年份,收案（件）\n宁波市,2025,1"2\n', r"in\.csv:2:11: a quotation mark in a cell without them"),
    ],
)
def test_an_undecidable_layout_is_refused_with_the_next_step(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "in.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ProjectError, match=message):
        layout(read_input_table(path, PACKAGE), "made", Stated())
