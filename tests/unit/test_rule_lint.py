"""The lint of the rules: each kind of unsound rule, made up, is named with its file, class and rule; the real ones are sound."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from typing import Any

import narwhals.stable.v1 as nw
import pytest
from made_rules import TYPES, entry, found, of_type

from etl.catalogue import PACKAGE, Entry
from etl.errors import ProjectError
from etl.gate.check import check
from etl.project import Project
from etl.rules.lint import KINDS, lint
from etl.rules.report import as_json, as_markdown, as_text, lint_report
from schemas import rules
from schemas.constraints import Constraint
from schemas.models import Count, Table, figure, rule

PART_OF_WHOLE = rules.within("part", "whole")

UNSOUND: dict[str, tuple[str, Constraint, str]] = {
    "table": ("names-unknown-table", rules.within("part", rules.other_table("made.othr.cases", court="all")), "'made.other'"),
    "column": ("names-unknown-column", rules.within("prat", "whole"), "Did you mean 'part'?"),
    "column of another table": (
        "names-unknown-column",
        rules.within("part", rules.other_table("made.other.whole", court="all")),
        "",
    ),
    "label for a figure": ("names-unknown-column", rules.within("part", "period"), "made.table.period"),
    "column of a condition": ("names-unknown-column", PART_OF_WHOLE.where(nw.col("cort") == "all", "cort"), "made.table.cort"),
    "category": ("names-unknown-column", rules.within("part", rules.row("part", court="all")), "made.table.court"),
    "category of a sum": ("names-unknown-column", rules.equal("part", rules.total_over("kind", "part", "a")), "made.table.kind"),
    "category of first rows": ("names-unknown-column", rules.on_first_row_of(PART_OF_WHOLE, "kind"), "made.table.kind"),
    "code": ("names-unknown-code", rules.within("part", rules.row("part", patent_type="al")), "Did you mean 'all'?"),
    "code of a sum": ("names-unknown-code", rules.equal("part", rules.total_over("patent_type", "part", "desing")), "'design'"),
    "open": ("leaves-category-open", rules.within("part", rules.other_table("made.other.cases")), "any court"),
    "unread": ("cannot-be-evaluated", PART_OF_WHOLE.where(nw.col("patent_type") > "a"), "patent_type"),
    "no figure": ("can-never-fail", rules.equal(1, 2), "no figure"),
    "same sides": ("can-never-fail", rules.equal(rules.total("part", "whole"), rules.total("whole", "part")), "the same"),
    "same row": ("can-never-fail", of_type(rules.within("part", rules.row("part", patent_type="all")), "all"), "the same"),
    "no such code": ("can-never-fail", of_type(PART_OF_WHOLE, "invetion"), "no code"),
    "every code": ("can-never-fail", rules.condition(nw.col("patent_type") != "x", "patent_type"), "every code"),
    "false condition": ("can-never-hold", rules.condition(nw.col("patent_type") == "x", "patent_type"), "no code"),
    "blank input": ("can-never-run", PART_OF_WHOLE.where(nw.col("whole").is_null(), "whole"), "blank"),
    "blank required": ("can-never-run", rules.within("whole", "mean").where(nw.col("part").is_null(), "part"), "blank"),
    "no parent": (
        "can-never-run",
        rules.within("part", rules.parent_area("part")).where(nw.col("area") == "100000", "area"),
        "no area around",
    ),
    "code twice": ("can-never-run", rules.equal("part", rules.total_over("patent_type", "whole", "design", "design")), "twice"),
}

SOUND: dict[str, Constraint] = {
    "a part": PART_OF_WHOLE,
    "another row": rules.within("part", rules.row("part", patent_type="all")),
    "another table": rules.within("part", rules.other_table("made.other.cases", court="all")),
    "a condition of codes": of_type(PART_OF_WHOLE, "invention"),
    "a condition of a blank": rules.within("part", "mean").where(nw.col("whole").is_null(), "whole"),
    "a condition of a number that is not tried": PART_OF_WHOLE.where(nw.col("whole") == 7, "whole"),
    "a condition of periods": PART_OF_WHOLE.where(nw.col("period") >= "2020", "period"),
    "a bound in a condition": PART_OF_WHOLE.where(nw.col("whole__low") > 7, "whole"),
    "first rows": rules.on_first_row_of(rules.equal(rules.total_over("patent_type", "share_pct", *TYPES), 100), "patent_type"),
    "the year before": rules.within("part", rules.year_before("part")),
}


@pytest.mark.parametrize(("kind", "constraint", "detail"), UNSOUND.values(), ids=UNSOUND)
def test_an_unsound_rule_is_named_with_its_kind_file_class_and_rule(kind: str, constraint: Constraint, detail: str) -> None:
    (problem,) = found(entry(constraint))
    assert (problem.kind, problem.severity, problem.address, problem.rule) == (kind, "error", "made.table", "a-rule")
    line = problem.line("en")
    assert line.startswith(f"schemas/made.py: Made.a_rule: error[{kind}] {KINDS[kind].en}: ")
    assert detail in line
    assert KINDS[kind].zh in problem.line("zh")


@pytest.mark.parametrize("constraint", SOUND.values(), ids=SOUND)
def test_a_sound_rule_passes(constraint: Constraint) -> None:
    assert found(entry(constraint)) == []


SAME: dict[str, tuple[Constraint, Constraint]] = {
    "the sides of an equation": (rules.equal("part", "whole"), rules.equal("whole", "part")),
    "the terms of a sum": (
        rules.within("part", rules.total("whole", "share_pct", "mean")),
        rules.within("part", rules.term("mean") + rules.total("share_pct", "whole")),
    ),
    "the codes of a sum": (
        rules.equal("part", rules.total_over("patent_type", "part", "design", "invention")),
        rules.equal(rules.total_over("patent_type", "part", "invention", "design"), "part"),
    ),
    "conditions of the same codes": (
        of_type(PART_OF_WHOLE, *TYPES),
        PART_OF_WHOLE.where(nw.col("patent_type") != "all", "patent_type"),
    ),
    "conditions of figures": (
        rules.within("part", "mean").where(nw.col("whole").is_null(), "whole"),
        rules.within("part", "mean").where(nw.col("whole").is_null(), "whole"),
    ),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_a_rule_that_says_what_another_says_doubles_it(one: Constraint, other: Constraint) -> None:
    (problem,) = found(entry(one, other))
    assert (problem.kind, problem.rule) == ("doubles-another", "b-rule")
    assert "made.table a-rule" in problem.detail.en


@pytest.mark.parametrize(
    "other",
    [
        rules.within("whole", "part"),
        of_type(PART_OF_WHOLE, "design"),
        rules.within("part", rules.row("whole", patent_type="all")),
        PART_OF_WHOLE.where(nw.col("share_pct") > 1, "share_pct"),
    ],
    ids=["reversed", "of some rows", "of another row", "of other figures"],
)
def test_a_rule_that_says_less_more_or_something_else_doubles_nothing(other: Constraint) -> None:
    assert found(entry(PART_OF_WHOLE, other)) == []


def test_two_tables_that_each_say_that_they_agree_double_each_other() -> None:
    class Mirror(Table, zh="镜像"):
        """Made up."""

        cases: Count = figure("案件", "cases", "件")

        @rule(zh="两处一致")
        def cases_agree(cls: Any) -> Constraint:
            """Made up."""
            return rules.equal("cases", rules.other_table("made.image.cases"))

    class Image(Table, zh="镜像"):
        """Made up."""

        cases: Count = figure("案件", "cases", "件")

        @rule(zh="两处一致")
        def cases_agree(cls: Any) -> Constraint:
            """Made up."""
            return rules.equal("cases", rules.other_table("made.mirror.cases"))

    (problem,) = lint((Entry("made.mirror", Mirror, lambda rows: rows), Entry("made.image", Image, lambda rows: rows)))
    assert (problem.kind, problem.address, problem.detail.en) == (
        "doubles-another",
        "made.image",
        "it says what made.mirror cases-agree says",
    )


def test_a_check_refuses_unsound_rules_before_it_reads_a_file(project: Callable[..., Project]) -> None:
    made = project({})
    made.raw("made.table").parent.mkdir()
    made.raw("made.table").write_bytes(b"\xff")
    with pytest.raises(ProjectError, match=r"schemas/made\.py: Made\.a_rule: error\[names-unknown-column\]") as refused:
        check(made, (entry(rules.within("prat", "whole")),), date(2026, 1, 1), whole=True)
    assert refused.value.exit_code == 2


# The rules of the package


def test_the_rules_of_the_package_are_sound() -> None:
    report = lint_report(PACKAGE.entries())
    assert report.is_sound, report.problems
    assert lint(PACKAGE.entries()) == ()
    assert "are sums and differences, and were solved together" in as_text(report, "en")


def test_without_the_solver_the_report_says_what_was_not_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy", None)
    report = lint_report((entry(PART_OF_WHOLE),))
    assert report.is_sound
    first, last = as_text(report, "en").splitlines()
    assert first.startswith("not looked for, as scipy is not installed")
    assert last == "1 rules: nothing to mend"


def test_a_report_with_errors_is_not_sound_and_leaves_the_systems_out() -> None:
    unsound = (entry(rules.within("prat", "whole")),)
    report = lint_report(unsound)
    assert not report.is_sound
    first, second, last = as_markdown(report, "zh").splitlines()
    assert first.startswith("- schemas/made.py: Made.a_rule: error[names-unknown-column] 引用了不存在的列：")
    assert second.startswith("- 已有错误")
    assert last == "- 1 条规则：1 个错误，0 条提示"
    assert '"kind": "names-unknown-column"' in as_json(report, "en")
