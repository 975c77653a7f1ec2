"""Figures that several documents print: reprints agree, revisions are marked, and what follows rests on the right one."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from conftest import SOURCE_COLUMNS, write_project
from small_warehouses import warehouse

from etl.catalogue import PACKAGE, Entry
from etl.findings import line
from etl.gate.check import Checked, check, parsed_tables
from etl.mutation.coverage import siblings_of
from etl.project import Project, SourceRecord
from etl.tables.evaluate import evaluation_of
from etl.tables.provenance import publication_order
from etl.warehouse.query import query
from schemas import rules
from schemas.models import Category, Count, Table, figure, label

# In the file the later documents stand first, as in a list that new ones are put on top of.
PUBLISHED = {"third": "2033-04-26", "second": "2032-04-26", "first": "2031-04-26"}
HEADER = "area,period,court,received,received_growth_pct,closed,source,section,revision\n"


def published(root: Path, texts: Mapping[str, str]) -> Project:
    """Give a project of three documents, of one year each."""
    project = write_project(root, texts)
    with (root / "raw" / "sources.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, SOURCE_COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows({"source": source, "published_on": day} for source, day in PUBLISHED.items())
    return project


def checked(root: Path, *rows: str) -> Checked:
    """Give what is found of these rows of all courts of Ningbo, each `period,received,growth,closed,source,revision`."""
    text = HEADER + "".join(
        f"330200,{period},all,{','.join(cells)},1,{revision}\n" for period, *cells, revision in map(split, rows)
    )
    return check(published(root, {"courts.caseload": text}), PACKAGE.entries(), date(2034, 1, 1), whole=True, cite=False)


def split(row: str) -> list[str]:
    return row.split(",")


def found(checked: Checked) -> list[tuple[int, str]]:
    """Give the line and the rule of each finding."""
    return [(finding.place.line, finding.rule) for finding in checked.findings]


def test_a_more_precise_reprint_agrees_with_the_first_print(tmp_path: Path) -> None:
    assert found(checked(tmp_path, "2030,76412件,,,second,", "2030,7.64万件,,,first,")) == []


def test_the_later_document_is_the_one_that_disagrees_wherever_its_row_stands(tmp_path: Path) -> None:
    (finding,) = checked(tmp_path, "2030,7.7万件,,,second,", "2030,7.64万件,,,first,").findings
    assert line(finding, "en") == (
        "raw/courts/caseload.csv:2:17: error[sources-agree] received: second prints 7.7万件, but first printed 7.64万件 "
        "before it (raw/courts/caseload.csv:3:17); if it corrects that, mark the row as revised"
    )
    assert "second 载 7.7万件，而此前 first 载 7.64万件" in line(finding, "zh")
    assert [(witness.published, witness.place.line) for witness in finding.witnesses] == [("7.7万件", 2), ("7.64万件", 3)]


def test_one_wrong_reprint_does_not_put_those_after_it_in_doubt_where_they_agree_with_all(tmp_path: Path) -> None:
    rows = ("2030,100件,,,first,", "2030,130件,,,second,", "2030,90余件,,,third,")
    assert found(checked(tmp_path, *rows[:2], "2030,超50件,,,third,")) == [(3, "sources-agree")]
    assert found(checked(tmp_path, *rows)) == [(3, "sources-agree"), (4, "sources-agree")]


def test_a_print_of_unknown_bounds_contradicts_nothing_and_proves_nothing(tmp_path: Path) -> None:
    made = checked(tmp_path, "2030,100件,,,first,", "2030,500件左右,,,second,")
    assert found(made) == []
    (outcome,) = (
        each for each in made.outcomes["courts.caseload"] if (each.rule.id, each.column) == ("sources-agree", "received")
    )
    assert (outcome.passed, outcome.not_applicable) == (0, 2)


def test_a_row_of_an_unknown_document_or_area_puts_no_other_in_doubt(tmp_path: Path) -> None:
    assert found(checked(tmp_path, "2030,300件,,,nobody,", "2030,100件,,,first,")) == [(2, "source-is-known")]
    assert found(checked(tmp_path, "20,300件,,,first,", "30,100件,,,second,")) == [
        (2, "period-is-well-formed"),
        (3, "period-is-well-formed"),
    ]


def test_a_revision_may_differ_from_what_was_printed_before(tmp_path: Path) -> None:
    assert found(checked(tmp_path, "2030,100件,,80件,first,", "2030,110件,,80件,second,修订")) == []


def test_every_reprint_is_held_to_the_last_revision(tmp_path: Path) -> None:
    before = ("2030,100件,,,first,", "2030,110件,,,second,revised")
    assert found(checked(tmp_path, *before, "2030,110件,,,third,")) == []
    assert found(checked(tmp_path, *before, "2030,100件,,,third,")) == [(4, "sources-agree")]
    (finding,) = checked(tmp_path, *before, "2030,120件,,,third,").findings
    assert "second printed 110件" in finding.message.en
    assert "first" not in finding.message.en
    assert found(checked(tmp_path, *before, "2030,100件,,,third,revised")) == []


def test_a_figure_is_held_by_the_other_prints_of_its_vintage(tmp_path: Path) -> None:
    rows = ("2030,100件,,,first,", "2030,110件,,,second,revised", "2030,110件,,,third,")
    siblings = siblings_of(checked(tmp_path, *rows).tables)
    assert {ref.row: [other.row for other in others] for ref, others in siblings.items()} == {1: [2], 2: [1]}


def test_a_revision_that_changes_no_figure_is_needless(tmp_path: Path) -> None:
    (finding,) = checked(tmp_path, "2030,7.64万件,,80件,first,", "2030,76412件,,,second,revised").findings
    assert (finding.rule, finding.severity, str(finding.place)) == (
        "revision-changes-a-figure",
        "warning",
        "raw/courts/caseload.csv:3:35",
    )
    assert finding.message.en == (
        "marked as revised, but second agrees with what was printed before: received 76412件 where first printed 7.64万件"
    )


def test_a_revision_without_an_earlier_print_is_needless(tmp_path: Path) -> None:
    (finding,) = checked(tmp_path, "2030,100件,,,first,revised", "2030,100件,,,second,").findings
    assert (finding.place.line, finding.rule) == (2, "revision-changes-a-figure")
    assert "no document before it" in finding.message.en


def test_a_revision_is_compared_with_the_last_print_of_each_figure(tmp_path: Path) -> None:
    rows = ("2030,100件,,80件,first,", "2030,110件,,,second,revised")
    assert found(checked(tmp_path, *rows, "2030,110件,,90件,third,revised")) == []
    assert found(checked(tmp_path, *rows, "2030,110件,,80件,third,revised")) == [(4, "revision-changes-a-figure")]


def test_a_revision_that_cannot_be_read_is_reported_once(tmp_path: Path) -> None:
    assert found(checked(tmp_path, "2030,100件,,,first,", "2030,many,,,second,revised")) == [(3, "figure-is-readable")]


def test_the_outcome_of_the_rule_on_revisions_counts_revised_rows_only(tmp_path: Path) -> None:
    made = checked(tmp_path, "2030,100件,,,first,", "2030,110件,,,second,revised", "2030,110件,,,third,revised")
    (outcome,) = (each for each in made.outcomes["courts.caseload"] if each.rule.id == "revision-changes-a-figure")
    assert (outcome.passed, outcome.broken, outcome.not_applicable) == (1, (2,), 1)


def test_the_revision_column_takes_its_codes_only_and_may_be_absent_or_blank(tmp_path: Path) -> None:
    assert found(checked(tmp_path, "2030,100件,,,first,maybe")) == [(2, "code-is-known")]
    text = "area,period,court,received,source,section\n330200,2030,all,100件,first,1\n"
    project = published(tmp_path / "without", {"courts.caseload": text})
    assert check(project, PACKAGE.entries(), date(2034, 1, 1), whole=True, cite=False).findings == []


def test_growth_leads_from_the_revised_level_in_the_documents_that_knew_of_it(tmp_path: Path) -> None:
    """800件 and 25% make 1000件, which a year later is 1100件, from which 10% make 1210件."""
    rows = ("2029,800件,,,first,", "2030,1000件,+25.0%,,first,", "2030,1100件,,,second,revised")
    assert found(checked(tmp_path, *rows, "2031,1210件,+10.0%,,second,")) == []
    assert found(checked(tmp_path, *rows, "2031,1210件,+21.0%,,second,")) == [(5, "growth-leads-from-the-year-before")]


def test_a_document_from_before_the_revision_is_held_to_the_first_print(tmp_path: Path) -> None:
    """Counts of 2029 are revised in a document that the one of 2030 could not know."""
    rows = ("2029,800件,,,first,", "2029,900件,,,third,revised", "2030,1000件,+25.0%,,second,")
    assert found(checked(tmp_path, *rows)) == []


def test_a_document_from_before_the_first_print_is_held_to_the_first_print(tmp_path: Path) -> None:
    rows = ("2029,800件,,,second,", "2029,900件,,,third,revised")
    assert found(checked(tmp_path, *rows, "2030,1000件,+25.0%,,first,")) == []
    assert found(checked(tmp_path, *rows, "2030,900件,+25.0%,,first,")) == [(4, "growth-leads-from-the-year-before")]


def test_documents_are_in_order_of_publication_and_those_without_a_date_follow_their_period() -> None:
    def source(name: str, day: str = "", period: str = "") -> SourceRecord:
        return SourceRecord(
            **dict.fromkeys(SourceRecord.__dataclass_fields__, "") | {"id": name, "published_on": day, "period": period}
        )

    listed = [
        source("undated", period="2030"),
        source("in-january", "2031-01-20", "2030"),
        source("half-year", period="2030-H1"),
        source("same-day", "2031-01-20", "2030"),
        source("unknown"),
    ]
    assert list(publication_order(listed)) == ["unknown", "half-year", "undated", "in-january", "same-day"]


class Parts(Table, zh="构成"):
    """Made-up parts of a whole. One row per area, period, kind and source."""

    kind: Category = label("类别", "kind", codes="patent_types")
    valid: Count = figure("有效量", "valid", "件", optional=True)
    lapsed: Count = figure("失效量", "lapsed", "件", optional=True)


def sums(root: Path, *rows: str) -> dict[int, float | None]:
    """Give the sum of inventions and designs that each row finds."""
    text = "area,period,kind,valid,lapsed,source,section,revision\n" + "".join(f"330200,2030,{row}\n" for row in rows)
    entry = Entry("made.parts", Parts, lambda frame: frame)
    tables = parsed_tables(published(root, {"made.parts": text}), [entry])
    cell = rules.total_over("kind", "valid", "invention", "design")
    values = evaluation_of(tables).binding("made.parts", cell).taken().value
    return {row: None if math.isnan(value) else value for row, value in enumerate(values.tolist())}


PARTS = ("invention,60件,,first,1,", "design,40件,,first,1,")


def test_a_sum_of_which_a_part_was_revised_holds_no_longer(tmp_path: Path) -> None:
    """The revising document prints one part only, so that it has no sum, and the sum of the first is out of date."""
    assert sums(tmp_path, *PARTS, "design,50件,,second,1,revised") == {0: 100.0, 1: 100.0, 2: None}


def test_a_sum_is_of_the_revised_parts_where_a_document_reprints_them_all(tmp_path: Path) -> None:
    revised = ("design,50件,,second,1,revised", "invention,60件,,second,1,")
    assert sums(tmp_path, *PARTS, *revised) == {0: 100.0, 1: 100.0, 2: 110.0, 3: 110.0}


def test_a_revision_that_leaves_a_figure_blank_leaves_it_as_it_was(tmp_path: Path) -> None:
    assert sums(tmp_path, *PARTS, "design,,7件,second,1,revised") == {0: 100.0, 1: 100.0, 2: 100.0}


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Any:
    rows = ("2030,1000件,,,first,", "2030,1100件,,,second,revised", "2030,1100件,,,third,", "2031,1.5万件,,,third,")
    text = HEADER + "".join(
        f"330200,{period},all,{','.join(cells)},1,{revision}\n" for period, *cells, revision in map(split, rows)
    )
    path = warehouse(published(tmp_path_factory.mktemp("revised"), {"courts.caseload": text}))
    return lambda sql: query(path, sql)


def test_the_warehouse_holds_every_print_and_says_which_rows_revise(ask: Any) -> None:
    assert ask("SELECT published, source FROM core.figure WHERE period = '2030' ORDER BY source").rows() == [
        ("1000件", "first"),
        ("1100件", "second"),
        ("1100件", "third"),
    ]
    assert ask("SELECT * FROM core.revision").rows() == [("courts.caseload", "330200:2030:all:second", "second", "revised", 1)]
    assert "revision" not in ask("SELECT * FROM courts.caseload").columns


def test_reports_show_the_latest_vintage(ask: Any) -> None:
    latest = ask("SELECT published, source FROM report.bulletin WHERE is_latest AND period = '2030'")
    assert latest.rows() == [("1100件", "third")]


def test_a_report_shows_each_revision_beside_what_was_printed_before(ask: Any) -> None:
    revised = ask("SELECT * FROM report.revisions")
    row = revised.select("source", "source_before", "published", "published_before", "change", "is_changed", "is_latest").row(0)
    assert row == ("second", "first", "1100件", "1000件", 100.0, True, False)
    assert revised.height == 1
    assert revised.get_column("change_pct").item() == pytest.approx(10)


def test_a_period_may_be_written_in_two_ways(tmp_path: Path) -> None:
    assert found(checked(tmp_path, "2030-H1,100件,,,first,", "2030-01/2030-06,120件,,,second,")) == [(3, "sources-agree")]


def test_frames_know_the_order_of_documents(tmp_path: Path) -> None:
    table = checked(tmp_path, "2030,100件,,,third,", "2030,100件,,,first,").tables["courts.caseload"]
    assert table.frame.select(pl.col("source__order").arg_sort()).to_series().to_list() == [1, 0]
