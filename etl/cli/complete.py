"""What a shell completes of options and arguments: tables, columns, domains, rules, sources, areas and loads.

It must be quick, so that nothing here imports a data frame library: columns are those of a raw file's header, and the rules of
the package stand in `rule_names.txt`, which a test holds to the rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from etl.errors import ProjectError

if TYPE_CHECKING:
    from etl.catalogue import Catalogue

Named = Iterable[tuple[str, str]]
Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def _completing(find: Callable[[Path], Named], *, files: bool = False, joined: bool = False) -> Complete:
    """Return what completes a value from names of a project, each with a word of help.

    Args:
        find: finds them in the folder of the project.
        files: whether the value may be a path, too.
        joined: whether commas join several names.
    """

    def complete(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
        before, comma, begun = incomplete.rpartition(",") if joined else ("", "", incomplete)
        try:
            named = dict(find(Path(context.params.get("root") or ".")))
        except (ProjectError, OSError, ValueError):
            named = {}
        found = [CompletionItem(before + comma + name, help=help) for name, help in named.items() if name.startswith(begun)]
        return [*found, *([CompletionItem(incomplete, type="file")] if files else [])]

    return complete


def _catalogue(root: Path) -> Catalogue:
    """Return what a project declares; what the package does where its declarations cannot be read."""
    from etl.catalogue import PACKAGE, Catalogue

    try:
        return Catalogue.of(root.resolve())
    except ProjectError:
        return PACKAGE


def _domains(root: Path) -> Named:
    return ((domain, "") for domain in _catalogue(root).domains)


def _tables(root: Path) -> Iterator[tuple[str, str]]:
    catalogue = _catalogue(root)
    yield from ((address, "") for address in (*catalogue.addresses, *catalogue.register_addresses))


def _registers(root: Path) -> Named:
    return ((address, "") for address in _catalogue(root).register_addresses)


def _tables_and_domains(root: Path) -> Iterator[tuple[str, str]]:
    yield from _domains(root)
    yield from _tables(root)


def _tables_and_columns(root: Path) -> Iterator[tuple[str, str]]:
    for address, _ in _tables(root):
        yield address, ""
        file = root / "raw" / f"{address.replace('.', '/')}.csv"
        if file.is_file():
            with file.open(encoding="utf-8-sig", errors="replace") as lines:
                yield from ((f"{address}.{column.strip()}", "") for column in lines.readline(10_000).split(","))


def _rules(_: Path) -> Named:
    return ((name, "") for name in rule_names())


def rule_names() -> list[str]:
    """Return the names of the rules of the package."""
    return Path(__file__).with_name("rule_names.txt").read_text(encoding="utf-8").split()


def _sources(root: Path) -> Iterator[tuple[str, str]]:
    import csv

    with (root / "raw" / "sources.csv").open(encoding="utf-8-sig", newline="") as lines:
        yield from ((row.get("source") or "", row.get("title") or "") for row in csv.DictReader(lines))


def _areas(root: Path) -> Named:
    return ((area.code, area.zh) for area in _catalogue(root).codes("areas"))


def _loads(root: Path) -> Named:
    from etl.publishing.versions import versions

    return ((version.load, "") for version in versions(root / "warehouse" / "ip.duckdb"))


domains, tables, registers = _completing(_domains), _completing(_tables), _completing(_registers)
tables_and_domains = _completing(_tables_and_domains)
tables_and_columns = _completing(_tables_and_columns)
parts = _completing(_tables_and_domains, files=True)
rules, one_rule = _completing(_rules, joined=True), _completing(_rules)
sources, areas, loads = _completing(_sources), _completing(_areas), _completing(_loads)
