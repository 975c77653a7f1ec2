"""A register that a project declares itself can be generated too: its numbers, days, codes and flows follow from its model."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from commands import etl
from second_city import COMPLAINTS, FAIRS, SCHEMA, filled, write

from etl.errors import ProjectError
from etl.project import Project
from etl.synthetic.identifiers import identifier

PERMITS = '''

class Permits(
    Register,
    zh="展会许可登记簿",
    key=("permit_number",),
    flow=Flow(
        by=("fair",),
        opens="granted_on",
        closes="withdrawn_on",
        opened=CountColumn("granted", "许可", "permits granted"),
        closed=CountColumn("withdrawn", "撤回", "permits withdrawn"),
        open=CountColumn("valid", "有效", "permits in force"),
        lasts=("applied_on", "granted_on"),
        amount="fee_yuan",
    ),
    agreements=(
        reconciles_with("granted", "fairs.complaints.received", zh="许可数等于公布数", reason="Counted from the register."),
        reconciles_with("withdrawn", "fairs.complaints.settled", zh="撤回数等于公布数", reason="Counted from the register."),
        reconciles_with("valid_at_end", "fairs.complaints.received", zh="有效数等于公布数", reason="It is not planned."),
    ),
):
    """Permits of stands at fairs. One row per permit."""

    permit_number: Identifier = identifier("许可号", "permit number", pattern=r"^(PM|X)-[A-C]{2}[0-9]{7,}\\.[ab]?[0-9]{2}$")
    fair: Code = code("展会", "fair", codes="fairs")
    holder_name: Name = name("持证人", "who holds it")
    agent_name: Name = name("代理人", "who applied for it", optional=True)
    inspected_on: Day = day("检查日期", "day of inspection", optional=True)
    withdrawn_on: Day = day("撤回日期", "day of withdrawal", optional=True)
    applied_on: Day = day("申请日期", "day of application")
    granted_on: Day = day("许可日期", "day of the permit")
    reason_given: Flag = flag("是否说明理由", "whether a reason was given", optional=True)
    fee_yuan: Money = amount("费用", "fee")
    fine_yuan: Money = amount("罚款", "fine", optional=True)

    @rule(zh="许可不早于申请")
    def granted_is_not_before_applied(cls: Any) -> Constraint:
        """A permit is granted on an application."""
        return rules.not_before("granted_on", "applied_on")

    @rule(zh="撤回不早于许可")
    def withdrawn_is_not_before_granted(cls: Any) -> Constraint:
        """A permit is withdrawn after it was granted."""
        return rules.not_before("withdrawn_on", "granted_on")

    @rule(zh="撤回时说明理由")
    def reason_is_given_when_withdrawn(cls: Any) -> Constraint:
        """Whether a reason was given is known of what was withdrawn."""
        return rules.filled_together("withdrawn_on", "reason_given")

    @rule(zh="许可号年份即许可年份")
    def number_bears_the_year(cls: Any) -> Constraint:
        """Permits are numbered anew in each calendar year."""
        return rules.bears_the_year_of("permit_number", 5, "granted_on")
'''
IMPORTS = """from schemas.flows import CountColumn, Flow, reconciles_with
from schemas.registers import Code, Day, Flag, Identifier, Money, Name, Register, amount, code, day, flag, identifier, name
"""
TRANSFORM = '''

@mart()
def permits(months: pl.LazyFrame) -> pl.LazyFrame:
    """Permits by month, as they are counted."""
    return months
'''


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project of the second city with a register of its own."""
    project = filled(tmp_path_factory.mktemp("city") / "project")
    model = SCHEMA.replace("\nTITLE", f"{IMPORTS}\nTITLE") + PERMITS
    transform = (project.root / "transforms" / "fairs.py").read_text(encoding="utf-8") + "\nimport polars as pl\n" + TRANSFORM
    write(project.root, {"schemas/fairs.py": model, "transforms/fairs.py": transform})
    write(project.root, {"catalogue.txt": "fairs.complaints\nfairs.permits register\n", "raw/fairs/complaints.csv": COMPLAINTS})
    write(project.root, {"schemas/codes/fairs.csv": FAIRS + "autumn,秋季展会,the autumn fair,秋展\n"})
    return project


