"""Two warehouses side by side, each made of a few rows: what differs, how gravely, and how it is shown."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result
from projects import write_project
from small_warehouses import warehouse

from etl.cli import main
from etl.errors import ProjectError, UnknownNameError
from etl.warehouse.diff import compare
from etl.warehouse.publish import publish
from etl.warehouse.table_spec import TableSpec

HEADER = "area,period,court,received,received_growth_pct,closed,source,section\n"
OLD = (
    "330200,2030,all,7.64万件,,900件,example-a,1\n"
    "330200,2030,ip_tribunal,200件,,,example-a,1\n"
    "330200,2029,all,80件,,70余件,example-a,1\n"
    "330200,2028,all,60件,,,example-a,1\n"
)
NEW = (
    "330200,2030,all,76412件,,910件,example-a,1\n"
    "330200,2030,ip_tribunal,200件,,,example-b,1\n"
    "330200,2029,all,80件,,,example-a,1\n"
    "330200,2031,all,9万件,,,example-b,1\n"
    "330200,2028,all,59件,,,example-b,1\n"
)


def made(root: Path, rows: str, **others: str) -> Path:
    """Make a warehouse of rows of the courts' caseload, and of the texts of other tables."""
    return warehouse(
        write_project(root, {"courts.caseload": HEADER + rows} | {k.replace("__", "."): v for k, v in others.items()})
    )


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("old"), OLD)


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copyright = "area,period,works,works_growth_pct,share_of_province_pct,source,section\n330200,2031,1.2万件,,,example-b,1\n"
    return made(tmp_path_factory.mktemp("new"), NEW, copyright__registrations=copyright)


def diff(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["diff", *map(str, arguments)])


def figure_differences(old: Path, new: Path) -> dict[tuple[str, str, str], str]:
    """Return the difference of each figure by indicator, period and categories."""
    rows = compare(old, new).figures.select("address", "period", "categories", "difference").iter_rows()
    return {(address.rpartition(".")[2], period, categories): difference for address, period, categories, difference in rows}


def test_every_figure_differs_in_one_way(old: Path, new: Path) -> None:
    assert figure_differences(old, new) == {
        ("closed", "2030", "all"): "changed",
        ("received", "2028", "all"): "changed",
        ("closed", "2029", "all"): "gone",
        ("received", "2031", "all"): "added",
        ("works", "2031", ""): "added",
        ("received", "2030", "all"): "within",
        ("received", "2030", "ip_tribunal"): "source",
    }


def test_the_reverse_comparison_swaps_added_and_removed(old: Path, new: Path) -> None:
    opposite = {"added": "gone", "gone": "added"}
    assert figure_differences(new, old) == {
        figure: opposite.get(difference, difference) for figure, difference in figure_differences(old, new).items()
    }


def test_a_change_is_reported_with_both_prints_both_documents_and_its_size(old: Path, new: Path) -> None:
    changed = compare(old, new).figures.filter(pl.col("difference") == "changed").sort("period")
    names = ("old_published", "new_published", "old_source", "new_source", "change", "change_pct")
    assert changed.select(names).rows() == [
        ("60件", "59件", "example-a", "example-b", -1.0, pytest.approx(-100 / 60)),
        ("900件", "910件", "example-a", "example-a", 10.0, pytest.approx(100 / 90)),
    ]


def test_figures_of_an_open_interval_contradict_nothing_beyond_their_bound(tmp_path: Path) -> None:
    row = "330200,2030,all,{},,,example-a,1\n"
    at_least = made(tmp_path / "at-least", row.format("超100件"))
    assert compare(at_least, made(tmp_path / "above", row.format("150件"))).exit_code == 0
    assert compare(at_least, made(tmp_path / "below", row.format("90件"))).exit_code == 1


@pytest.mark.slow
def test_a_replaced_document_is_distinguished_from_an_added_one(tmp_path: Path) -> None:
    first, second = ("330200,2030,all,100件,,,example-a,1\n", "330200,2030,all,100件,,,example-b,1\n")
    both = made(tmp_path / "both", first + second)
    assert figure_differences(made(tmp_path / "one", first), both) == {("received", "2030", "all"): "added"}
    assert figure_differences(made(tmp_path / "first", first), made(tmp_path / "second", second)) == {
        ("received", "2030", "all"): "source"
    }


