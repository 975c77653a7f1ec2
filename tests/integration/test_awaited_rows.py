"""A table whose file has a header and no rows is no fault; what else is wrong with a file is."""

from __future__ import annotations

from pathlib import Path

from commands import etl
from second_city import CASELOAD, filled, made, write


def test_a_header_without_rows_is_reported_and_passes_no_rule(tmp_path: Path) -> None:
    root = made(tmp_path / "city")
    assert etl(root, "run").exit_code == 0
    rows = "SELECT rows_read, rows_loaded FROM quality.load WHERE table_name = 'caseload'"
    asked = "SELECT sum(passed + failed + not_applicable), max(not_run) FROM quality.result WHERE address = 'courts.caseload'"
    for query, said in ((rows, "0,0"), (asked, "0,")):
        ran = etl(root, "sql", query, "--format", "csv")
        assert ran.stdout.splitlines()[1].startswith(said), ran.output


def test_figures_that_are_cited_are_missed_where_only_the_header_of_their_table_is_left(tmp_path: Path) -> None:
    project = filled(tmp_path / "city")
    write(project.root, {"raw/courts/caseload.csv": CASELOAD.partition("\n")[0] + "\n"})
    ran = etl(project, "check", "--lang", "en")
    assert ran.exit_code == 1
    assert ran.stdout.count("error[figures-are-all-taken] courts.caseload.") == 6


def test_a_header_that_lacks_a_column_and_an_empty_file_stay_errors(tmp_path: Path) -> None:
    root = made(tmp_path / "city")
    write(root, {"raw/courts/benches.csv": "area,base_courts,circuit_points,source,section\n", "raw/courts/backlog.csv": ""})
    ran = etl(root, "check", "--lang", "en", "--domain", "courts")
    assert ran.exit_code == 2
    assert "raw/courts/benches.csv:1:1: error[column-is-present] the column period" in ran.stdout
    assert "raw/courts/backlog.csv:1:1: error[file-has-rows] the file is empty" in ran.stdout
