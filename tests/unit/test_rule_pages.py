"""What `etl rule` says: every rule is listed and explained, and what is said to break it does."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import narwhals.stable.v1 as nw
import pytest
from click.testing import CliRunner
from made_rules import OTHER, entry, of_type

from etl.catalogue import PACKAGE, Catalogue, Entry
from etl.cli import main
from etl.formats import writer
from etl.gate.check import check
from etl.project import Project
from etl.reporters import rule_pages
from etl.rules.examples import breaking
from etl.rules.words import cell_words, condition_words
from schemas import rules
from schemas.builtin_register_rules import REGISTER_RULES
from schemas.builtin_rule_examples import EXAMPLES
from schemas.builtin_rules import BUILTIN_RULES
from schemas.constraints import Constraint
from schemas.models import Amount, Count, Share, Table, figure
from schemas.models import rules as rules_of
from schemas.registers import declared_rules

MakeProject = Callable[..., Project]
DECLARED = [(each, declared) for each in PACKAGE.entries() for declared in rules_of(each.model)]
MODELS = {each.address: each.model for each in (*PACKAGE.entries(), OTHER)}


class Cases(Table, zh="案件"):
    """Made up. One row per area, period and source."""

    cases: Count = figure("案件", "cases", "件")
    share_pct: Share = figure("占比", "share", "%", optional=True)


CASES = Entry("made.cases", Cases, lambda rows: rows)


def listed_rules(catalogue: Catalogue, domain: str | None, style: str, language: str) -> str:
    text: str = writer(style, "rules")(rule_pages.rule_summaries(catalogue, domain), language)
    return text


def rule_page(catalogue: Catalogue, rule_id: str, style: str, language: str) -> str:
    text: str = writer(style, "rule")(rule_pages.rule_page(catalogue, rule_id), language)
    return text


def etl_rule(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["rule", *arguments])
    return result.exit_code, result.output


def test_every_builtin_rule_has_an_example() -> None:
    assert set(EXAMPLES) == {builtin.id for builtin in BUILTIN_RULES}


@pytest.mark.parametrize("rule_id", EXAMPLES)
def test_the_example_of_a_builtin_rule_breaks_it(project: MakeProject, rule_id: str) -> None:
    made = project({})
    for file, content in EXAMPLES[rule_id].items():
        path = made.root / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    is_of_documents = any(file.startswith("raw/sources/") for file in EXAMPLES[rule_id])
    findings = check(Project(made.root), (CASES,), date(2026, 1, 1), whole=True, cite=is_of_documents).findings
    assert rule_id in {finding.rule for finding in findings}
    if not rule_id.startswith("waiver-") and rule_id not in {"figures-are-all-taken", "column-is-present"}:
        assert {finding.rule for finding in findings} == {rule_id}


@pytest.mark.parametrize(("declaring", "declared"), DECLARED, ids=[f"{e.address} {r.id}" for e, r in DECLARED])
def test_each_declared_rule_has_figures_that_break_it(declaring: Entry, declared: Any) -> None:
    example = breaking(declared.constraint, declaring.address, MODELS)
    assert example is not None
    assert set(example.printed) == set(declared.constraint.cells())
    assert all(text in example.message.en for texts in example.printed.values() for text in texts)


def test_a_figure_of_a_column_in_ten_thousands_is_made_up_in_its_unit() -> None:
    class Values(Table, zh="案值"):
        """Values. One row per area, period and source."""

        value_yuan: Amount = figure("案值", "value", "万元")
        fines_yuan: Amount = figure("罚款", "fines", "万元", optional=True)

    example = breaking(rules.within("fines_yuan", "value_yuan"), "made.values", {"made.values": Values})
    assert example is not None
    assert all(text.endswith("亿元") for texts in example.printed.values() for text in texts)
    assert "万元" not in example.message.en


def test_figures_are_solved_for_and_put_outside_what_would_hold() -> None:
    example = breaking(rules.equal("whole", rules.total("part", "mean")), "made.table", {"made.table": entry().model})
    assert example is not None
    assert {cell.column: texts for cell, texts in example.printed.items()} == {
        "whole": ("141件",),
        "part": ("100件",),
        "mean": ("12.5件",),
    }
    assert example.message.en == "141件 = 100件 + 12.5件 does not hold: 112.45件..112.55件 expected for whole"
    assert example.message.zh == "141件 = 100件 + 12.5件 不成立：总量（whole）应为 112.45件..112.55件"


def test_a_claim_that_nothing_breaks_has_no_example() -> None:
    model = entry().model
    assert breaking(rules.within("share_pct", 1000), "made.table", {"made.table": model}) is None
    assert breaking(rules.condition(of_type(rules.within(1, 2), "all").condition, "patent_type"), "made.table", {}) is None  # type: ignore[arg-type]


def test_the_list_names_every_rule_and_table() -> None:
    listed = listed_rules(PACKAGE, None, "text", "en").splitlines()
    of_registers = {(rule.id, rule.severity) for each in PACKAGE.registers() for rule in declared_rules(each.model)}
    declared_once = {(declared.id, declared.severity) for _, declared in DECLARED} | of_registers
    assert len(listed) == len(BUILTIN_RULES) + len(REGISTER_RULES) + len(declared_once)
    assert "error[key-is-unique] every table: Key is unique" in listed
    for declaring, declared in DECLARED:
        (line,) = [line for line in listed if line.startswith(f"{declared.severity}[{declared.id}] ")]
        assert declaring.address in line


def test_the_list_of_a_domain_has_what_its_tables_declare() -> None:
    listed = json.loads(listed_rules(PACKAGE, "customs", "json", "en"))
    of_tables = dict.fromkeys(declared.id for each in PACKAGE.entries("customs") for declared in rules_of(each.model))
    assert [each["id"] for each in listed] == list(of_tables)
    assert [*of_tables][:2] == ["consignments-hold-goods", "filed-are-among-the-leads"]
    assert listed[0]["tables"] == ["customs.seizures"]
    assert (
        listed_rules(PACKAGE, "customs", "text", "zh")
        .splitlines()[0]
        .startswith("error[consignments-hold-goods] customs.seizures：查扣")
    )
    table = listed_rules(PACKAGE, "customs", "markdown", "en").splitlines()
    assert table[2] == "| `consignments-hold-goods` | error | customs.seizures | Consignments hold goods |"


PAGE = """\
warning[products-do-not-fall] Products do not fall

