"""The rules are tested themselves: mutants, suspects and coverage; and what these say is what the gate would say."""

from __future__ import annotations

import csv
import random
import re
import shutil
import sys
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from paths import BENCHMARKS, ROOT
from projects import write_project

from etl.catalogue import PACKAGE
from etl.cli import main
from etl.errors import ProjectError
from etl.figures.transcription_errors import KINDS, slips
from etl.gate.check import Checked, check
from etl.mutation.coverage import coverage
from etl.mutation.mutants import CellMutant, RowMutant
from etl.mutation.mutate import MutantVerdict, mutate
from etl.mutation.scores import counted, score
from etl.project import Project
from schemas.binding import CellRef
from schemas.code_lists import PACKAGE_LISTS

sys.path.insert(0, str(BENCHMARKS))
from suspects import trials  # type: ignore[import-not-found]

SOURCE, TODAY = "ningbo-2025", date(2026, 11, 22)
FLOOR = re.compile("^FLOOR := ([0-9.]+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def checked() -> Checked:
    return check(Project(ROOT), PACKAGE.entries(), TODAY, whole=True)


@pytest.fixture(scope="module")
def verdicts(checked: Checked) -> dict[bool, list[MutantVerdict]]:
    project = Project(ROOT)
    return {cite: counted(mutate(project, checked, SOURCE, "warning", cite=cite), cite) for cite in (True, False)}


def test_with_the_citations_every_slip_is_noticed(verdicts: dict[bool, list[MutantVerdict]]) -> None:
    survivors = [each.mutant for each in verdicts[True] if not each.killers]
    assert survivors == []
    assert {each.mutant.kind for each in verdicts[True]} >= set(KINDS) - {"neighbour"}


def test_without_them_the_score_does_not_fall(verdicts: dict[bool, list[MutantVerdict]]) -> None:
    floor = FLOOR.search((ROOT / "Makefile").read_text(encoding="utf-8"))
    assert floor is not None
    assert score(verdicts[False]).percent >= float(floor[1])


@pytest.mark.parametrize("cite", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_a_verdict_on_a_mutant_is_what_the_gate_says_of_the_changed_files(
    tmp_path: Path, checked: Checked, verdicts: dict[bool, list[MutantVerdict]], cite: bool
) -> None:
    chance = random.Random(7)
    killed = [each for each in verdicts[cite] if each.killers]
    survived = [each for each in verdicts[cite] if not each.killers]
    for verdict in [*chance.sample(killed, 12), *chance.sample(survived, min(12, len(survived)))]:
        shutil.rmtree(tmp_path / "raw", ignore_errors=True)
        shutil.copytree(ROOT / "raw", tmp_path / "raw")
        project = Project(tmp_path)
        apply(project, checked, verdict.mutant)
        found = check(project, PACKAGE.entries(), TODAY, whole=True, cite=cite)
        assert (found.exit_code("warning") != 0) == bool(verdict.killers), verdict


def apply(project: Project, checked: Checked, mutant: CellMutant | RowMutant) -> None:
    """Write the mutant into the raw file of its table."""
    address = mutant.table if isinstance(mutant, RowMutant) else mutant.texts[0][0].table
    path = project.raw(address)
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    if isinstance(mutant, CellMutant):
        for ref, text in mutant.texts:
            rows[ref.row][header.index(ref.column)] = text or ""
    elif mutant.kind == "row-dropped":
        del rows[mutant.row]
    elif mutant.kind == "row-doubled":
        rows.append(rows[mutant.row])
    else:
        rows[mutant.row][header.index(mutant.column)] = mutant.text
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def test_a_row_moved_to_another_period_breaks_claims_of_its_own_table_and_of_one_that_looks_it_up(tmp_path: Path) -> None:
    caseload = "area,period,court,received,received_growth_pct,closed,source,section\n"
    insurance = "area,period,products,enterprises,cover_yuan,source,section\n"
    tables = {
        "courts.caseload": caseload + "330200,2029,all,80件,,,example-a,1\n330200,2031,all,150件,+50%,,example-a,1\n",
        "finance.insurance": insurance + "330200,2032,5款,,,example-a,1\n",
        "overseas.insurance": insurance + "330200,2031,8款,40家,800万元,example-a,1\n",
    }
    project = write_project(tmp_path, tables, ["example-a"])
    open_gate = check(project, [PACKAGE.entry(address) for address in tables], date(2034, 1, 1), whole=True, cite=False)
    tried = mutate(project, open_gate, "example-a", "error", cite=False)
    rows = [(each.mutant, each.killers) for each in tried if isinstance(each.mutant, RowMutant)]
    assert {(moved.table, moved.row, moved.text): killers for moved, killers in rows if moved.column == "period"} == {
        ("courts.caseload", 0, "2028"): (),
        ("courts.caseload", 1, "2030"): ("growth-leads-from-the-year-before",),
        ("finance.insurance", 0, "2031"): ("products-are-among-those-of-all-insurance",),
        ("overseas.insurance", 0, "2030"): (),
    }


def test_a_project_whose_gate_is_shut_cannot_be_mutated(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "raw", tmp_path / "raw")
    project = Project(tmp_path)
    project.waivers_file.unlink()
    shut = check(project, PACKAGE.entries(), TODAY, whole=True)
    with pytest.raises(ProjectError, match="shut already"):
        list(mutate(project, shut, SOURCE, "warning", cite=True))


@pytest.mark.parametrize(
    ("text", "kind", "slip", "changed"),
    [
        ("4.40万件", "count", "digits-swapped", "4.04万件"),
        ("4.40万件", "count", "decimal-point", "44.0万件"),
        ("4.40万件", "count", "magnitude", "4.40件"),
        ("4.40万件", "count", "magnitude", "4.40亿件"),
        ("4.40万件", "count", "unit", "4.40万家"),
        ("5981件", "count", "last-digit", "5982件"),
        ("57.6%", "share", "complement", "42.4%"),
        ("+28.6%", "rate", "sign", "-28.6%"),
        ("28.6%", "rate", "sign", "-28.6%"),
        ("超七成", "share", "hedge", "七成"),
        ("超七成", "share", "last-digit", "超八成"),
    ],
)
def test_slips_are_those_of_transcribers(text: str, kind: str, slip: str, changed: str) -> None:
    found = [(each.kind, each.text) for each in slips(text, kind, PACKAGE_LISTS)]
    assert (slip, changed) in found
    assert text not in [each for _, each in found]
    assert len({each for _, each in found}) == len(found)


@pytest.mark.slow
def test_the_wrong_cell_is_named_first_where_the_relations_determine_it(checked: Checked) -> None:
    tried = list(trials(checked.tables, 60, seed=3))
    determined = [each for each in tried if each.is_determined]
    assert len(determined) >= 5
    assert sum(each.is_first for each in determined) >= 0.8 * len(determined)


def test_a_slip_is_named_in_the_finding_with_the_figure_that_was_meant(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "raw", tmp_path / "raw")
    project = Project(tmp_path)
    path = project.raw("patents.stock")
    path.write_text(path.read_text(encoding="utf-8").replace("4.40万件", "4.04万件"), encoding="utf-8")
    found = check(project, PACKAGE.entries(), TODAY, whole=True, cite=False).findings
    (finding,) = [each for each in found if each.rule == "share-is-of-all" and not each.waiver]
    first = finding.suspects[0]
    assert (first.address, first.published, first.kind, first.text) == (
        "patents.stock.valid_inventions", "4.04万件", "digits-swapped", "4.40万件",
    )  # fmt: skip


def test_coverage_names_the_figures_that_no_rule_holds(checked: Checked) -> None:
    found = coverage(checked.tables, SOURCE)
    rows = {
        address: checked.tables[address].keys.index(f"330200:2025:all:{SOURCE}")
        for address in ("patents.stock", "courts.caseload")
    }
    assert "share-is-of-all" in found.held[CellRef("patents.stock", rows["patents.stock"], "valid_inventions")]
    satisfaction = checked.tables["administration.satisfaction"].keys.index(f"330200:2025:{SOURCE}")
    assert found.held[CellRef("administration.satisfaction", satisfaction, "score")] == ()
    assert 0 < found.share() < 100
    assert found.columns["patents.stock.share_pct"]


@pytest.mark.parametrize(
    ("arguments", "exit_code"),
    [
        (["coverage", "--min", "0"], 0),
        (["coverage", "--min", "101"], 1),
        (["mutate", "--min-score", "100", "--survivors", "0"], 0),
        (["mutate", "--without", "cited", "--min-score", "99", "--format", "json"], 1),
        (["mutate", "--source", "nowhere"], 2),
    ],
)
def test_the_commands_end_with_the_verdict(arguments: list[str], exit_code: int) -> None:
    ran = CliRunner().invoke(main, [*arguments, "--project", str(ROOT)])
    assert ran.exit_code == exit_code, ran.output
