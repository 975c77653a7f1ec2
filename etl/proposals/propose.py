"""A file that an office hands in, as the files of a table: what `etl new` proposes, before anything is written."""

from __future__ import annotations

import keyword
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from etl.catalogue import addresses, domains, register_addresses
from etl.catalogue_file import TAKEN
from etl.errors import ProjectError
from etl.findings import Text
from etl.project import Project
from etl.proposals.candidates import Candidate
from etl.proposals.examples import Examples, examples
from etl.proposals.handed_in import read_handed_in
from etl.proposals.labels import ALL
from etl.proposals.layout import Stated, TableLayout, layout
from etl.proposals.places import Places, places
from etl.proposals.search import search
from etl.proposals.source_text import class_name
from etl.proposals.trial import Trial, row_of
from schemas import vocabulary
from schemas.code_lists import CODES

_ADDRESS = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_OF_TRANSFORMS = frozenset({"mart", "measure", "pl", "term", "rows"})
"""What no function of a transform is called: modules of transforms mean something else by it."""
_SOURCE = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True)
class Proposal:
    """What is proposed of a file.

    Attributes:
        address: of the table.
        source: id of the document that the file is.
        places: where its files go.
        layout: its key and its figures.
        rules: the rules that hold on it.
        examples: rows that keep and break them.
        trial: its rows, read.
        domain_title: of its domain in Chinese, where that is new.
        remarks: what a person should look at.
    """

    address: str
    source: str
    places: Places
    layout: TableLayout
    rules: tuple[Candidate, ...]
    examples: Examples
    trial: Trial
    domain_title: str
    remarks: tuple[Text, ...]

    @property
    def table(self) -> str:
        """The name of the table."""
        return self.address.partition(".")[2]

    @property
    def domain(self) -> str:
        """The name of its domain."""
        return self.address.partition(".")[0]


def propose(
    root: Path, address: str, file: Path, stated: Stated, *, source: str = "", sheet: str = "", domain_title: str = ""
) -> Proposal:
    """Give what is proposed of a file.

    Args:
        root: the folder of a checkout of this package, or of a project.
        address: the table that it is to be.
        file: a CSV file or workbook.
        stated: what is stated of it beside.
        source: id of the document; empty for the file's name.
        sheet: of a workbook; empty for the only one.
        domain_title: of a new domain in Chinese; empty for the title of the table.

    Raises:
        ProjectError: it holds no table that can be told, or something of that name is there.
    """
    project, where = Project(root), places(root, address)
    _refuse_address(address, where)
    named = source or _source_of(file, address)
    _refuse_source(project, named, is_stated=bool(source))
    found = layout(read_handed_in(file, sheet), where.raw.stem, stated, lambda name: _is_listed(where, name))
    searched = search(found)
    shown = examples(found, searched.rules)
    kept = tuple(rule for rule in searched.rules if rule not in shown.without)
    if shown.without:
        shown = examples(found, kept)
    trial = Trial(found, [row_of(found, number, named) for number in range(found.height)])
    remarks = (
        *found.remarks,
        *_to_be_named(found),
        *_guessed(found),
        *_of_a_longer_list(found),
        *searched.remarks,
        *_unshown(searched.rules, kept),
    )
    return Proposal(address, named, where, found, kept, shown, trial, domain_title or found.title, remarks)


def _refuse_address(address: str, where: Places) -> None:
    """Refuse a name that something else has."""
    if not _ADDRESS.fullmatch(address):
        raise ProjectError(f"{address!r} is no address such as fairs.complaints: DOMAIN.TABLE in small letters, digits and _.")
    domain, _, table = address.partition(".")
    if address in (*addresses(), *register_addresses()):
        raise ProjectError(f"{address} is in the catalogue already. Choose another name; nothing is overwritten.")
    if domain in TAKEN or keyword.iskeyword(domain) or keyword.iskeyword(table) or table in _OF_TRANSFORMS:
        raise ProjectError(f"{address} would be named as something else is already. Choose another name.")
    if hasattr(vocabulary, class_name(table)):
        raise ProjectError(f"No table is called {table!r}: {class_name(table)} is a word of models. Choose another name.")
    if domain not in domains() and (where.schema.exists() or (CODES.parent / f"{domain}.py").exists()):
        raise ProjectError(f"{where.schema} is there, and is no domain of the catalogue. Choose another name.")
    if not where.is_checkout and domain in domains() and not where.schema.exists():
        raise ProjectError(
            f"{domain} is a domain of the package, which a project does not add to. Choose another, such as local."
        )
    for path in (where.raw, where.examples):
        if path.exists():
            raise ProjectError(f"{path} is there already; nothing is overwritten. Move it away, or choose another name.")


def _source_of(file: Path, address: str) -> str:
    stem = file.stem.casefold().replace("_", "-").replace(" ", "-")
    return stem if _SOURCE.fullmatch(stem) else address.replace(".", "-").replace("_", "-")


def _refuse_source(project: Project, source: str, *, is_stated: bool) -> None:
    if not _SOURCE.fullmatch(source):
        raise ProjectError(f"{source!r} is no id of a document: small letters, digits and hyphens.")
    if source in project.sources or project.ledger(source).exists():
        hint = "State another" if is_stated else "State one with --source ID"
        raise ProjectError(f"A document {source} is in raw/sources.csv already. {hint}.")


def _is_listed(where: Places, name: str) -> bool:
    return any((folder / f"{name}.csv").exists() for folder in (CODES, where.codes))


def _to_be_named(found: TableLayout) -> list[Text]:
    unknown = [each.zh for each in found.figures if not each.is_named]
    unknown += [code.zh for each in found.categories for code in each.added if re.fullmatch("code_[0-9]+", code.code)]
    unknown += [each.zh for each in found.categories if re.fullmatch("category_[0-9]+", each.name)]
    if not unknown:
        return []
    said = " ".join(f"--name '{zh}=…'" for zh in unknown)
    en = f"has no English name, and a placeholder until it has one: {', '.join(unknown)}. Name them: {said}"
    return [Text(en, f"没有对应的英文名，暂用占位名：{'、'.join(unknown)}。请命名：{said}")]


def _of_a_longer_list(found: TableLayout) -> list[Text]:
    """Tell of the totals of which no sum is proposed, because a code that is not in the table may be part of them."""
    return [
        Text(
            f"no sum over {each.zh} is proposed: the code list {each.codes} has codes that the table lacks",
            f"未就{each.zh}提出合计规则：代码表 {each.codes} 中有本表未列的代码",
        )
        for each in found.categories
        if ALL in each.cells and not each.is_whole
    ]


def _guessed(found: TableLayout) -> list[Text]:
    return [
        Text(f"{each.zh}: {each.remark.en}", f"{each.zh}：{each.remark.zh}") for each in found.figures if each.remark is not None
    ]


def _unshown(rules: Sequence[Candidate], kept: Sequence[Candidate]) -> list[Text]:
    return [
        Text(
            f"not proposed, for nothing breaks it that does not break another: {rule.zh}",
            f"未提出：{rule.zh}；可由其他规则推出",
        )
        for rule in rules
        if rule not in kept
    ]
