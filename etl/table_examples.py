"""Check the examples of tables: which row breaks which rule, and the mart.

`tests/examples/<domain>/<table>/given.csv` holds made-up rows as they would stand in `raw/`, and last the rules that each row
breaks; `expected.csv` the mart of the rows that are kept, of a register its months. All tables together are one made-up project,
for a rule may ask for a figure of another table; so rows of a table of the package may stand beside those of a project.
"""

from __future__ import annotations

import csv
import math
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path

import polars as pl

from etl.catalogue import PACKAGE, Catalogue
from etl.errors import ProjectError
from etl.files import listed, replace_csv
from etl.gate.check import Checked, check
from etl.project import BREAKS, EXAMPLES, EXPECTED, GIVEN, SOURCE_COLUMNS, Project
from etl.warehouse.mart_tables import mart_table
from etl.warehouse.register_tables import register_relations
from schemas.models import rules
from schemas.registers import row_rules
from schemas.texts import Language, Text

_CLOSE = 1e-9


@dataclass(frozen=True, slots=True)
class ExampleError:
    """A defect of an example, with its place."""

    file: str
    line: int
    message: Text

    def text(self, language: Language) -> str:
        """Write the fault on one line."""
        return f"{self.file}:{self.line}: {self.message.in_language(language)}"


@dataclass(frozen=True, slots=True)
class Given:
    """Rows of an example: file, header, cells, and the rules each row is to break."""

    file: str
    header: list[str]
    rows: list[list[str]]
    lines: list[int]
    breaks: list[set[str]]


def project_faults(root: Path, catalogue: Catalogue) -> list[ExampleError]:
    """Find the faults in the examples of the tables that a project declares.

    Raises:
        ProjectError: a file of them cannot be read.
    """
    if catalogue.extensions is None:
        return []
    there = catalogue.extensions.listed
    known = (*catalogue.addresses, *catalogue.register_addresses)
    with tempfile.TemporaryDirectory() as folder:
        return check_examples(root, catalogue, known, list(there.lines), Path(folder))[1]


def check_examples(
    root: Path, catalogue: Catalogue, known: Sequence[str], judged: Sequence[str], folder: Path
) -> tuple[Checked, list[ExampleError]]:
    """Check examples as the raw files of one made-up project.

    Args:
        root: the folder in which `tests/examples` is.
        catalogue: the declarations of these tables.
        known: addresses of the tables and registers whose examples are read.
        judged: those whose examples must be there and hold.
        folder: an empty folder for the made-up project.

    Returns:
        The check of the made-up project, and the faults of the examples.

    Raises:
        ProjectError: a file of the examples cannot be read.
    """
    found: list[ExampleError] = []
    given: dict[str, Given] = {}
    for address in known:
        path = root.joinpath(*EXAMPLES, *address.split("."), GIVEN)
        if path.is_file():
            given[address] = _read(path, root)
        elif address in judged:
            message = Text(f"{address} has no examples; its rules are tried on none", f"{address} 没有示例，其规则未经试验")
            found.append(ExampleError(path.relative_to(root).as_posix(), 1, message))
    project = _project(folder, given, catalogue)
    checked = check(project, catalogue.entries(), datetime.now(UTC).date(), whole=True, cite=False)
    for address in judged:
        if address in given:
            of = _of_register if address in catalogue.register_addresses else _of_table
            found += of(address, given[address], root, project, checked)
    return checked, found


def _read(path: Path, root: Path) -> Given:
    found = listed(path, (), root)
    if found.columns[-1] != BREAKS:
        raise ProjectError(
            f"{found.name}:1:1: its last column must be {BREAKS}: the rules that the row breaks, blank for none.",
            f"{found.name}:1:1: 最后一列应为 {BREAKS}：该行违反的规则，没有则留空。",
        )
    header, rows = [*found.columns[:-1]], [row[:-1] for row in found.rows]
    return Given(found.name, header, rows, [*found.lines], [set(row[-1].split()) for row in found.rows])


def _project(folder: Path, given: Mapping[str, Given], catalogue: Catalogue) -> Project:
    """Write the examples as the raw files of one project, with its sources."""
    for address, each in given.items():
        replace_csv(folder / "raw" / f"{address.replace('.', '/')}.csv", each.header, each.rows)
    sources = {row[each.header.index("source")] for each in given.values() if "source" in each.header for row in each.rows}
    replace_csv(
        folder / "raw" / "sources.csv", SOURCE_COLUMNS, ([name, *[""] * (len(SOURCE_COLUMNS) - 1)] for name in sorted(sources))
    )
    return Project(folder, given_catalogue=catalogue)


