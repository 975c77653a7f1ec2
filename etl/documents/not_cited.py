"""Say what `etl cite` cannot link, and why: figures without a document or a ledger, and ledgers of no document."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from etl.documents.citations import cells_by_source
from etl.documents.reconcile_text import is_placed
from etl.nearest_name import suggestion
from etl.project import Project
from etl.raw_files.find import is_left_out
from etl.source_list import LEDGERS, SOURCES
from etl.tables.parse import ParsedTable
from schemas.texts import Text


def not_cited(project: Project, tables: Mapping[str, ParsedTable]) -> Iterator[Text]:
    """Yield what is left out of the links, and that there is nothing to link."""
    cells = cells_by_source(tables.values())
    with_ledger = [source for source in project.sources if os.path.lexists(project.ledger(source))]
    for source in project.sources:
        if source in cells and source not in with_ledger:
            number, ledger = len(cells[source]), f"raw/sources/{source}.csv"
            en = f"{source}: {number} figures are not linked, for there is no ledger {ledger}"
            yield Text(
                f"{en}; make it with `etl extract DOCUMENT -o {ledger}`",
                f"{source}：没有台账 {ledger}，{number} 个数字未对应；请用 etl extract 生成",
            )
    for table in tables.values():
        if not is_placed(table):
            en = f"{table.raw.file}: its figures are not linked, for it lacks the column source or section"
            yield Text(en, f"{table.raw.file}：缺少 source 或 section 列，其数字未对应")
        elif number := table.cells.get_column("source").null_count():
            en = f"{table.raw.file}: {number} figures are not linked, for their rows name no document of raw/{SOURCES}"
            yield Text(en, f"{table.raw.file}：{number} 个数字所在行未注明 raw/{SOURCES} 中的来源，未对应")
    for path, message in unlisted_ledgers(project):
        yield Text(f"{project.relative(path)}: {message.en}", f"{project.relative(path)}：{message.zh}")
    if not with_ledger:
        yield Text(
            "nothing to link: no document of raw/sources.csv has a ledger", "没有可对应的内容：raw/sources.csv 中的文件均无台账"
        )
    elif not any(cells.values()):
        yield Text("nothing to link: no figure of raw/ names a document", "没有可对应的内容：raw/ 中没有注明来源的数字")


def unlisted_ledgers(project: Project) -> Iterator[tuple[Path, Text]]:
    """Yield what is named as a ledger in `raw/sources`, and is that of no document."""
    folder, known = project.root / "raw" / "sources", project.sources
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        stem, ending = os.path.splitext(path.name)  # noqa: PTH122  as a link to nowhere has them too
        if is_left_out(path.name):
            continue
        if path.is_dir() and any(each.suffix.casefold() == ".csv" for each in path.iterdir()):
            yield (
                path,
                Text("is a folder, so the ledgers in it are not read; put them into raw/sources", "是文件夹，其中的台账未予读取"),
            )
        if path.is_dir() or (ending.casefold() != ".csv" and ".csv" not in stem.casefold()):
            continue
        of_document = stem in known or (stem.rpartition(".")[0] in known and stem.rpartition(".")[2] in LEDGERS)
        if ending != ".csv":
            yield path, Text("does not end in .csv, so it is not read", "扩展名不是 .csv，未予读取")
        elif not of_document:
            source = stem.rpartition(".")[0] if stem.rpartition(".")[2] in LEDGERS else stem
            near = suggestion(source, known)
            en = f"raw/{SOURCES} lists no document {source!r}, so it is not read.{near.en}"
            yield path, Text(en, f"raw/{SOURCES} 未登记文件“{source}”，该文件无人读取。{near.zh}")
