"""The files of a proposed table: all of them are written, or none."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from etl.documents.balance import LEDGER_COLUMNS, LEFT_OUT_COLUMNS, TAKEN_COLUMNS
from etl.errors import ProjectError
from etl.files import replace_text
from etl.project import SOURCE_COLUMNS, Project
from etl.scaffold.codegen import TRANSFORM_IMPORTS, model_imports, model_text, title_in_english, title_text, transform_text
from etl.scaffold.dry_run import row_of
from etl.scaffold.labels import CategoryColumn
from etl.scaffold.propose import Proposal
from etl.scaffold.python_files import added_to, new_file
from etl.tables.parse import ROW
from schemas.code_lists import codes

_CLOSES_THE_CATALOGUE = ")"
_OPENS_THE_CATALOGUE = "CATALOGUE: tuple[str, ...] = ("


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is to be: where, its text, and whether it is there and is added to."""

    path: Path
    text: str
    is_there: bool = False


def files(proposal: Proposal) -> list[File]:
    """Give the files of a proposed table, as they are to be.

    Raises:
        ProjectError: one to be added to cannot be read, or one to be made is there.
    """
    project = Project(proposal.places.root)
    where = proposal.places
    found = [*_python(proposal), *(_codes(where.codes, each) for each in proposal.layout.categories if each.added)]
    found += [
        *_raw(proposal, project),
        File(where.examples / "given.csv", _csv(proposal.examples.given)),
        File(where.examples / "expected.csv", _csv(proposal.examples.expected)),
        _catalogue(proposal),
    ]
    for each in found:
        if each.path.exists() and not each.is_there:
            raise ProjectError(f"{each.path} is there already; nothing is overwritten. Move it away, or choose another name.")
    return found


def write(found: Sequence[File]) -> None:
    """Write all files; if one cannot be written, or this is interrupted, none is there and none is changed.

    What is added to comes last, and of that the catalogue: whatever is listed is there.
    """
    before: list[tuple[Path, str | None]] = []
    folders: list[Path] = []
    try:
        for each in sorted(found, key=lambda one: one.is_there):
            folders += [folder for folder in each.path.parents if not folder.exists()]
            before.append((each.path, each.path.read_text(encoding="utf-8") if each.is_there else None))
            replace_text(each.path, each.text)
    except BaseException:
        for path, text in reversed(before):
            with suppress(OSError):  # of the file that could not be written; the others are put back all the same
                if text is None:
                    path.unlink(missing_ok=True)
                else:
                    replace_text(path, text)
        for folder in sorted(set(folders), key=lambda path: -len(path.parts)):
            if folder.is_dir():
                folder.rmdir()
        raise


def _python(proposal: Proposal) -> Iterator[File]:
    where, layout, rules = proposal.places, proposal.layout, proposal.rules
    model, imports = model_text(proposal.table, layout, rules), model_imports(layout, rules)
    transform = transform_text(proposal.table, layout)
    domain, table = title_in_english(proposal.domain), proposal.table.replace("_", " ")
    if where.schema.exists():
        text = _text(where.schema)
        if f"\nclass {model.partition('(')[0].removeprefix('class ')}(" in text:
            raise ProjectError(f"{where.schema} has a class of that name already. Choose another name.")
        yield File(where.schema, added_to(text, imports, model, str(where.schema)), True)
        yield File(where.transform, added_to(_text(where.transform), TRANSFORM_IMPORTS, transform, str(where.transform)), True)
    else:
        title = title_text(proposal.domain_title, domain) + "\n\n\n"
        yield File(where.schema, new_file(f"{domain}: {table}.", imports, title, model))
        yield File(where.transform, new_file(f"{domain}: marts of {table}.", TRANSFORM_IMPORTS, "\n", transform))


def _catalogue(proposal: Proposal) -> File:
    path = proposal.places.catalogue
    if not proposal.places.is_checkout:
        before = _text(path) if path.exists() else ""
        return File(path, f"{before.rstrip()}\n{proposal.address}\n".lstrip(), path.exists())
    lines = _text(path).split("\n")
    start = next((at for at, line in enumerate(lines) if line == _OPENS_THE_CATALOGUE), None)
    if start is None:
        raise ProjectError(f"{path} has no line {_OPENS_THE_CATALOGUE!r}, below which addresses stand.")
    end = lines.index(_CLOSES_THE_CATALOGUE, start)
    of_domain = [at for at in range(start, end) if lines[at].strip().startswith(f'"{proposal.domain}.')]
    at = of_domain[-1] + 1 if of_domain else end
    return File(path, "\n".join([*lines[:at], f'    "{proposal.address}",', *lines[at:]]), True)


def _codes(folder: Path, category: CategoryColumn) -> File:
    rows = [[code.code, code.zh, code.en, "|".join(code.aliases)] for code in category.added]
    return File(folder / f"{category.codes}.csv", _csv([["code", "zh", "en", "aliases"], *rows]))


def _raw(proposal: Proposal, project: Project) -> Iterator[File]:
    """Give the raw table, its line of the documents, and the ledger that it takes every figure of."""
    layout, source = proposal.layout, proposal.source
    rows = [row_of(layout, number, source) for number in range(layout.height)]
    yield File(proposal.places.raw, _csv([list(rows[0]), *([cell or "" for cell in row.values()] for row in rows)]))
    listed = project.root / "raw" / "sources.csv"
    line = _csv([[_of_document(proposal).get(name, "") for name in SOURCE_COLUMNS]])
    yield File(listed, _text(listed).rstrip("\n") + "\n" + line, True)
    ledger, taken = [list(LEDGER_COLUMNS)], [list(TAKEN_COLUMNS)]
    keys, units = proposal.trial.parsed.keys, {each.name: each.unit for each in layout.figures}
    cells = proposal.trial.parsed.cells.select(ROW, "column", "published", "hedge").sort(ROW, maintain_order=True)
    for ordinal, (row, column, published, hedge) in enumerate(cells.iter_rows(), start=1):
        ledger.append(["0", str(ordinal), "", published, units[column].lstrip("十百千万亿"), hedge or ""])
        taken.append(["0", str(ordinal), proposal.address, keys[row], column])
    left_out = [list(LEFT_OUT_COLUMNS)]
    for ordinal, (published, reason) in enumerate(layout.left_out, start=len(ledger)):
        ledger.append(["0", str(ordinal), "", published, "", ""])
        left_out.append(["0", str(ordinal), "", published, reason])
    yield File(project.ledger(source), _csv(ledger))
    yield File(project.taken(source), _csv(taken))
    if layout.left_out:
        yield File(project.left_out(source), _csv(left_out))


def _of_document(proposal: Proposal) -> dict[str, str]:
    layout = proposal.layout
    parents = {code.code: code.parent for code in codes("areas")}
    outer = [area for area in dict.fromkeys(layout.areas) if parents.get(area) not in layout.areas]
    area = outer[0] if len(outer) == 1 else _around(outer, parents)
    return {
        "source": proposal.source,
        "title": layout.document,
        "area": area,
        "period": max(layout.periods),
        "kind": "compilation",
    }


def _around(areas: Sequence[str], parents: dict[str, str]) -> str:
    """Give the area that encloses all of these; blank where no one does."""
    within = {parents.get(area, "") for area in areas}
    return within.pop() if len(within) == 1 else ""


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ProjectError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise ProjectError(f"{path} is not UTF-8 (byte {error.start}). Save it as UTF-8.") from None


def _csv(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
