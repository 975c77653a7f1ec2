"""What the SQL views say of a small made-up project, and that they name only what there is."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from paths import ROOT

from etl.project import Project
from etl.run import Ran
from etl.warehouse.query import query
from etl.warehouse.sql_views import sql_views

Ask = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def ask(made_up: tuple[Project, Ran]) -> Ask:
    return lambda sql: query(made_up[0].warehouse, sql).to_dicts()


def test_no_view_names_an_indicator_but_by_the_table_of_headlines() -> None:
    for view in sql_views():
        assert not re.findall(r"'\w+\.\w+\.\w+'", view.sql), view.name


def test_no_view_selects_all_columns_by_a_star() -> None:
    for view in sql_views():
        last_select = view.sql.rpartition("\nSELECT\n")[2]
        assert last_select and "*" not in last_select.partition("\nFROM")[0].replace("* 100", ""), view.name


def test_the_arithmetic_of_intervals_stands_in_the_functions_of_the_warehouse_alone() -> None:
    for path in (ROOT / "etl" / "warehouse" / "views").glob("*.sql"):
        assert not re.findall(r"(?:low|high) [-+/*] |/ \w*\.?(?:low|high)\b", path.read_text(encoding="utf-8")), path.name


def test_the_bulletin_has_every_figure_once_with_its_names(ask: Ask) -> None:
    assert ask("SELECT count(*) AS n, count(DISTINCT (address, row_key)) AS k FROM report.bulletin") == ask(
        "SELECT count(*) AS n, count(DISTINCT (domain, table_name, indicator, row_key)) AS k FROM core.figure"
    )
    (row,) = ask("SELECT * FROM report.bulletin WHERE published = '近7000万元'")
    assert (row["domain_zh"], row["domain_en"], row["area_zh"], row["area_en"]) == ("知识产权金融", "Finance", "宁波市", "Ningbo")
    assert (row["indicator_zh"], row["indicator_en"], row["categories_zh"]) == (
        "质押融资金额",
        "amount raised against pledges",
        "版权",
    )
    assert (row["value"], row["low"], row["high"], row["unit"], row["section"]) == (7e7, None, 7e7, "元", "B1")


def test_the_bulletin_follows_the_documents_latest_first_and_each_in_its_own_order(ask: Ask) -> None:
    rows = ask("SELECT source, position FROM report.bulletin")
    assert list(dict.fromkeys(row["source"] for row in rows)) == ["undated", "late", "early"]
    positions = [row["position"] for row in rows if row["source"] == "undated"]
    assert positions == sorted(positions)
    assert len(positions) > 20


def test_of_two_documents_that_print_one_figure_the_latest_published_is_shown(ask: Ask) -> None:
    rows = ask("SELECT source, documents, is_latest FROM report.bulletin WHERE indicator = 'works' AND period = '2031'")
    assert sorted(row["source"] for row in rows if row["is_latest"]) == ["late"]
    assert [row["documents"] for row in rows] == [2, 2]


def test_growth_is_bounded_by_both_levels_and_stands_beside_the_printed_one(ask: Ask) -> None:
    """1.5万 [14500, 15500] against 1.2万 [11500, 12500], and +30% in print."""
    (row,) = ask("SELECT * FROM report.year_on_year WHERE address = 'copyright.registrations.works'")
    assert (row["period"], row["source"], row["source_before"]) == ("2032", "undated", "late")
    assert (row["value"], row["value_before"], row["change"], row["change_unit"]) == (15_000, 12_000, 3_000, "件")
    assert (row["change_low"], row["change_high"]) == (2_000, 4_000)
    growth = (row["growth_pct_low"], row["growth_pct"], row["growth_pct_high"])
    assert growth == pytest.approx(((14_500 / 12_500 - 1) * 100, 25, (15_500 / 11_500 - 1) * 100))
    assert (row["printed_growth_pct_low"], row["printed_growth_pct"], row["printed_growth_pct_high"]) == (29.5, 30, 30.5)
    implied = (row["implied_before_low"], row["implied_before"], row["implied_before_high"])
    assert implied == pytest.approx((14_500 / 1.305, 15_000 / 1.3, 15_500 / 1.295))
    assert row["growth_agrees"] is True


def test_growth_without_a_printed_one_agrees_with_nothing(ask: Ask) -> None:
    rows = {row["address"]: row for row in ask("SELECT * FROM report.year_on_year")}
    assert rows["courts.caseload.closed"]["growth_agrees"] is None
    assert rows["courts.caseload.closed"]["growth_pct"] == pytest.approx((990 / 810 - 1) * 100)
    assert rows["courts.caseload.received"]["growth_agrees"] is True
    assert "police.operations.cases" not in rows


def test_cases_of_every_body_have_one_row_with_a_rate_that_says_what_it_is_of(ask: Ask) -> None:
    rows = {(row["body"], row["part"], row["period"]): row for row in ask("SELECT * FROM report.cases")}
    assert set(rows) == {
        ("administration", "offline", "2032"), ("courts", "all", "2031"), ("courts", "all", "2032"),
        ("overseas", "", "2032"), ("police", "", "2032"),
    }  # fmt: skip
    courts = rows["courts", "all", "2032"]
    assert (courts["received"], courts["closed"], courts["rate_pct"], courts["received_growth_pct"]) == (1_000, 990, 99, 25)
    assert (courts["body_zh"], courts["part_zh"], courts["is_rate_printed"]) == ("法院", "全市法院", False)
    police = rows["police", "", "2032"]
    assert (police["rate_pct_low"], police["rate_pct"], police["rate_pct_high"]) == (75, 75, 75)
    assert police["rate_en"] == "cases investigated that were solved per hundred cases investigated"
    overseas = rows["overseas", "", "2032"]
    assert (overseas["received"], overseas["closed"], overseas["rate_pct"]) == (106, None, 100)
    assert overseas["is_rate_printed"] is True


def test_more_cases_closed_than_received_imply_a_carry_over(ask: Ask) -> None:
    rows = ask("SELECT body, period, pending_change, pending_at_start_at_least FROM report.unclosed ORDER BY ALL")
    assert [tuple(row.values()) for row in rows] == [
        ("administration", "2032", -11, 11),
        ("courts", "2031", -10, 10),
        ("courts", "2032", 10, 0),
    ]


def test_a_stock_less_what_was_added_is_what_there_was_before(ask: Ask) -> None:
    (row,) = ask("SELECT total, added, before, before_low, before_high, growth_pct, may_lapse FROM report.stocks")
    assert tuple(row.values()) == (1_400, 400, 1_000, 1_000, 1_000, 40, False)
    assert ask("SELECT growth_pct_low AS low, growth_pct_high AS high FROM report.stocks") == [{"low": 40, "high": 40}]


def test_every_measure_is_there_in_one_long_view_as_its_mart_has_it(ask: Ask) -> None:
    (row,) = ask("SELECT * FROM report.measures WHERE address = 'finance.pledges.mean_amount_per_enterprise_yuan'")
    (of_mart,) = ask("SELECT * FROM finance.pledges WHERE mean_amount_per_enterprise_yuan IS NOT NULL")
    bounds = [of_mart[f"mean_amount_per_enterprise_yuan{bound}"] for bound in ("", "_low", "_high")]
    assert [row["value"], row["low"], row["high"]] == bounds == pytest.approx([8e9 / 400, 7.95e9 / 500, 8.05e9 / 400])
    assert (row["categories"], row["period"], row["row_key"]) == ("all", "2032", "330200:2032:all:undated")
    assert (row["indicator_en"], row["unit"], row["is_latest"]) == ("mean amount raised per enterprise", "元", True)
    works = "SELECT source, is_latest FROM report.measures WHERE indicator = 'implied_works_before' ORDER BY source"
    assert ask(works) == [{"source": "undated", "is_latest": True}]


def test_the_finance_overview_has_means_within_what_the_print_allows(ask: Ask) -> None:
    (row,) = ask("SELECT * FROM report.finance_overview")
    assert (row["area_en"], row["period"], row["pledged_yuan"], row["copyright_pledged_yuan"]) == ("Ningbo", "2032", 8e9, 7e7)
    mean = [row[f"mean_pledged_per_enterprise_yuan{bound}"] for bound in ("_low", "", "_high")]
    assert mean == pytest.approx([7.95e9 / 500, 8e9 / 400, 8.05e9 / 400])
    put_in = [row[f"fund_put_in_yuan{bound}"] for bound in ("_low", "", "_high")]
    assert put_in == pytest.approx([5.5e8 / 12.5, 6e8 / 12, 6.5e8 / 11.5])
    assert row["insurance_products"] is None


def test_the_protection_overview_has_a_row_for_each_period_in_which_something_is_known(ask: Ask) -> None:
    rows = {row["period"]: row for row in ask("SELECT * FROM report.protection_overview")}
    assert set(rows) == {"2031", "2032"}
    assert (rows["2031"]["courts_received"], rows["2031"]["police_cases"]) == (800, None)
    assert (rows["2032"]["courts_clearance_rate_pct"], rows["2032"]["police_solved_rate_pct"]) == (99, 75)
    assert rows["2032"]["offline_adjudications_closed"] == 207
    assert (rows["2032"]["police_solved_rate_pct_low"], rows["2032"]["police_solved_rate_pct_high"]) == (75, 75)


def test_the_creation_overview_shows_the_latest_published(ask: Ask) -> None:
    rows = ask("SELECT period, works_registered, valid_inventions FROM report.creation_overview")
    assert [tuple(row.values()) for row in rows] == [("2031", 12_000, None), ("2032", 15_000, None)]


SUMS = ("rows_read", "rows_loaded", "rows_rejected", "errors", "warnings", "information", "waived")


def test_the_scorecard_adds_up_to_the_run(ask: Ask) -> None:
    sums = ", ".join(f"CAST(sum({name}) AS BIGINT) AS {name}" for name in SUMS)
    assert ask(f"SELECT {sums} FROM report.data_quality") == ask(f"SELECT {', '.join(SUMS)} FROM quality.run")
    assert ask("SELECT sum(figures)::BIGINT AS n, sum(rows_passed)::BIGINT AS p FROM report.data_quality") == ask(
        "SELECT (SELECT count(*) FROM core.figure) AS n, (SELECT sum(passed) FROM quality.result)::BIGINT AS p"
    )
    (courts,) = ask("SELECT * FROM report.data_quality WHERE domain = 'courts'")
    assert (courts["tables"], courts["tables_read"], courts["figures"], courts["cited_share_pct"]) == (4, 1, 5, 100)
    assert (courts["errors"], courts["rows_failed"]) == (2, 2)
    assert ask("SELECT errors, waived FROM report.data_quality WHERE domain = 'documents'") == [{"errors": 0, "waived": 1}]


def test_a_document_is_taken_as_far_as_tables_cite_it(ask: Ask) -> None:
    rows = {row["source"]: row for row in ask("SELECT * FROM report.documents")}
    assert list(rows) == ["undated", "late", "early"]
    assert (rows["early"]["printed"], rows["early"]["taken"], rows["early"]["shown"]) == (3, 3, 2)
    assert (rows["late"]["printed"], rows["late"]["taken"], rows["late"]["left_out"], rows["late"]["neither"]) == (2, 1, 0, 1)
    assert {row["uncited"] for row in rows.values()} == {0}