Severity: warning
Tables: finance.insurance, finance.securitisation

finance.insurance (schemas/finance.py: Insurance)
  products@year_before ≤ products
    products@year_before: insurance products launched so far, a year before (款)
    products: insurance products launched so far (款)
  Why: Insurance products launched so far can only become more, unless they are counted in another way than a year before.
  Broken by, in made-up figures: 120款 ≤ 96款 does not hold: ≥ 120款 expected for products

finance.securitisation (schemas/finance.py: Securitisation)
  products@year_before ≤ products
    products@year_before: securities issued so far, a year before (单)
    products: securities issued so far (单)
  Why: Securities issued so far can only become more, unless they are counted in another way than a year before.
  Broken by, in made-up figures: 120单 ≤ 96单 does not hold: ≥ 120单 expected for products

To accept a finding: etl waive 'FILE:LINE:COLUMN[products-do-not-fall]' --reason '…'
"""


def test_a_page_says_why_where_how_and_what_to_do() -> None:
    assert etl_rule("products-do-not-fall", "--lang", "en") == (0, PAGE)


def test_a_page_in_chinese_has_the_chinese_statement_meanings_and_message() -> None:
    code, page = etl_rule("filed-are-among-the-leads", "--lang", "zh")
    assert code == 0
    assert page.startswith("error[filed-are-among-the-leads] 立案移交数不多于通报线索数\n")
    for text in (
        "严重程度：错误",
        "适用范围：customs.leads",
        "不成立：",
        "如何豁免：etl waive 'raw/customs/leads.csv:行:列",
    ):
        assert text in page


def test_a_page_names_the_source_and_the_rows() -> None:
    assert "Source: N. J. L. Brown & J. A. J. Heathers, The GRIM Test" in rule_page(PACKAGE, "part-of-whole-cases", "text", "en")
    assert "Only where: patent_type is all" in rule_page(PACKAGE, "types-sum-to-all", "text", "en")
    assert "Only where: pending_at_start is blank" in rule_page(PACKAGE, "closed-are-within-received", "text", "en")
    assert "仅限：patent_type 为 all" in rule_page(PACKAGE, "types-sum-to-all", "text", "zh")


def test_the_page_of_a_builtin_rule_shows_files_that_break_it() -> None:
    page = rule_page(PACKAGE, "count-is-whole", "text", "en")
    assert "  raw/made/cases.csv\n    area,period,cases,share_pct,source,section\n    330200,2025,7.5件,40%,example-a,1\n" in page
    assert "Tables: every table" in page
    assert "not possible" in rule_page(PACKAGE, "waiver-is-current", "text", "en")


@pytest.mark.parametrize("rule_id", ["types-sum-to-all", "sources-agree", "part-of-whole-cases"])
def test_a_page_is_data_and_markdown_too(rule_id: str) -> None:
    page = json.loads(rule_page(PACKAGE, rule_id, "json", "en"))
    assert page["id"] == rule_id
    assert bool(page["declared"]) != bool(page["example"])
    for each in page["declared"]:
        assert set(each["broken_by"]) == {figure["figure"] for figure in each["figures"]}
    text = rule_page(PACKAGE, rule_id, "markdown", "en")
    assert text.startswith(f"# `{rule_id}`\n\n**{page['statement']['en']}**\n\n- ")
    assert all(f"\n## {each['tables'][0]}\n" in text for each in page["declared"])
    assert text.count("```") == 2 * len(page["example"])


def test_an_unknown_rule_is_refused_with_the_nearest() -> None:
    code, output = etl_rule("part-of-whole-case")
    assert (code, output) == (2, "Error: No rule 'part-of-whole-case'. Did you mean 'part-of-whole-cases'?\n")
    code, output = etl_rule("--domain", "court")
    assert (code, output) == (2, "Error: No domain 'court'. Did you mean 'courts'?\n")
    assert etl_rule("sources-agree", "--lint")[0] == 2


def test_the_lint_of_the_rules_tells_what_follows_from_what() -> None:
    code, output = etl_rule("--lint", "--lang", "en")
    assert code == 0
    assert "schemas/courts.py: Caseload.closed_are_received_or_carried_over: information[follows-from-others]" in output
    assert f"{len(DECLARED)} rules: 0 errors" in output.splitlines()[-1]
    report = json.loads(etl_rule("--lint", "--format", "json")[1])
    assert (report["is_sound"], report["left_out"]) == (True, None)
    assert {problem["severity"] for problem in report["problems"]} == {"information"}


SELECTED: dict[str, tuple[Any, str, str]] = {
    "year before": (rules.year_before("part"), "part, a year before", "部分，上年同期"),
    "span before": (rules.previous_period("part"), "part, of the span before", "部分，上一时期"),
    "enclosing": (rules.parent_area("part"), "part, of the area that encloses the row's own", "部分，上级地区"),
    "row": (rules.row("part", patent_type="all"), "part, where patent_type is all", "部分，patent_type 为 all"),
    "elsewhere": (rules.other_table("made.other.cases", court="all"), "cases, where court is all", "案件，court 为 all"),
    "sum": (
        rules.total_over("patent_type", "part", "design", "invention"),
        "part, summed over patent_type (design, invention)",
        "部分，按 patent_type 求和（design, invention）",
    ),
}


@pytest.mark.parametrize(("cell", "en", "zh"), SELECTED.values(), ids=SELECTED)
def test_a_figure_of_another_row_is_described_in_words(cell: Any, en: str, zh: str) -> None:
    words = cell_words(cell, "made.table", {"made.table": entry().model, "made.other": OTHER.model})
    assert words == {"figure": cell.name, "en": en, "zh": zh, "unit": "件"}


PART = rules.within("part", "whole")
ROWS: dict[str, Constraint] = {
    "patent_type is invention | design": of_type(PART, "invention", "design"),
    "patent_type is not all": of_type(PART, "invention", "utility_model", "design"),
    "the first of the rows that differ in patent_type only": rules.on_first_row_of(PART, "patent_type"),
    "share_pct is blank": PART.where(nw.col("share_pct").is_null(), "share_pct"),
    "share_pct is printed": PART.where(~nw.col("share_pct").is_null(), "share_pct"),
    "patent_type is all and share_pct is blank": of_type(PART.where(nw.col("share_pct").is_null(), "share_pct"), "all"),
    "rows that period decide on": PART.where(nw.col("period") > "2020", "period"),
}


@pytest.mark.parametrize(("words", "constraint"), ROWS.items(), ids=ROWS)
def test_the_rows_of_a_rule_are_described_in_words(words: str, constraint: Constraint) -> None:
    model = entry(constraint).model
    (declared,) = rules_of(model)
    told = condition_words(declared, model, PACKAGE.lists)
    assert told is not None
    assert sorted(told.en.split(" and ")) == sorted(words.split(" and "))


def test_a_rule_of_all_rows_needs_no_words() -> None:
    model = entry(PART).model
    (declared,) = rules_of(model)
    assert condition_words(declared, model, PACKAGE.lists) is None
