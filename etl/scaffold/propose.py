"""Propose a table from a handed-in file, before anything is written."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from etl.catalogue import IS_REGISTER, Catalogue
from etl.catalogue_file import TAKEN
from etl.declarations import class_name
from etl.errors import ProjectError, there_already
from etl.project import Project
from etl.scaffold.candidates import Candidate
from etl.scaffold.dry_run import DryRun
from etl.scaffold.example_rows import Examples, examples
from etl.scaffold.input_table import read_input_table
from etl.scaffold.layout import TableLayout, layout
from etl.scaffold.search import search
from etl.scaffold.standing_rules import Factors, standing_rules
from etl.scaffold.titles import Stated
from etl.scaffold.write_table import TablePaths
from schemas import models
from schemas.texts import Text

_ADDRESS = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_SOURCE = re.compile(r"[a-z0-9][a-z0-9-]*")
_OF_TRANSFORMS = frozenset({"mart", "measure", "pl", "term", "rows"})
"""Names that modules of transforms use otherwise."""


@dataclass(frozen=True)
class Proposal:
    """A table that is proposed from a file.

    Attributes:
        paths: the address of the table, and where its files go.
        source: id of the document that the file is.
        layout: its key and its figures.
        rules: the rules that hold on it.
        examples: rows that keep and break them.
        dry_run: its rows, read.
        domain_title: of its domain in Chinese, where that is new.
        factors: by which some of its figures may change in a year.
        remarks: what a person should look at.
    """

    paths: TablePaths
    source: str
    layout: TableLayout
    rules: tuple[Candidate, ...]
    examples: Examples
    dry_run: DryRun
    domain_title: str
    factors: Factors
    remarks: tuple[Text, ...]


def propose(
    project: Project, address: str, file: Path, stated: Stated, *, source: str = "", sheet: str = "", domain_title: str = ""
) -> Proposal:
    """Propose a table from a file.

    Args:
        project: a checkout of this package, or a project.
        address: the table that it is to be.
        file: a CSV file or workbook.
        stated: what the user states of it.
        source: id of the document; empty for the file's name.
        sheet: of a workbook; empty for the only one.
        domain_title: of a new domain in Chinese; empty for the title of the table.

    Raises:
        ProjectError: it holds no table that can be read, or something of that name is there.
    """
    paths = TablePaths(project.root, address)
    _refuse_address(paths, project.catalogue)
    named = source or _source_of(file, address)
    _refuse_source(project, named, is_stated=bool(source))
    found = layout(read_input_table(file, project.catalogue, sheet), paths.table, stated)
    searched = search(found)
    shown = examples(found, searched.rules)
    kept = tuple(rule for rule in searched.rules if rule not in shown.without)
    remarks = [*found.remarks, *_remarks(found), *searched.remarks]
    for rule in shown.without:
        en = f"not proposed, for nothing breaks it that does not break another: {rule.zh}"
        remarks.append(Text(en, f"未提出：{rule.zh}；可由其他规则推出"))
    if shown.without:
        shown = examples(found, kept)
    dry_run = DryRun.of(found, found.rows(named))
    standing = standing_rules(dry_run)
    title, told = domain_title or found.title, (*remarks, *standing.remarks)
    return Proposal(paths, named, found, kept, shown, dry_run, title, standing.factors, told)


def _refuse_address(paths: TablePaths, catalogue: Catalogue) -> None:
    """Refuse an address that is malformed, taken or reserved."""
    known = {*IS_REGISTER, *catalogue.addresses, *catalogue.register_addresses}
    address, domain, table = paths.address, paths.domain, paths.table
    if not _ADDRESS.fullmatch(address):
        raise ProjectError(
            f"{address!r} is no address such as fairs.complaints: DOMAIN.TABLE in small letters, digits and _.",
            f"“{address}”不是地址，应如 fairs.complaints，即 领域.表，由小写字母、数字和 _ 组成。",
        )
    if address in known:
        raise ProjectError(
            f"{address} is in the catalogue already. Choose another name; nothing is overwritten.",
            f"目录中已有 {address}，不予覆盖。请改用其他名称。",
        )
    is_of_months = address.endswith("_monthly") and address.removesuffix("_monthly") in known
    if is_of_months or {domain, table} & {*keyword.kwlist} or domain in TAKEN or table in _OF_TRANSFORMS:
        raise ProjectError(
            f"{address} would be named as something else is already. Choose another name.",
            f"{address} 与已有名称冲突。请改用其他名称。",
        )
    if hasattr(models, class_name(address)):
        raise ProjectError(
            f"No table is called {table!r}: {class_name(address)} is a word of models. Choose another name.",
            f"表不能命名为“{table}”：{class_name(address)} 是模型的保留名称。请改用其他名称。",
        )
    if not any(each.startswith(f"{domain}.") for each in known) and (paths.schema.exists() or find_spec(f"schemas.{domain}")):
        raise ProjectError(
            f"{paths.schema} is there, and is no domain of the catalogue. Choose another name.",
            f"{paths.schema} 已存在，但不是目录中的领域。请改用其他名称。",
        )
    for path in (paths.raw, paths.examples):
        if path.exists():
            raise ProjectError(there_already(path))


def _source_of(file: Path, address: str) -> str:
    stem = file.stem.casefold().replace("_", "-").replace(" ", "-")
    return stem if _SOURCE.fullmatch(stem) else address.replace(".", "-").replace("_", "-")


def _refuse_source(project: Project, source: str, *, is_stated: bool) -> None:
    if not _SOURCE.fullmatch(source):
        raise ProjectError(
            f"{source!r} is no id of a document: small letters, digits and hyphens.",
            f"“{source}”不能用作文件标识，应由小写字母、数字和连字符组成。",
        )
    if source in project.sources or project.ledger(source).exists():
        there = Text(f"A document {source} is in raw/sources.csv already.", f"raw/sources.csv 中已有文件 {source}。")
        step = Text(" State one with --source ID.", "请用 --source 标识 另行命名。")
        raise ProjectError(there + (Text(" State another.", "请另行命名。") if is_stated else step))


def _remarks(found: TableLayout) -> Iterator[Text]:
    """Yield the names and units to check, and the sums that are not proposed."""
    unknown = [each.zh for each in found.figures if not each.is_named]
    unknown += [code.zh for each in found.categories for code in each.added if re.fullmatch("code_[0-9]+", code.code)]
    unknown += [each.zh for each in found.categories if re.fullmatch("category_[0-9]+", each.name)]
    if unknown:
        options = " ".join(f"--name '{zh}=…'" for zh in unknown)
        en = f"has no English name, and a placeholder until it has one: {', '.join(unknown)}. Name them: {options}"
        yield Text(en, f"没有对应的英文名，暂用占位名：{'、'.join(unknown)}。请命名：{options}")
    yield from (each.remark for each in found.figures if each.remark)
    for each in found.categories:
        if each.has_total and not each.is_whole:
            en = f"no sum over {each.zh} is proposed: the code list {each.codes} has codes that the table lacks"
            yield Text(en, f"未就{each.zh}提出合计规则：代码表 {each.codes} 中有本表未列的代码")