def test_a_register_of_a_project_is_generated_and_agrees(city: Project, tmp_path: Path) -> None:
    path = tmp_path / "permits.csv"
    options = ("--rows", "3000", "--years", "2030/2034", "--seed", "3", "-o", str(path))
    ran = etl(city, "generate", "fairs.permits", *options)
    assert ran.exit_code == 0, ran.output
    assert "agrees with 6 published figures" in ran.output
    assert "has no rows for 3 published figures: fairs.complaints.received is not planned" in ran.output
    assert "does not keep" not in ran.output
    rows = pl.read_csv(path, infer_schema=False)
    assert rows.height == rows["permit_number"].n_unique() == 3000
    assert rows["permit_number"].str.contains(r"^PM-AA20[0-9]{5,}\.[0-9]{2}$").all()
    assert rows.filter(pl.col("applied_on") > pl.col("granted_on")).is_empty()
    assert rows.filter(pl.col("withdrawn_on").is_null() != pl.col("reason_given").is_null()).is_empty()
    of_2033 = rows.filter(pl.col("area") == "990100", pl.col("granted_on").str.starts_with("2033"))
    assert (of_2033.height, of_2033.filter(fair="spring").height) == (200, 80)
    again = etl(city, "generate", "fairs.permits", *options[:-1], str(tmp_path / "again.csv"))
    assert (again.exit_code, (tmp_path / "again.csv").read_bytes()) == (0, path.read_bytes())


BY_HAND = '''
    @rule(zh="检查早于许可")
    def inspected_is_before_granted(cls: Any) -> Constraint:
        """Stands are inspected before they are permitted."""
        return rules.condition(nw.col("inspected_on") < nw.col("granted_on"), "inspected_on", "granted_on")
'''


def test_a_rule_that_is_written_by_hand_is_named_where_the_records_do_not_keep_it(city: Project, tmp_path: Path) -> None:
    path = city.root / "schemas" / "fairs.py"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace("\nTITLE", "import narwhals.stable.v1 as nw\n\nTITLE") + BY_HAND, encoding="utf-8")
    ran = etl(city, "generate", "fairs.permits", "--rows", "300", "--years", "2030/2034", "-o", str(tmp_path / "permits.csv"))
    path.write_text(before, encoding="utf-8")
    assert ran.exit_code == 0, ran.output
    assert "does not keep the rule inspected-is-before-granted, which cannot be derived from the model" in ran.output
    assert ran.output.count("does not keep") == 1


def test_figures_whose_parts_leave_no_code_for_the_others_are_left_out(city: Project, tmp_path: Path) -> None:
    path = city.root / "schemas" / "codes" / "fairs.csv"
    before = path.read_text(encoding="utf-8")
    path.write_text(FAIRS, encoding="utf-8")
    ran = etl(city, "generate", "fairs.permits", "--rows", "3000", "--years", "2030/2034", "-o", str(tmp_path / "permits.csv"))
    path.write_text(before, encoding="utf-8")
    assert "has no rows for 4 published figures: no code is left for what its parts do not count" in ran.output


def test_the_gate_finds_the_faults_of_a_generated_register_and_no_others(city: Project, tmp_path: Path) -> None:
    raw = city.root / "raw" / "fairs" / "permits.csv"
    kinds = ("end-before-start", "impossible-date", "unknown-code", "negative-amount", "duplicate-key", "blank")
    faults = ",".join(f"{kind}=2" for kind in (*kinds, "malformed-number", "wrong-year"))
    options = ("--rows", "3000", "--years", "2030/2034", "--faults", faults, "--faults-to", str(tmp_path / "faults.csv"))
    assert etl(city, "generate", "fairs.permits", *options, "-o", str(raw)).exit_code == 0
    checked = etl(city, "check", "--domain", "fairs", "--lang", "en", "--ignore", "valid-at-end-is-as-published")
    raw.unlink()
    found = {line.split(":")[1] for line in checked.output.splitlines() if line.startswith("raw/fairs/permits.csv")}
    assert found == set(pl.read_csv(tmp_path / "faults.csv", infer_schema=False)["line"]), checked.output


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"^[0-9]{6}$", "000007"),
        (r"^[A-Z]{2}/[0-9]+(?:-[0-9])?$", "AA/7"),
        (r"^\d", "not understood"),
        (r"^[^0-9]+[0-9]*号[0-9]+$", "字33号7"),
        (r"^[A-F]+$", "no digits"),
        (r"^(?=[0-9])[0-9]+$", "not understood"),
    ],
)
def test_an_identifier_is_made_of_its_pattern_or_refused(pattern: str, text: str) -> None:
    rows = pl.DataFrame({"area": ["330000"], "serial": [7]})
    try:
        assert rows.select(identifier("number", pattern, None).expression("serial")).item() == text
        assert pl.Series([text]).str.contains(pattern).all()
    except ProjectError as refused:
        assert text in str(refused)