@pytest.mark.slow
def test_documents_that_print_the_same_are_paired_before_those_that_do_not(tmp_path: Path) -> None:
    row = "330200,2030,all,{},,,{},1\n"
    old = made(tmp_path / "old", row.format("76412件", "example-b"))
    other = {"courts.caseload": HEADER + row.format("76412件", "example-c") + row.format("7.64万件", "example-d")}
    new = warehouse(write_project(tmp_path / "new", other, ["example-c", "example-d"]))
    names = ("difference", "old_published", "old_source", "new_source")
    assert compare(old, new).figures.select(names).rows() == [
        ("added", None, None, "example-d"),
        ("source", "76412件", "example-b", "example-c"),
    ]


def test_counts_are_exact_in_each_domain_and_in_all(old: Path, new: Path) -> None:
    counts = compare(old, new).counts
    names = ("domain", "changed", "gone", "added", "within", "source", "same")
    assert counts.select(names).rows() == [("copyright", 0, 0, 1, 0, 0, 0), ("courts", 2, 1, 1, 1, 1, 1)]


def test_one_domain_is_compared_alone(old: Path, new: Path) -> None:
    comparison = compare(old, new, "copyright")
    assert comparison.exit_code == 0
    assert comparison.figures.get_column("difference").to_list() == ["added"]
    with pytest.raises(UnknownNameError, match="Did you mean 'copyright'"):
        compare(old, new, "copyrihgt")


def test_new_and_gone_findings_are_reported(tmp_path: Path) -> None:
    rows = "330200,2030,all,100件,,,example-a,1\n330200,2030,all,{},,,example-b,1\n"
    agreeing, disagreeing = (made(tmp_path / name, rows.format(name)) for name in ("100件", "300件"))
    there, back = compare(agreeing, disagreeing).findings, compare(disagreeing, agreeing).findings
    names = ("difference", "rule", "row_key", "column_name")
    assert there.select(names).rows() == [("added", "sources-agree", "330200:2030:all:example-b", "received")]
    assert back.get_column("difference").to_list() == ["gone"]


def bare(root: Path, unit: str, *others: TableSpec, published: object = "7") -> Path:
    """Make a warehouse of one figure, whose table lacks a column and has another type in one."""
    key = {"domain": "courts", "table_name": "caseload", "indicator": "received"}
    labels = {"area_code": "330200", "period": "2030", "published": published, "unit": unit, "source": "example-a"}
    figure = pl.DataFrame({**key, **labels, "value": 7, "low": 7.0, "high": 7.0}).with_columns(categories=pl.lit(["all"]))
    texts = dict.fromkeys(("rule", "severity", "address", "row_key", "column_name", "message", "message_zh"), "")
    comments = dict.fromkeys(("message", "message_zh", "is_waived"), "-")
    finding = TableSpec("quality", "finding", pl.DataFrame({**texts, "is_waived": False}), "findings", comments)
    (root / "no-views").mkdir(parents=True)
    publish(root / "bare.duckdb", [TableSpec("core", "figure", figure, "figures"), finding, *others], root / "no-views")
    return root / "bare.duckdb"


def test_a_figure_of_another_unit_is_another_figure(tmp_path: Path) -> None:
    (row,) = compare(bare(tmp_path / "old", "件"), bare(tmp_path / "new", "家")).figures.to_dicts()
    assert (row["difference"], row["change"], row["change_pct"]) == ("changed", None, None)


def test_added_removed_and_changed_tables_and_columns_are_reported(old: Path, tmp_path: Path) -> None:
    other = bare(tmp_path, "件", TableSpec("core", "novelty", pl.DataFrame({"zh": [""]}), "new"))
    schema = compare(old, other).schema
    rows = set(schema.iter_rows())
    assert ("added", "core.novelty", None, None) in rows
    assert ("gone", "core.ledger", None, None) in rows
    assert ("gone", "report.bulletin", None, None) in rows
    assert ("gone", "core.figure.hedge", "VARCHAR", None) in rows
    assert ("changed", "core.figure.value", "DOUBLE", "BIGINT") in rows
    assert not [address for _, address, _, _ in rows if address.startswith(("core.ledger.", "core.novelty."))]


@pytest.mark.parametrize(("before", "after", "difference"), [("7", "x", "gone"), ("…", "7", "added"), ("x", "…", "within")])
def test_a_mark_in_place_of_a_figure_is_none(before: str, after: str, difference: str, tmp_path: Path) -> None:
    row = "330200,2030,all,{},,,example-a,1\n"
    old, new = made(tmp_path / "old", row.format(before)), made(tmp_path / "new", row.format(after))
    assert figure_differences(old, new) == {("received", "2030", "all"): difference}


