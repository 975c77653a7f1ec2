"""What several documents print and no table has is listed, and becomes a table by `etl new`."""

from __future__ import annotations

import csv
from pathlib import Path

from commands import etl
from projects import write_project

from etl.files import replace_csv
from etl.intake.proposals import PROPOSAL_COLUMNS
from etl.project import Project


def entered(project: Project, year: int, text: str) -> None:
    """Enter a document of which every figure is left out."""
    document, table = project.root / "next.txt", project.root / "proposals.csv"
    document.write_text(f"{year}年宁波市知识产权状况\n一、服务\n{text}\n", encoding="utf-8")
    options = (str(document), "--source", f"ningbo-{year}")
    assert etl(project, "fill", *options, "-o", str(table)).exit_code == 0
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    for row in rows:
        row.update({"table": "", "row_key": "", "column": "", "class": "none", "reason": "no table yet"})
    replace_csv(table, PROPOSAL_COLUMNS, [list(row.values()) for row in rows])
    ran = etl(project, "fill", *options, "--apply", str(table), "--by", "A. Person")
    assert ran.exit_code == 0, ran.output


def test_an_indicator_of_two_documents_becomes_a_table(tmp_path: Path) -> None:
    project = write_project(tmp_path, {}, sources=())
    entered(project, 2026, "全年举办知识产权培训班126场，培训人员3.6万人次。")
    entered(project, 2027, "全年举办知识产权培训班131场，发放宣传资料2.4万份。")
    table = tmp_path / "wanted.csv"

    ran = etl(project, "fill", "--wanted", "-o", str(table), "--lang", "en")

    assert ran.stdout == "举办知识产权培训班（场）: ningbo-2026, ningbo-2027 (no table yet)\n"
    assert "etl: 1 indicators" in ran.stderr
    assert table.read_text(encoding="utf-8") == "地区,时期,举办知识产权培训班（场）\n330200,2026,126场\n330200,2027,131场\n"
    made = etl(project, "new", "services.training", "--from", str(table), "--title", "知识产权培训")
    assert made.exit_code == 0, made.output


def test_without_a_document_there_is_nothing_to_fill_in(tmp_path: Path) -> None:
    ran = etl(write_project(tmp_path, {}), "fill")

    assert (ran.exit_code, "DOCUMENT" in ran.stderr) == (2, True)
