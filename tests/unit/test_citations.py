"""Double entry: cells against the ledger of their document, both ways; and waivers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from etl.catalogue import PACKAGE
from etl.documents.citations import link
from etl.findings import Finding
from etl.gate.check import check, parsed_tables
from etl.project import Project

MakeProject = Callable[..., Project]
TODAY = date(2026, 1, 1)

TABLE = (
    "area,period,court,received,closed,source,section\n"
    "330200,2025,all,60件,50件,example-a,C2\n"
    "330200,2025,ip_tribunal,50件,40件,example-a,C2\n"
)
LEDGER = "section,ordinal,offset,published,unit,hedge\nC2,1,10,60件,件,\nC2,2,20,50件,件,\nC2,3,30,50件,件,\nC2,4,40,40件,件,\n"


def cited_project(make: MakeProject, table: str = TABLE, ledger: str = LEDGER, left_out: str = "") -> Project:
    project: Project = make({"courts.caseload": table}, ["example-a"])
    project.ledger("example-a").parent.mkdir(parents=True, exist_ok=True)
    project.ledger("example-a").write_text(ledger, encoding="utf-8")
    if left_out:
        project.left_out("example-a").write_text(left_out, encoding="utf-8")
    return project


def linked_project(make: MakeProject) -> Project:
    project = cited_project(make)
    link(project, parsed_tables(project, PACKAGE.entries()))
    return project


def findings(project: Project) -> list[Finding]:
    return check(project, PACKAGE.entries(), TODAY, whole=True).findings


def rewrite(project: Project, old: str, new: str) -> None:
    path = project.raw("courts.caseload")
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_cells_without_links_and_figures_without_cells_are_findings(project: MakeProject) -> None:
    rules = [finding.rule for finding in findings(cited_project(project))]
    assert rules.count("figure-is-cited") == 4
    assert rules.count("figures-are-all-taken") == 4


def test_linking_takes_each_place_once_and_names_the_cells_that_a_person_must_check(project: MakeProject) -> None:
    made = cited_project(project)
    (linked,) = link(made, parsed_tables(made, PACKAGE.entries()))
    assert linked.linked == 4
    assert [text.split()[-2:] for text in linked.ambiguous] == [["closed", "50件"], ["received", "50件"]]
    assert linked.unmatched == []
    assert findings(made) == []


def test_linking_again_changes_nothing(project: MakeProject) -> None:
    made = linked_project(project)
    before = made.taken("example-a").read_text(encoding="utf-8")
    link(made, parsed_tables(made, PACKAGE.entries()))
    assert made.taken("example-a").read_text(encoding="utf-8") == before


def test_a_changed_cell_is_named_with_what_the_document_prints(project: MakeProject) -> None:
    made = linked_project(project)
    rewrite(made, "60件", "61件")
    (finding,) = findings(made)
    assert finding.rule == "figure-is-cited"
    assert str(finding.place) == "raw/courts/caseload.csv:2:17"
    assert finding.message.en == "61件, but example-a C2:1 prints 60件"


def test_two_cells_exchanged_are_both_named(project: MakeProject) -> None:
    made = linked_project(project)
    rewrite(made, "60件,50件", "50件,60件")
    assert sum(finding.rule == "figure-is-cited" for finding in findings(made)) == 2


def test_a_row_moved_to_another_key_loses_its_links_and_leaves_figures_uncited(project: MakeProject) -> None:
    made = linked_project(project)
    rewrite(made, "330200,2025,all", "330200,2024,all")
    rules = sorted(finding.rule for finding in findings(made))
    assert rules == ["figure-is-cited"] * 2 + ["figures-are-all-taken"] * 2


def test_an_excluded_figure_needs_no_cell_and_may_have_none(project: MakeProject) -> None:
    left_out = "section,ordinal,offset,published,reason\nC2,5,50,7家,of another city\n"
    made = cited_project(project, ledger=LEDGER + "C2,5,50,7家,家,\n", left_out=left_out)
    link(made, parsed_tables(made, PACKAGE.entries()))
    assert findings(made) == []
    made.left_out("example-a").write_text(left_out + "C2,1,10,60件,by mistake\n", encoding="utf-8")
    assert [finding.rule for finding in findings(made)] == ["figures-are-all-taken"]


def test_a_cell_in_another_section_than_its_figure_is_a_finding(project: MakeProject) -> None:
    made = linked_project(project)
    rewrite(made, "50件,40件,example-a,C2", "50件,40件,example-a,C1")
    assert [finding.rule for finding in findings(made)] == ["figure-is-cited"] * 2


WAIVERS = "rule,table,row_key,column,reason,author,accepted_on,expires_on\n"
WAIVER = (
    "figure-is-cited,courts.caseload,330200:2025:all:example-a,received,the page was corrected later,A. Person,2025-12-01,{}\n"
)


def test_a_waived_finding_does_not_shut_the_gate_and_keeps_its_reason(project: MakeProject) -> None:
    made = linked_project(project)
    rewrite(made, "60件", "61件")
    made.waivers_file.write_text(WAIVERS + WAIVER.format(""), encoding="utf-8")
    checked = check(made, PACKAGE.entries(), TODAY, whole=True)
    assert checked.exit_code("error") == 0
    assert [finding.waiver for finding in checked.findings] == ["the page was corrected later"]
    assert checked.rejected_rows("courts.caseload") == frozenset()


def test_a_waiver_that_accepts_nothing_or_has_expired_is_a_finding(project: MakeProject) -> None:
    made = linked_project(project)
    made.waivers_file.write_text(WAIVERS + WAIVER.format("2026-01-01"), encoding="utf-8")
    assert [(finding.rule, str(finding.place)) for finding in findings(made)] == [("waiver-is-needed", "raw/waivers.csv:2:1")]
    rewrite(made, "60件", "61件")
    made.waivers_file.write_text(WAIVERS + WAIVER.format("2025-12-31"), encoding="utf-8")
    assert sorted(finding.rule for finding in findings(made)) == ["figure-is-cited", "waiver-is-current"]


def test_an_unreadable_file_is_one_finding_and_its_figures_are_not_reported_missing(project: MakeProject) -> None:
    made = linked_project(project)
    made.raw("courts.caseload").write_bytes(b"\xff\xfe\xff")
    assert [finding.rule for finding in findings(made)] == ["file-is-readable"]


def test_a_table_without_sections_is_reported_once_and_not_for_each_figure(project: MakeProject) -> None:
    """That its column is missing is said already; where its figures stand in their documents cannot be asked."""
    linked = cited_project(project)
    link(linked, parsed_tables(linked, PACKAGE.entries()))
    without = "".join(line.rpartition(",")[0] + "\n" for line in TABLE.splitlines())
    linked.raw("courts.caseload").write_text(without, encoding="utf-8")
    found = [each for each in check(linked, PACKAGE.entries(), TODAY, whole=True).findings if each.table == "courts.caseload"]
    assert [(each.rule, each.column) for each in found] == [("column-is-present", "")]