@pytest.mark.parametrize(("first", "second", "exit_code"), [("old", "old", 0), ("old", "new", 1), ("new", "old", 1)])
def test_the_exit_code_says_whether_figures_changed(
    request: pytest.FixtureRequest, first: str, second: str, exit_code: int
) -> None:
    assert diff(request.getfixturevalue(first), request.getfixturevalue(second)).exit_code == exit_code


def test_figures_that_are_added_or_printed_otherwise_are_no_change(tmp_path: Path) -> None:
    row = "330200,2030,all,{},,,example-a,1\n"
    rough = made(tmp_path / "rough", row.format("7.64万件"))
    exact = made(tmp_path / "exact", row.format("76412件") + row.format("80件").replace("2030", "2031"))
    assert diff(rough, exact).exit_code == 0


def test_what_cannot_be_compared_ends_with_2(old: Path, tmp_path: Path) -> None:
    missing = diff(old, tmp_path / "missing.duckdb")
    assert (missing.exit_code, "No warehouse at" in missing.output) == (2, True)
    (tmp_path / "text.duckdb").write_text("not a database", encoding="utf-8")
    assert diff(tmp_path / "text.duckdb", old).exit_code == 2
    (tmp_path / "no-views").mkdir()
    other = tmp_path / "other.duckdb"
    publish(other, [TableSpec("core", "area", pl.DataFrame({"zh": ["甲"]}), "areas")], tmp_path / "no-views")
    with pytest.raises(ProjectError, match=r"has no core\.figure\.\w+ to compare"):
        compare(other, old)
    assert diff(other, old).exit_code == 2
    assert diff(bare(tmp_path / "of-numbers", "件", published=7), old).exit_code == 2
    assert diff(old, old, "--domain", "cuorts").exit_code == 2


def test_the_new_warehouse_is_that_of_the_project_unless_named(old: Path, new: Path) -> None:
    project = new.parents[1]
    assert diff(old, "--project", project, "--format", "json").output == diff(old, new, "--format", "json").output


def test_json_says_everything(old: Path, new: Path) -> None:
    said = json.loads(diff(old, new, "--format", "json").output)
    assert said["exit_code"] == 1
    assert set(said) == {"exit_code", "counts", "figures", "schema", "findings"}
    assert len(said["figures"]) == 7
    assert said["figures"][0]["difference"] == "changed"


def test_csv_has_a_row_for_each_figure_that_differs(old: Path, new: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(diff(old, new, "--format", "csv").output)))
    assert [row["difference"] for row in rows] == ["changed", "changed", "gone", "added", "added", "within", "source"]
    assert [row["new_published"] for row in rows] == ["910件", "59件", "", "1.2万件", "9万件", "76412件", "200件"]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["changed beyond the intervals (2)", "figures gone or changed beyond their intervals: 3"]),
        ("zh", ["超出区间的变动 (2)", "消失或超出区间的数字：3 个"]),
    ],
)
def test_text_is_in_the_language_that_is_asked_for(old: Path, new: Path, language: str, expected: list[str]) -> None:
    lines = diff(old, new, "--lang", language).output.splitlines()
    assert set(expected) <= set(lines)
    assert "  courts.caseload.closed 330200 2030 all  900件 → 910件  +10 件 (+1.11%)  example-a" in lines
    assert "  courts.caseload.received 330200 2030 ip_tribunal  200件 → 200件  example-a → example-b" in lines
    assert "  courts.caseload.closed 330200 2029 all  70余件 → ∅  example-a" in lines


def test_text_shows_some_and_counts_all(old: Path, new: Path) -> None:
    output = diff(old, new, "--max-rows", "1", "--lang", "en").output
    assert "changed beyond the intervals (2)" in output
    assert output.count("… and 1 more") == 2
    assert ("910件" in output, "59件" in output) == (True, False)


def test_markdown_has_a_table_for_each_kind_of_difference(old: Path, new: Path) -> None:
    output = diff(old, new, "--format", "markdown", "--lang", "en").output
    assert output.startswith("**figures gone or changed beyond their intervals: 3**\n")
    assert "### gone (1)\n\n| figure | old | new | change | document |\n| --- | --- | --- | --- | --- |\n" in output
    assert "| courts.caseload.closed 330200 2030 all | 900件 | 910件 | +10 件 (+1.11%) | example-a |" in output


def test_two_warehouses_of_the_same_rows_do_not_differ(old: Path, tmp_path: Path) -> None:
    again = made(tmp_path, OLD)
    comparison = compare(old, again)
    assert (comparison.figures.height, comparison.schema.height, comparison.findings.height) == (0, 0, 0)
    output = diff(old, again, "--lang", "en").output
    assert output.splitlines()[-1] == "no figure is gone or changed beyond its interval"
