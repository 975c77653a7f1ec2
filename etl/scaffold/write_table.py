"""The files of a proposed table: all of them are written, or none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from etl.catalogue import IS_REGISTER
from etl.catalogue_file import CATALOGUE_FILE
from etl.declarations import class_name
from etl.documents.reconcile_text import LEDGER_COLUMNS, LEFT_OUT_COLUMNS, TAKEN_COLUMNS
from etl.errors import ProjectError, cannot_be_read, not_utf_8, there_already
from etl.files import csv_text, refuse_outside, replace_text
from etl.project import EXAMPLES, EXPECTED, GIVEN, SOURCE_COLUMNS, Project
from etl.scaffold.codegen import added_to, model_text, new_module, title_in_english, title_text
from etl.scaffold.labels import CategoryColumn
from etl.scaffold.layout import TableLayout
from etl.scaffold.titles import without_multiplier
from etl.tables.parse import IS_MARK
from schemas.project_code_lists import COLUMNS as CODE_COLUMNS
from schemas.vintages import ROW

if TYPE_CHECKING:
    from etl.scaffold.propose import Proposal

_OPENS_THE_CATALOGUE, _CLOSES_THE_CATALOGUE = "CATALOGUE: tuple[str, ...] = (", ")"
SECTION = "0"


class TablePaths:
    """Where the files of a table go, in a checkout of this package or a project."""

    def __init__(self, root: Path, address: str) -> None:
        self.root, self.address = root, address
        self.domain, _, self.table = address.partition(".")
        package = root / "etl"
        self.is_checkout = (package / "catalogue.py").is_file() and (root / "schemas" / "models.py").is_file()
        self.schema = root / "schemas" / f"{self.domain}.py"
        self.catalogue = package / "catalogue.py" if self.is_checkout else root / CATALOGUE_FILE
        self.codes = root / "schemas" / "codes"
        self.raw = root / "raw" / self.domain / f"{self.table}.csv"
        self.examples = root.joinpath(*EXAMPLES, self.domain, self.table)


@dataclass(frozen=True, slots=True)
class File:
    """A file to write: path, text, and the text that it extends (None: new)."""

    path: Path
    text: str
    before: str | None = None

    @property
    def is_there(self) -> bool:
        """Whether it exists and is extended."""
        return self.before is not None


def files(proposal: Proposal) -> list[File]:
    """List the files of a proposed table with their texts.

    Raises:
        ProjectError: one to extend cannot be read, or one to create exists.
    """
    paths = proposal.paths
    found = [
        _model(proposal),
        *(_code_list(paths, each) for each in proposal.layout.categories if each.added),
        *_raw(proposal, Project(paths.root)),
        File(paths.examples / GIVEN, csv_text(proposal.examples.given)),
        File(paths.examples / EXPECTED, csv_text(proposal.examples.expected)),
        _catalogue(paths),
    ]
    for each in found:
        refuse_outside(each.path, paths.root)
        if each.path.exists() and not each.is_there:
            raise ProjectError(there_already(each.path))
    return found


def write(found: Sequence[File]) -> None:
    """Write all files, or none: on a failure, restore what was there.

    Files that exist are extended last, and of them the catalogue last, so that it lists nothing that is missing.
    """
    written: list[File] = []
    folders: list[Path] = []
    try:
        for each in sorted(found, key=lambda one: one.is_there):
            folders += [folder for folder in each.path.parents if not folder.exists()]
            written.append(each)
            replace_text(each.path, each.text)
    except BaseException:
        for each in reversed(written):
            with suppress(OSError):  # of the file that could not be written; the others are put back all the same
                if each.before is None:
                    each.path.unlink(missing_ok=True)
                else:
                    replace_text(each.path, each.before)
        for folder in sorted(set(folders), key=lambda path: -len(path.parts)):
            if folder.is_dir():
                folder.rmdir()
        raise


def _model(proposal: Proposal) -> File:
    """Add the model to the module of its domain, or start that module.

    A module that a project starts for a domain of the package has no titles, for the package states them.
    """
    paths, path = proposal.paths, proposal.paths.schema
    model = model_text(paths.address, proposal.layout, proposal.rules, proposal.factors)
    if path.exists():
        text = _text(path)
        if f"\nclass {class_name(paths.address)}(" in text:
            raise ProjectError(
                f"{path} has a class of that name already. Choose another name.", f"{path} 已有同名的类。请改用其他名称。"
            )
        return File(path, added_to(text, model, str(path)), text)
    domain = title_in_english(paths.domain)
    is_of_package = any(each.startswith(f"{paths.domain}.") for each in IS_REGISTER)
    titles = "" if is_of_package else f"{title_text(proposal.domain_title, domain)}\n\n"
    return File(path, new_module(f"{domain}: {paths.table.replace('_', ' ')}.", titles, model))


def _catalogue(paths: TablePaths) -> File:
    path = paths.catalogue
    if not paths.is_checkout:
        before = _text(path) if path.exists() else None
        return File(path, f"{(before or '').rstrip()}\n{paths.address}\n".lstrip(), before)
    lines = (before := _text(path)).split("\n")
    start = next((at for at, line in enumerate(lines) if line == _OPENS_THE_CATALOGUE), None)
    if start is None:
        raise ProjectError(
            f"{path} has no line {_OPENS_THE_CATALOGUE!r}, below which addresses stand.",
            f"{path} 没有“{_OPENS_THE_CATALOGUE}”一行，其下应列出地址。",
        )
    end = lines.index(_CLOSES_THE_CATALOGUE, start)
    of_domain = [at for at in range(start, end) if lines[at].strip().startswith(f'"{paths.domain}.')]
    at = of_domain[-1] + 1 if of_domain else end
    return File(path, "\n".join([*lines[:at], f'    "{paths.address}",', *lines[at:]]), before)


def _code_list(paths: TablePaths, category: CategoryColumn) -> File:
    codes = [(code.code, code.zh, code.en, "|".join(code.aliases)) for code in category.added]
    return File(paths.codes / f"{category.codes}.csv", csv_text([CODE_COLUMNS, *codes]))


def _raw(proposal: Proposal, project: Project) -> Iterator[File]:
    """Write the raw table, its document, and the ledger with all its figures."""
    layout, source = proposal.layout, proposal.source
    rows = layout.rows(source)
    yield File(proposal.paths.raw, csv_text([list(rows[0]), *([cell or "" for cell in row.values()] for row in rows)]))
    listed = project.root / "raw" / "sources.csv"
    document = {"source": source, "title": layout.document, "area": _area(layout), "period": max(layout.periods)}
    line = csv_text([[(document | {"kind": "compilation"}).get(name, "") for name in SOURCE_COLUMNS]])
    before = _text(listed)
    yield File(listed, before.rstrip("\n") + "\n" + line, before)
    ledger, taken, left_out = [list(LEDGER_COLUMNS)], [list(TAKEN_COLUMNS)], [list(LEFT_OUT_COLUMNS)]
    parsed, units = proposal.dry_run.parsed, {each.name: each.unit for each in layout.figures}
    cells = parsed.cells.filter(~IS_MARK).select(ROW, "column", "published", "hedge").sort(ROW, maintain_order=True)
    for ordinal, (row, column, published, hedge) in enumerate(cells.iter_rows(), start=1):
        ledger.append([SECTION, str(ordinal), "", published, without_multiplier(units[column]), hedge or ""])
        taken.append([SECTION, str(ordinal), proposal.paths.address, parsed.keys[row], column])
    for ordinal, (published, reason) in enumerate(layout.left_out, start=len(ledger)):
        ledger.append([SECTION, str(ordinal), "", published, "", ""])
        left_out.append([SECTION, str(ordinal), "", published, reason])
    yield File(project.ledger(source), csv_text(ledger))
    yield File(project.taken(source), csv_text(taken))
    if layout.left_out:
        yield File(project.left_out(source), csv_text(left_out))


def _area(layout: TableLayout) -> str:
    """Return the one area of a document, or the one that encloses all; else blank."""
    parents = layout.catalogue.parents
    outer = [area for area in dict.fromkeys(layout.areas) if parents.get(area) not in layout.areas]
    around = {parents.get(area) for area in outer}
    return outer[0] if len(outer) == 1 else (around.pop() or "") if len(around) == 1 else ""


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ProjectError(cannot_be_read(path, error)) from None
    except UnicodeDecodeError as error:
        raise ProjectError(not_utf_8(path, error)) from None