def _of_table(address: str, given: Given, root: Path, project: Project, checked: Checked) -> Iterator[ExampleError]:
    declared = {rule.id: rule.severity for rule in rules(project.catalogue.entry(address).model)}
    broken: list[set[str]] = [set() for _ in given.rows]
    for finding in checked.findings:
        # A rule that is kept if digits were cut off gives a finding too, of the mildest severity: that breaks nothing.
        if finding.table == address and finding.row is not None:
            if finding.severity == declared.get(finding.rule, "error"):
                broken[finding.row].add(finding.rule)
        elif finding.table == address:
            yield ExampleError(given.file, finding.place.line, finding.message)
    yield from _of_rows(given, broken)
    passed = {outcome.rule.id for outcome in checked.outcomes[address] if outcome.passed}
    package = {rule.id for rule in rules(PACKAGE.entry(address).model)} if address in PACKAGE.addresses else set()
    yield from _of_rules(given, [rule for rule in declared if rule not in package], passed)
    table = checked.tables[address]
    yield from _of_expected(root, given.file, mart_table(table, checked.rejected_rows(address)).rows)


def _of_register(address: str, given: Given, root: Path, project: Project, checked: Checked) -> Iterator[ExampleError]:
    from etl.registers.check import check_register  # most projects have no register of their own

    there = project.catalogue.register(address)
    found = check_register(project, there, checked.tables, checked.rejected_rows)
    if found is None:
        return
    written = list(accumulate((1 + "".join(row).count("\n") for row in given.rows), initial=2))[:-1]
    broken: dict[int, set[str]] = {line: set() for line in written}
    for finding in found.findings:
        if finding.table == address and finding.place.line:
            broken.setdefault(finding.place.line, set()).add(finding.rule)
    yield from _of_rows(given, [broken[line] for line in written])
    passed = {outcome.rule.id for outcome in found.outcomes if outcome.passed}
    package = {rule.id for rule in row_rules(PACKAGE.register(address).model)} if address in PACKAGE.register_addresses else set()
    yield from _of_rules(given, [rule.id for rule in row_rules(there.model) if rule.id not in package], passed)
    _, months = register_relations(there, found)
    yield from _of_expected(root, given.file, months.rows)


def _of_rows(given: Given, broken: Sequence[set[str]]) -> Iterator[ExampleError]:
    for line, stated, found in zip(given.lines, given.breaks, broken, strict=True):
        if stated != found:
            is_en, is_zh = (" ".join(sorted(found)) or each for each in ("nothing", "无"))
            stated_en, stated_zh = (" ".join(sorted(stated)) or each for each in ("nothing", "无"))
            yield ExampleError(
                given.file, line, Text(f"breaks {is_en}, and is to break {stated_en}", f"违反：{is_zh}；应违反：{stated_zh}")
            )


def _of_rules(given: Given, declared: Sequence[str] | Mapping[str, str], passed: set[str]) -> Iterator[ExampleError]:
    tried = set().union(*given.breaks) if given.breaks else set()
    for rule in declared:
        if rule not in tried:
            yield ExampleError(given.file, 1, Text(f"no row breaks {rule}", f"没有违反 {rule} 的行"))
        if rule not in passed:
            yield ExampleError(given.file, 1, Text(f"no row keeps {rule}", f"没有符合 {rule} 的行"))


def _of_expected(root: Path, given: str, made: pl.DataFrame) -> Iterator[ExampleError]:
    """Compare the mart made with the expected one, row by row."""
    file = given.replace(GIVEN, EXPECTED)
    path = root / file
    if not path.is_file():
        yield ExampleError(file, 1, Text("is missing: the mart of the kept rows", "缺少此文件：保留各行应得的结果"))
        return
    header, *rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines())) or [[]]
    if header != made.columns:
        columns = ",".join(made.columns)
        yield ExampleError(file, 1, Text(f"its header must be {columns}", f"表头应为 {columns}"))
        return
    if len(rows) != made.height:
        yield ExampleError(
            file, 1, Text(f"{len(rows)} rows, and {made.height} are made", f"有 {len(rows)} 行，实得 {made.height} 行")
        )
    for line, (values, texts) in enumerate(zip(made.iter_rows(), rows, strict=False), start=2):
        for name, value, text in zip(header, values, texts, strict=False):
            if not _is_same(value, text):
                yield ExampleError(
                    file,
                    line,
                    Text(
                        f"{name} is {_shown(value)}, not {text!r}",
                        f"{name} 实为{'空' if value is None else f' {value}'}，并非“{text}”",
                    ),
                )


def _is_same(value: object, text: str) -> bool:
    if value is None or text == "":
        return value is None and text == ""
    try:
        return str(value) == text or (not isinstance(value, str) and math.isclose(float(str(value)), float(text), rel_tol=_CLOSE))
    except ValueError:
        return False


def _shown(value: object) -> str:
    return "blank" if value is None else str(value)
