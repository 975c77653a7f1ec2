"""What the views behind the report say of a small made-up project."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from etl.project import Project
from etl.run import Ran
from etl.warehouse.query import query

Ask = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def ask(made_up: tuple[Project, Ran]) -> Ask:
    return lambda sql: query(made_up[0].warehouse, sql).to_dicts()


def test_a_level_stands_beside_the_printed_one_of_the_year_before(ask: Ask) -> None:
    (row,) = ask("SELECT * FROM report.levels WHERE address = 'courts.caseload.received' AND categories = 'all'")
    assert (row["period"], row["value"], row["before_period"], row["before"], row["before_is"]) == (
        "2032",
        1000,
        "2031",
        800,
        "printed",
    )
    assert (row["change"], row["growth_pct"], row["growth_pct_low"], row["growth_pct_high"]) == (200, 25, 24.5, 25.5)


def test_a_level_of_which_only_the_growth_is_printed_implies_the_one_before(ask: Ask) -> None:
    rows = ask("SELECT * FROM report.levels WHERE before_is = 'implied'")
    for row in rows:
        assert row["before_low"] <= row["before"] <= row["before_high"]
        assert row["growth_pct"] is not None
    alone = ask("SELECT before, change, growth_pct, before_period FROM report.levels WHERE before_is IS NULL AND kind <> 'rate'")
    assert alone
    assert all(set(row.values()) == {None} for row in alone)


def test_each_indicator_of_an_area_has_one_level_the_latest(ask: Ask) -> None:
    levels = ask("SELECT address, categories, area_code, period FROM report.levels")
    latest = ask("""
        SELECT address, categories, area_code, arg_max(period, ends_on) AS period FROM report.bulletin
        WHERE is_latest AND value IS NOT NULL GROUP BY ALL
    """)
    assert sorted(map(repr, levels)) == sorted(map(repr, latest))


def test_a_flow_is_charted_by_whole_years_and_a_year_stands_once(ask: Ask) -> None:
    rows = ask("SELECT chart, place, year, period, value FROM report.series WHERE chart IN ('court_cases', 'works_registered')")
    assert [row["value"] for row in rows if row["chart"] == "court_cases" and row["place"] == 1] == [800, 1000]
    assert all(row["period"] == str(row["year"]) for row in rows)
    assert len({tuple(row.values())[:3] for row in rows}) == len(rows)


def test_the_map_counts_each_indicator_once_a_year(ask: Ask) -> None:
    for row in ask("SELECT * FROM report.measured"):
        assert 0 < row["indicators"] <= min(row["figures"], row["of_indicators"])
        assert row["share_pct"] == pytest.approx(row["indicators"] / row["of_indicators"] * 100)
    assert ask("SELECT sum(figures)::BIGINT AS n FROM report.measured") == ask("SELECT count(*) AS n FROM core.figure")


def test_every_figure_leads_to_the_line_that_holds_it(ask: Ask) -> None:
    assert ask("SELECT count(*) AS n FROM report.figures") == ask("SELECT count(*) AS n FROM core.figure")
    (row,) = ask("SELECT raw_file, raw_line, title, year FROM report.figures WHERE published = '近7000万元'")
    assert row == {"raw_file": "raw/finance/pledges.csv", "raw_line": 3, "title": "Bulletin", "year": 2032}


def test_the_gate_is_shut_by_what_would_have_stopped_the_run(ask: Ask) -> None:
    (row,) = ask("SELECT * FROM report.gate")
    assert row["errors"] > 0
    assert row["verdict"] == "shut"
    assert row["figures"] == ask("SELECT count(value) AS n FROM core.figure")[0]["n"]


def test_the_results_of_rules_add_up_and_each_rule_says_what_it_states(ask: Ask) -> None:
    rows = ask("SELECT * FROM report.rule_results")
    assert all(row["zh"] and row["reason"] and row["severity"] in ("error", "warning", "information") for row in rows)
    sums = ask("SELECT sum(passed)::BIGINT AS passed, sum(failed)::BIGINT AS failed FROM quality.result")
    assert [{name: sum(row[name] or 0 for row in rows) for name in ("passed", "failed")}] == sums
